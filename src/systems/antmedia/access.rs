//! The access rules of the panel.

use super::model::{Records, Rights};
use super::path::{is_application, is_safe_path};
use super::vocabulary::{Action, Antmedia, Level, Rule};
use crate::system::Ruling;
use crate::tables::digest::Digest;
use crate::tables::text::{split, split_once};
use crate::tables::word::Word;

/// The user of a question, with the rights from the records.
#[derive(Debug)]
pub struct Subject(Status);

#[derive(Debug)]
enum Status {
    /// No session.
    NotSignedIn,
    /// The user of the session does not exist.
    Unknown,
    /// The user of the session, with its rights.
    Active(Rights),
}

/// The subject of this user; `None` is a client that did not sign in.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    Subject(match id.map(|email| records.find_rights(email)) {
        None => Status::NotSignedIn,
        Some(None) => Status::Unknown,
        Some(Some(rights)) => Status::Active(rights.clone()),
    })
}

impl Subject {
    /// Writes the subject's rights into the digest.
    pub(super) fn digest(&self, records: &Records, digest: &mut Digest) {
        match &self.0 {
            Status::NotSignedIn => digest.number(0),
            Status::Unknown => digest.number(1),
            Status::Active(rights) => {
                digest.number(2);
                rights.digest(&records.names, digest);
            }
        }
    }
}

/// The kinds of resources, as the module's documentation lists them.
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
    fn parse(resource: &'r str) -> Option<Self> {
        let (space, rest) = split_once(resource, b':')?;
        match space {
            "app" => {
                let (name, path) = split_once(rest, b'/')?;
                if !is_application(name) || !is_safe_path(path) {
                    return None;
                }
                // Source: Filter, which searches the whole address for `/rest/v2/broadcasts` and `/rest/v2/vods`.
                // We compare the first segment only, so that a stream's name cannot select the section.
                Some(match split(path, b'/').next() {
                    Some("broadcasts" | "vods") => Self::Content(name),
                    Some(_) | None => Self::Section(name),
                })
            }
            "app-settings" => is_application(rest).then_some(Self::Settings(rest)),
            "application" => is_application(rest).then_some(Self::Application(rest)),
            "system" => match rest {
                "version" | "enterprise-edition" | "admin-status" => Some(Self::OpenToRead),
                path => is_safe_path(path).then_some(Self::Panel),
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

/// Decides whether the subject can execute the action on the resource.
// Source: Filter, `doFilter`: it checks public paths first, then the session, then the session's user, then the
// rights.
#[inline]
pub(super) fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Antmedia> {
    let target = Target::parse(resource);
    if let Some(Target::Public) = target {
        return Ruling::allow(Rule::Public);
    }
    let rights = match &subject.0 {
        Status::NotSignedIn => return Ruling::deny(Rule::NotSignedIn),
        Status::Unknown => return Ruling::deny(Rule::UnknownUser),
        Status::Active(rights) => rights,
    };
    let Some(target) = target else { return Ruling::deny(Rule::NoRoute) };
    match target {
        Target::Public => Ruling::allow(Rule::Public),
        Target::OwnPassword => allow_writes(action, Rule::OwnAccount),
        Target::OwnSession => decide_sign_out(action),
        Target::Support => allow_writes(action, Rule::Support),
        Target::OpenToRead => decide_open_read(rights, action),
        Target::Panel => decide_panel(rights, action),
        Target::Application(name) => decide_application(records, rights, action, name),
        Target::Settings(name) => {
            let required = required_level(action, Level::Admin);
            decide_in_scope(records, rights, name, required, Rule::ApplicationSettings, Rule::SystemSettings)
        }
        Target::Content(name) => {
            let required = required_level(action, Level::User);
            decide_in_scope(records, rights, name, required, Rule::ApplicationContent, Rule::SystemContent)
        }
        Target::Section(name) => {
            let required = required_level(action, Level::Admin);
            decide_in_scope(records, rights, name, required, Rule::ApplicationSection, Rule::SystemSection)
        }
    }
}

/// The caller's own password, and requests to support. Each signed-in user can write them, with or without a grant.
/// They cannot be read.
// Source: Filter, "changing own password and sending support are allowed for all users".
fn allow_writes(action: Action, rule: Rule) -> Ruling<Antmedia> {
    match action {
        Action::Read => Ruling::deny(Rule::NoRoute),
        Action::Create | Action::Update | Action::Delete => Ruling::allow(rule),
    }
}

/// Signing out.
// Source: the Filter treats it as a write on the panel, so only an ADMIN of `system` could sign out. The document
// does not restrict signing out, and we follow the document.
fn decide_sign_out(action: Action) -> Ruling<Antmedia> {
    match action {
        Action::Delete => Ruling::allow(Rule::OwnAccount),
        Action::Read | Action::Create | Action::Update => Ruling::deny(Rule::NoRoute),
    }
}

/// The version, the edition and the caller's own status. Each signed-in user can read them; writes follow the rules of
/// the panel.
// Source: Filter, `doFilter`, the three paths that are exempt from the scope check of a GET.
fn decide_open_read(rights: &Rights, action: Action) -> Ruling<Antmedia> {
    match action {
        Action::Read => Ruling::allow(Rule::OpenRead),
        Action::Create | Action::Update | Action::Delete => decide_panel(rights, action),
    }
}

/// The panel and its users: each type in `system` can read, ADMIN in `system` can write.
// Source: Filter, "it cannot access the web panel services" about the ADMIN of an application, and "it can CRUD
// content but cannot change system settings" about a USER of `system`.
fn decide_panel(rights: &Rights, action: Action) -> Ruling<Antmedia> {
    match rights {
        Rights::Nothing => Ruling::deny(Rule::NoGrant),
        Rights::System(level) => compare_levels(Rule::Panel, *level, required_level(action, Level::Admin)),
        Rights::Applications(_) => Ruling::deny(Rule::PanelScope),
    }
}

/// The application itself. Its own ADMIN can delete it. All other actions on it follow the rules of the panel, also
/// actions that the panel does not have.
// Source: Document, "Admin can do anything in its scope". The Filter allows the application's ADMIN to delete (and
// create) it in only one of the two forms of rights. We allow deleting in both forms, and creating in neither.
fn decide_application(records: &Records, rights: &Rights, action: Action, name: &str) -> Ruling<Antmedia> {
    match (action, rights) {
        (Action::Delete, Rights::Applications(_)) => {
            decide_in_scope(records, rights, name, Level::Admin, Rule::ApplicationDelete, Rule::Panel)
        }
        (Action::Delete, Rights::Nothing | Rights::System(_))
        | (
            Action::Read | Action::Create | Action::Update,
            Rights::Nothing | Rights::System(_) | Rights::Applications(_),
        ) => decide_panel(rights, action),
    }
}

/// The contents of one application: the type in `system` decides if there is one, otherwise the type in exactly this
/// application.
// Source: Document, "He cannot see or modify other applications" and "`system` can reach everywhere in
// application scopes". The Filter compares only the beginning of the name; we compare the whole name.
fn decide_in_scope(
    records: &Records,
    rights: &Rights,
    name: &str,
    required: Level,
    in_application: Rule,
    in_system: Rule,
) -> Ruling<Antmedia> {
    match rights {
        // Source: the Filter allows everything to a user without a grant. The document grants nothing.
        Rights::Nothing => Ruling::deny(Rule::NoGrant),
        Rights::System(level) => compare_levels(in_system, *level, required),
        Rights::Applications(types) => match types.get(&records.names, name).and_then(level_from_code) {
            Some(level) => compare_levels(in_application, level, required),
            None => Ruling::deny(Rule::OtherScope),
        },
    }
}

/// The lowest type that can execute this action: any type can read, writing requires `to_write`.
// Source: Filter, "This is the READ part. No need to check the user type because scope is critical".
fn required_level(action: Action, to_write: Level) -> Level {
    match action {
        Action::Read => Level::ReadOnly,
        Action::Create | Action::Update | Action::Delete => to_write,
    }
}

fn compare_levels(rule: Rule, level: Level, required: Level) -> Ruling<Antmedia> {
    let ruling = if level >= required { Ruling::allow(rule) } else { Ruling::deny(rule) };
    ruling.with_levels(level, required)
}

fn level_from_code(code: u32) -> Option<Level> {
    u8::try_from(code).ok().and_then(Level::from_code)
}
