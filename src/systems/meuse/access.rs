//! Who may do what: Meuse's roles, tokens and owners.
//!
//! The order of the checks is the product's own, since it decides which refusal is seen: the route, then the
//! token, then the role and the account, then the ownership.

use crate::document::value::Value;
use crate::system::Ruling;
use crate::tables::digest::Digest;
use crate::tables::names::{NameId, Table};
use crate::tables::word::Word;

use super::model::Records;
use super::resource::named;
use super::vocabulary::{Action, Level, Meuse, Rule};

/// What one user holds: a role, a name and the crates that it owns.
#[derive(Debug)]
pub struct Subject {
    standing: Standing,
    owns: Table<0>,
}

/// How far a token gets, before any role is looked at.
#[derive(Clone, Copy, Debug)]
enum Standing {
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

/// What this user holds. Who is unknown or switched off holds nothing, whatever the records say beside.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let nothing = |standing| Subject { standing, owns: Table::default() };
    let Some(id) = id else { return nothing(Standing::NotSignedIn) };
    let Some(user) = records.user(id) else { return nothing(Standing::Unknown) };
    // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-user`: the flag counts at every request.
    if !user.active {
        return nothing(Standing::Inactive);
    }
    Subject {
        standing: Standing::Active(Account { name: user.name, role: user.role }),
        owns: Table::new(&records.names, &user.owns),
    }
}

impl Subject {
    /// Writes what the subject holds.
    pub(super) fn digest(&self, records: &Records, digest: &mut Digest) {
        match self.standing {
            Standing::NotSignedIn => digest.number(0),
            Standing::Unknown => digest.number(1),
            Standing::Inactive => digest.number(2),
            Standing::Active(account) => {
                digest.number(3);
                digest.text(records.names.text(account.name));
                digest.text(account.role.word());
                digest.pairs(&self.owns.sorted(&records.names));
            }
        }
    }
}

/// Whether the subject may do this.
#[inline]
pub(super) fn decide(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    attributes: &Value,
) -> Ruling<Meuse> {
    let Some(name) = named(action, resource) else { return Ruling::deny(Rule::NoMatch) };
    let is_own = |account: Account| records.names.text(account.name) == name;
    match action {
        // Source: mcorbin/meuse, src/meuse/api/crate/http.clj and src/meuse/api/mirror/http.clj, `skip-auth`:
        // these calls read no token, so that of an inactive or deleted user is no hindrance either.
        Action::CrateSearch | Action::CrateDownload | Action::MirrorDownload => Ruling::allow(Rule::Public),
        Action::TokenCreate => match subject.standing {
            Standing::NotSignedIn => token_by_password(records, name),
            // Source: "User and role", "Roles": an admin can do anything except creating tokens for another
            // user. The call itself reads no token and would take that user's password from anybody; asked
            // about somebody who is signed in, the page's exception holds.
            Standing::Unknown | Standing::Inactive | Standing::Active(_) => signed_in(subject, |account| {
                if is_own(account) {
                    Ruling::allow(Rule::OwnToken)
                } else {
                    Ruling::deny(Rule::TokenForAnother)
                }
            }),
        },
        // Source: "User and role", "Create a new user", "List users", "Delete an user": allowed users: `admin`.
        // Nothing protects the last admin, or oneself.
        Action::UserCreate | Action::UserList | Action::UserDelete => signed_in(subject, admin_only),
        // Source: mcorbin/meuse, src/meuse/api/meuse/category.clj, `check-admin`.
        Action::CategoryCreate | Action::CategoryUpdate => signed_in(subject, admin_only),
        Action::UserUpdate => signed_in(subject, |account| update(account, is_own(account), attributes)),
        Action::TokenList => signed_in(subject, |account| list_tokens(account, name, attributes)),
        // Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `delete-token`: the user or an admin.
        Action::TokenDelete => signed_in(subject, |account| {
            if is_own(account) {
                Ruling::allow(Rule::OwnToken)
            } else {
                admin_or(Rule::TokenOfAnother, account)
            }
        }),
        // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-authenticated`: any of the three roles.
        Action::CategoryList | Action::CrateList | Action::CrateGet | Action::StatisticsRead | Action::OwnerList => {
            signed_in(subject, |account| Ruling::allow(Rule::EveryRole).with_levels(account.role, Level::ReadOnly))
        }
        // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-admin-tech`.
        Action::CrateCheck | Action::MirrorCache => signed_in(subject, |account| {
            tech_or_admin(account, || Ruling::allow(Rule::TechOrAdmin).with_levels(account.role, Level::Tech))
        }),
        Action::CratePublish => {
            signed_in(subject, |account| tech_or_admin(account, || publish(records, subject, name)))
        }
        Action::CrateYank | Action::CrateUnyank | Action::OwnerAdd | Action::OwnerRemove => {
            signed_in(subject, |account| manage(records, subject, account, name))
        }
    }
}

/// Goes on with an active user; anybody else is refused before any role is looked at.
fn signed_in(subject: &Subject, then: impl FnOnce(Account) -> Ruling<Meuse>) -> Ruling<Meuse> {
    match subject.standing {
        Standing::NotSignedIn => Ruling::deny(Rule::NotSignedIn),
        Standing::Unknown => Ruling::deny(Rule::UnknownUser),
        Standing::Inactive => Ruling::deny(Rule::Inactive),
        Standing::Active(account) => then(account),
    }
}

/// A new token without being signed in: the call asks for that user's password instead.
///
/// Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `create-token`. A user who is switched off gets none;
/// one that the records do not have is taken to exist, as everything that a question names.
fn token_by_password(records: &Records, name: &str) -> Ruling<Meuse> {
    match records.user(name) {
        Some(user) if !user.active => Ruling::deny(Rule::InactiveAccount),
        Some(_) | None => Ruling::allow(Rule::Password),
    }
}

/// Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `list-tokens`: with the parameter `user` the call is
/// for admins, even with one's own name in it.
fn list_tokens(account: Account, name: &str, attributes: &Value) -> Ruling<Meuse> {
    if name == "self" && attributes.get("user").is_none() {
        Ruling::allow(Rule::OwnToken)
    } else {
        admin_or(Rule::TokensByName, account)
    }
}

/// Source: "User and role", "Update an user": a user can update its own account, only an admin another one;
/// `active` and `role` are admin only. The order of the refusals is that of
/// mcorbin/meuse, src/meuse/api/meuse/user.clj, `update-user`.
fn update(account: Account, is_own: bool, attributes: &Value) -> Ruling<Meuse> {
    let Some(fields) = Fields::read(attributes) else { return Ruling::deny(Rule::BadFields) };
    if account.role == Level::Admin {
        return admin_only(account);
    }
    let only_admins = |rule| Ruling::deny(rule).with_levels(account.role, Level::Admin);
    if fields.role {
        only_admins(Rule::RoleField)
    } else if fields.active {
        only_admins(Rule::ActiveField)
    } else if is_own {
        Ruling::allow(Rule::OwnAccount)
    } else {
        only_admins(Rule::OtherAccount)
    }
}

/// Which of the fields that are for admins an update has.
struct Fields {
    role: bool,
    active: bool,
}

impl Fields {
    /// The attributes `{"fields":[...]}`; no attributes, or none of this name, are an update of the profile.
    /// `None` when they say anything else, so that what cannot be read is never taken for harmless. Other
    /// names in the list are fields that the product ignores.
    fn read(attributes: &Value) -> Option<Self> {
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

/// Source: mcorbin/meuse, src/meuse/db/actions/crate.clj, `create`: whoever publishes the first version becomes
/// the owner; a further version needs ownership, from admins too. That a version exists already is no matter
/// of access: the call says so before it looks at the owners.
fn publish(records: &Records, subject: &Subject, name: &str) -> Ruling<Meuse> {
    if subject.owns.get(&records.names, name).is_some() {
        Ruling::allow(Rule::Owner)
    } else if records.has_crate(name) {
        Ruling::deny(Rule::PublishNotOwner)
    } else {
        Ruling::allow(Rule::NewCrate)
    }
}

/// Yanking, and changing owners.
///
/// Source: mcorbin/meuse, src/meuse/api/crate/yank.clj and owner.clj, `owned-by?`: first whether the crate
/// exists, then whether the user owns it; an admin skips both. Meuse would let a read-only owner through here,
/// for want of a check; the page calls them read-only users, so we refuse them, where they would have got in.
fn manage(records: &Records, subject: &Subject, account: Account, name: &str) -> Ruling<Meuse> {
    if account.role == Level::Admin {
        admin_only(account)
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

fn admin_only(account: Account) -> Ruling<Meuse> {
    admin_or(Rule::AdminOnly, account)
}

/// An admin may; anybody else is refused by this rule.
fn admin_or(refusal: Rule, account: Account) -> Ruling<Meuse> {
    match account.role {
        Level::Admin => Ruling::allow(Rule::Admin),
        Level::ReadOnly | Level::Tech => Ruling::deny(refusal),
    }
    .with_levels(account.role, Level::Admin)
}

/// A read-only user is refused; the other two roles go on.
fn tech_or_admin(account: Account, then: impl FnOnce() -> Ruling<Meuse>) -> Ruling<Meuse> {
    match account.role {
        Level::ReadOnly => Ruling::deny(Rule::ReadOnly).with_levels(account.role, Level::Tech),
        Level::Tech | Level::Admin => then(),
    }
}
