//! The access rules: Meuse's roles, tokens and owners.
//!
//! The checks run in the same order as in the product, because the order determines the rule of a denial. The order is:
//! first the route, then the token, then the role and the account, then the ownership.

use crate::document::value::Value;
use crate::system::Ruling;
use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::NameId;
use crate::tables::word::Word;

use super::model::Records;
use super::resource::resource_name;
use super::vocabulary::{Action, Level, Meuse, Rule};

/// A user with its role, its name and the crates that it owns.
#[derive(Debug)]
pub struct Subject {
    status: Status,
    owns: Table<0>,
}

/// The status of the caller's account.
#[derive(Clone, Copy, Debug)]
enum Status {
    NotSignedIn,
    Unknown,
    Inactive,
    Active(Account),
}

/// An active user.
#[derive(Clone, Copy, Debug)]
struct Account {
    name: NameId,
    role: Level,
}

/// The subject of this user; `None` is a client that did not sign in. An unknown or inactive user owns no crates, even
/// if the records list the name as an owner.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let nothing = |status| Subject { status, owns: Table::default() };
    let Some(id) = id else { return nothing(Status::NotSignedIn) };
    let Some(user) = records.find_user(id) else { return nothing(Status::Unknown) };
    // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-user`: the flag is checked at every request.
    if !user.active {
        return nothing(Status::Inactive);
    }
    Subject {
        status: Status::Active(Account { name: user.name, role: user.role }),
        owns: Table::new(&records.names, &user.owns),
    }
}

impl Subject {
    /// Writes the subject's account and crates into the digest.
    pub(super) fn digest(&self, records: &Records, digest: &mut Digest) {
        match self.status {
            Status::NotSignedIn => digest.number(0),
            Status::Unknown => digest.number(1),
            Status::Inactive => digest.number(2),
            Status::Active(account) => {
                digest.number(3);
                digest.text(records.names.text(account.name));
                digest.text(account.role.word());
                digest.pairs(&self.owns.sorted(&records.names));
            }
        }
    }
}

/// Decides whether the subject can execute the action on the resource.
#[inline]
pub(super) fn decide(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    attributes: &Value,
) -> Ruling<Meuse> {
    let Some(name) = resource_name(action, resource) else { return Ruling::deny(Rule::NoMatch) };
    let is_own = |account: Account| records.names.text(account.name) == name;
    match action {
        // Source: mcorbin/meuse, src/meuse/api/crate/http.clj and src/meuse/api/mirror/http.clj, `skip-auth`: these
        // requests do not read the token, so a token of an inactive or deleted user does not matter.
        Action::CrateSearch | Action::CrateDownload | Action::MirrorDownload => Ruling::allow(Rule::Public),
        Action::TokenCreate => match subject.status {
            Status::NotSignedIn => decide_token_by_password(records, name),
            // Source: "User and role", "Roles": an admin can do anything except creating tokens for another user. The
            // product's request does not read a token and accepts the user's password from any client. For a signed-in
            // subject we follow the page.
            Status::Unknown | Status::Inactive | Status::Active(_) => require_signed_in(subject, |account| {
                if is_own(account) {
                    Ruling::allow(Rule::OwnToken)
                } else {
                    Ruling::deny(Rule::TokenForAnother)
                }
            }),
        },
        // Source: "User and role", "Create a new user", "List users", "Delete an user": allowed users: `admin`. An
        // admin can delete the last admin, and their own account.
        Action::UserCreate | Action::UserList | Action::UserDelete => require_signed_in(subject, require_admin),
        // Source: mcorbin/meuse, src/meuse/api/meuse/category.clj, `check-admin`.
        Action::CategoryCreate | Action::CategoryUpdate => require_signed_in(subject, require_admin),
        Action::UserUpdate => {
            require_signed_in(subject, |account| decide_user_update(account, is_own(account), attributes))
        }
        Action::TokenList => require_signed_in(subject, |account| decide_token_list(account, name, attributes)),
        // Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `delete-token`: the user and admins.
        Action::TokenDelete => require_signed_in(subject, |account| {
            if is_own(account) {
                Ruling::allow(Rule::OwnToken)
            } else {
                require_admin_or_deny(Rule::TokenOfAnother, account)
            }
        }),
        // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-authenticated`: any of the three roles.
        Action::CategoryList | Action::CrateList | Action::CrateGet | Action::StatisticsRead | Action::OwnerList => {
            require_signed_in(subject, |account| {
                Ruling::allow(Rule::EveryRole).with_levels(account.role, Level::ReadOnly)
            })
        }
        // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-admin-tech`.
        Action::CrateCheck | Action::MirrorCache => require_signed_in(subject, |account| {
            require_tech(account, || Ruling::allow(Rule::TechOrAdmin).with_levels(account.role, Level::Tech))
        }),
        Action::CratePublish => {
            require_signed_in(subject, |account| require_tech(account, || decide_publish(records, subject, name)))
        }
        Action::CrateYank | Action::CrateUnyank | Action::OwnerAdd | Action::OwnerRemove => {
            require_signed_in(subject, |account| decide_crate_change(records, subject, account, name))
        }
    }
}

/// Decides for an active user by `then`; denies for all other subjects.
fn require_signed_in(subject: &Subject, then: impl FnOnce(Account) -> Ruling<Meuse>) -> Ruling<Meuse> {
    match subject.status {
        Status::NotSignedIn => Ruling::deny(Rule::NotSignedIn),
        Status::Unknown => Ruling::deny(Rule::UnknownUser),
        Status::Inactive => Ruling::deny(Rule::Inactive),
        Status::Active(account) => then(account),
    }
}

/// Decides whether a client that is not signed in can create a token: the request verifies the user's password instead.
///
/// Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `create-token`. An inactive user gets no token. A user that is
/// not in the records is assumed to exist.
fn decide_token_by_password(records: &Records, name: &str) -> Ruling<Meuse> {
    match records.find_user(name) {
        Some(user) if !user.active => Ruling::deny(Rule::InactiveAccount),
        Some(_) | None => Ruling::allow(Rule::Password),
    }
}

/// Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `list-tokens`: only admins can send the parameter `user`, even
/// if it is the caller's own name.
fn decide_token_list(account: Account, name: &str, attributes: &Value) -> Ruling<Meuse> {
    if name == "self" && attributes.get("user").is_none() {
        Ruling::allow(Rule::OwnToken)
    } else {
        require_admin_or_deny(Rule::TokensByName, account)
    }
}

/// Source: "User and role", "Update an user": a user can update its own account, and an admin can update every account.
/// Only an admin can set `active` and `role`. The rules are checked in the order of
/// mcorbin/meuse, src/meuse/api/meuse/user.clj, `update-user`.
fn decide_user_update(account: Account, is_own: bool, attributes: &Value) -> Ruling<Meuse> {
    let Some(fields) = AdminFields::from_value(attributes) else { return Ruling::deny(Rule::BadFields) };
    if account.role == Level::Admin {
        return require_admin(account);
    }
    let deny = |rule| Ruling::deny(rule).with_levels(account.role, Level::Admin);
    if fields.role {
        deny(Rule::RoleField)
    } else if fields.active {
        deny(Rule::ActiveField)
    } else if is_own {
        Ruling::allow(Rule::OwnAccount)
    } else {
        deny(Rule::OtherAccount)
    }
}

/// The fields of an update that only admins can set.
struct AdminFields {
    role: bool,
    active: bool,
}

impl AdminFields {
    /// Parses the attributes `{"fields":[...]}`; without `fields`, the request updates the profile. `None` for
    /// attributes of any other form, so that the decision fails closed. Other names in the list are fields that the
    /// product ignores.
    fn from_value(attributes: &Value) -> Option<Self> {
        let mut fields = Self { role: false, active: false };
        let members = match attributes {
            Value::Null => return Some(fields),
            Value::Object(members) => members,
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => return None,
        };
        for (_, value) in members.iter().filter(|(name, _)| name == "fields") {
            let Value::List(names) = value else { return None };
            for name in names {
                match name.text()? {
                    "role" => fields.role = true,
                    "active" => fields.active = true,
                    _ => {}
                }
            }
        }
        Some(fields)
    }
}

/// Decides whether the subject can publish a version.
///
/// Source: mcorbin/meuse, src/meuse/db/actions/crate.clj, `create`: the user who publishes the first version becomes
/// the owner; only owners can publish further versions, and admins are not exempt. Whether the version already exists
/// is not a rule of access: the request checks it before it checks the owners.
fn decide_publish(records: &Records, subject: &Subject, name: &str) -> Ruling<Meuse> {
    if subject.owns.get(&records.names, name).is_some() {
        Ruling::allow(Rule::Owner)
    } else if records.has_crate(name) {
        Ruling::deny(Rule::PublishNotOwner)
    } else {
        Ruling::allow(Rule::NewCrate)
    }
}

/// Decides whether the subject can yank a version, or change the owners of a crate.
///
/// Source: mcorbin/meuse, src/meuse/api/crate/yank.clj and owner.clj, `owned-by?`: it checks first whether the crate
/// exists, then whether the user owns it; an admin skips both checks. Meuse allows a read-only owner to yank and to
/// change owners, because a check is missing. The page calls these users read-only, so we deny a read-only owner.
fn decide_crate_change(records: &Records, subject: &Subject, account: Account, name: &str) -> Ruling<Meuse> {
    if account.role == Level::Admin {
        require_admin(account)
    } else if subject.owns.get(&records.names, name).is_some() {
        match account.role {
            Level::ReadOnly => Ruling::deny(Rule::ReadOnlyOwner).with_levels(account.role, Level::Tech),
            Level::Tech | Level::Admin => Ruling::allow(Rule::Owner),
        }
    } else if records.has_crate(name) {
        Ruling::deny(Rule::NotOwner)
    } else {
        Ruling::deny(Rule::UnknownCrate)
    }
}

fn require_admin(account: Account) -> Ruling<Meuse> {
    require_admin_or_deny(Rule::AdminOnly, account)
}

/// Allows an admin; denies other users by this rule.
fn require_admin_or_deny(rule: Rule, account: Account) -> Ruling<Meuse> {
    match account.role {
        Level::Admin => Ruling::allow(Rule::Admin),
        Level::ReadOnly | Level::Tech => Ruling::deny(rule),
    }
    .with_levels(account.role, Level::Admin)
}

/// Denies a read-only user; decides for the other two roles by `then`.
fn require_tech(account: Account, then: impl FnOnce() -> Ruling<Meuse>) -> Ruling<Meuse> {
    match account.role {
        Level::ReadOnly => Ruling::deny(Rule::ReadOnly).with_levels(account.role, Level::Tech),
        Level::Tech | Level::Admin => then(),
    }
}
