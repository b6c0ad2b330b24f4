//! Who may do what: the rules of the panel.

use super::model::{Records, Rights};
use super::path::{is_application, is_sound};
use super::vocabulary::{Action, Antmedia, Level, Rule};
use crate::system::Ruling;
use crate::tables::digest::Digest;
use crate::tables::word::Word;

/// Somebody who asks.
#[derive(Debug)]
pub struct Subject(Who);

#[derive(Debug)]
enum Who {
    /// No session.
    Nobody,
    /// A session of a user that does not exist, or no longer.
    Unknown,
    /// A session of a user.
    User(Rights),
}

/// What this user holds; `None` did not sign in.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    Subject(match id.map(|email| records.find(email)) {
        None => Who::Nobody,
        Some(None) => Who::Unknown,
        Some(Some(rights)) => Who::User(rights.clone()),
    })
}

impl Subject {
    /// Writes what the subject holds.
    pub(super) fn digest(&self, records: &Records, digest: &mut Digest) {
        match &self.0 {
            Who::Nobody => digest.number(0),
            Who::Unknown => digest.number(1),
            Who::User(rights) => {
                digest.number(2);
                rights.digest(&records.names, digest);
            }
        }
    }
}

/// What a resource is, by the list in the module's documentation.
enum Target<'r> {
    Public,
    OwnPassword,
    OwnSession,
    Support,
    OpenToRead,
    Panel,
    Application(&'r str),
    Settings(&'r str),
    Content(&'r str),
    Section(&'r str),
}

impl<'r> Target<'r> {
    #[inline]
    fn of(resource: &'r str) -> Option<Self> {
        let (space, rest) = resource.split_once(':')?;
        match space {
            "app" => {
                let (name, path) = rest.split_once('/')?;
                if !is_application(name) || !is_sound(path) {
                    return None;
                }
                // Source: Filter, which looks for `/rest/v2/broadcasts` and `/rest/v2/vods` anywhere in the
                // address. We read the segment, so that a stream of that name is no section.
                Some(match path.split('/').next() {
                    Some("broadcasts" | "vods") => Self::Content(name),
                    Some(_) | None => Self::Section(name),
                })
            }
            "app-settings" => is_application(rest).then_some(Self::Settings(rest)),
            "application" => is_application(rest).then_some(Self::Application(rest)),
            "system" => match rest {
                "version" | "enterprise-edition" | "admin-status" => Some(Self::OpenToRead),
                path => is_sound(path).then_some(Self::Panel),
            },
            "self" => match rest {
                "password" => Some(Self::OwnPassword),
                "logout" => Some(Self::OwnSession),
                _ => None,
            },
            "support" => (rest == "request").then_some(Self::Support),
            "public" => match rest {
                "authenticate"
                | "initial-user"
                | "first-login-status"
                | "authentication-status"
                | "liveness"
                | "blocked-status" => Some(Self::Public),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether the subject may do this.
// Source: Filter, `doFilter`: public paths come before the session, the session before its user, its user
// before everything else.
#[inline]
pub(super) fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Antmedia> {
    let target = Target::of(resource);
    if let Some(Target::Public) = target {
        return Ruling::allow(Rule::Public);
    }
    let rights = match &subject.0 {
        Who::Nobody => return Ruling::deny(Rule::NotSignedIn),
        Who::Unknown => return Ruling::deny(Rule::UnknownUser),
        Who::User(rights) => rights,
    };
    let Some(target) = target else { return Ruling::deny(Rule::NoRoute) };
    match target {
        Target::Public => Ruling::allow(Rule::Public),
        Target::OwnPassword => only_writes(action, Rule::OwnAccount),
        Target::OwnSession => sign_out(action),
        Target::Support => only_writes(action, Rule::Support),
        Target::OpenToRead => open_to_read(rights, action),
        Target::Panel => panel(rights, action),
        Target::Application(name) => application(records, rights, action, name),
        Target::Settings(name) => {
            let needs = needed(action, Level::Admin);
            in_scope(records, rights, name, needs, Rule::ApplicationSettings, Rule::SystemSettings)
        }
        Target::Content(name) => {
            let needs = needed(action, Level::User);
            in_scope(records, rights, name, needs, Rule::ApplicationContent, Rule::SystemContent)
        }
        Target::Section(name) => {
            let needs = needed(action, Level::Admin);
            in_scope(records, rights, name, needs, Rule::ApplicationSection, Rule::SystemSection)
        }
    }
}

/// The own password, and the support: written by everybody signed in, with a grant or without. There is
/// nothing to read.
// Source: Filter, "changing own password and sending support are allowed for all users".
fn only_writes(action: Action, rule: Rule) -> Ruling<Antmedia> {
    match action {
        Action::Read => Ruling::deny(Rule::NoRoute),
        Action::Create | Action::Update | Action::Delete => Ruling::allow(rule),
    }
}

/// Signing out.
// Source: the Filter takes it for a write on the panel, so that only a `system` ADMIN may. The document has
// no user who could not sign out, and we follow that.
fn sign_out(action: Action) -> Ruling<Antmedia> {
    match action {
        Action::Delete => Ruling::allow(Rule::OwnAccount),
        Action::Read | Action::Create | Action::Update => Ruling::deny(Rule::NoRoute),
    }
}

/// Version, edition and own status: read by everybody signed in; as closed as the rest of the panel
/// otherwise.
// Source: Filter, `doFilter`, the three paths beside the scope check of a GET.
fn open_to_read(rights: &Rights, action: Action) -> Ruling<Antmedia> {
    match action {
        Action::Read => Ruling::allow(Rule::OpenRead),
        Action::Create | Action::Update | Action::Delete => panel(rights, action),
    }
}

/// The panel and its users: a grant on `system` of any type reads, an ADMIN there writes.
// Source: Filter, "it cannot access the web panel services" of an application's ADMIN, and "it can CRUD
// content but cannot change system settings" of a `system` USER.
fn panel(rights: &Rights, action: Action) -> Ruling<Antmedia> {
    match rights {
        Rights::Nothing => Ruling::deny(Rule::NoGrant),
        Rights::System(level) => compare(Rule::Panel, *level, needed(action, Level::Admin)),
        Rights::Applications(_) => Ruling::deny(Rule::PanelScope),
    }
}

/// The application as such: creating one is the panel's business, deleting it also its own ADMIN's. The
/// panel has no other action on it; where somebody asks nevertheless, it is the panel's business too.
// Source: Document, "Admin can do anything in its scope". The Filter lets the own ADMIN delete (and create)
// in one of the two forms of rights only; we let him delete in both, and create in none.
fn application(records: &Records, rights: &Rights, action: Action, name: &str) -> Ruling<Antmedia> {
    match (action, rights) {
        (Action::Delete, Rights::Applications(_)) => {
            in_scope(records, rights, name, Level::Admin, Rule::ApplicationDelete, Rule::Panel)
        }
        (Action::Delete, Rights::Nothing | Rights::System(_))
        | (
            Action::Read | Action::Create | Action::Update,
            Rights::Nothing | Rights::System(_) | Rights::Applications(_),
        ) => panel(rights, action),
    }
}

/// What belongs to one application: the type in `system` counts, or else the type in exactly this one.
// Source: Document, "He cannot see or modify other applications" and "`system` can reach everywhere in
// application scopes". The Filter compares only the beginning of the name; we compare the whole.
fn in_scope(
    records: &Records,
    rights: &Rights,
    name: &str,
    needs: Level,
    in_application: Rule,
    in_system: Rule,
) -> Ruling<Antmedia> {
    match rights {
        // Source: the Filter opens everything to a user without a grant. The document grants nothing.
        Rights::Nothing => Ruling::deny(Rule::NoGrant),
        Rights::System(level) => compare(in_system, *level, needs),
        Rights::Applications(types) => match types.get(&records.names, name).and_then(level) {
            Some(level) => compare(in_application, level, needs),
            None => Ruling::deny(Rule::OtherScope),
        },
    }
}

/// The least type for this action: reading needs any, writing what is given.
// Source: Filter, "This is the READ part. No need to check the user type because scope is critical".
fn needed(action: Action, to_write: Level) -> Level {
    match action {
        Action::Read => Level::ReadOnly,
        Action::Create | Action::Update | Action::Delete => to_write,
    }
}

fn compare(rule: Rule, level: Level, needs: Level) -> Ruling<Antmedia> {
    let ruling = if level >= needs { Ruling::allow(rule) } else { Ruling::deny(rule) };
    ruling.with_levels(level, needs)
}

fn level(code: u32) -> Option<Level> {
    u8::try_from(code).ok().and_then(Level::from_code)
}
