//! The access rules: which level each action needs, and the queries for a level.

use super::grants::{Status, Subject};
use super::model::{Records, ROOT};
use super::resolved_levels::{no_level, server_level, DatabaseGrants, ResolvedLevel};
use super::resource::{canonicalize, encode_segment, Resource};
use super::vocabulary::{Action, Arangodb, Level, Rule};
use crate::system::Ruling;

/// The subject of this user; names are compared byte for byte. `None` is a client that did not sign in.
pub fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let Some(id) = id else { return Subject::without_grants(Status::NotSignedIn) };
    let index = records.users.binary_search_by(|(name, _)| records.names.text(*name).cmp(id));
    index
        .ok()
        .and_then(|index| records.users.get(index))
        .map_or_else(|| Subject::without_grants(Status::Unknown), |(_, subject)| subject.clone())
}

/// Decides whether the subject can execute the action, or which level it has.
pub fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Arangodb> {
    match subject.status {
        Status::NotSignedIn => return deny_without_levels(action, Rule::NotSignedIn),
        // Source: ArangoDB, "Get a user's database access level"; for a user that does not exist the server
        // returns `none`.
        Status::Unknown => return deny_without_levels(action, Rule::UnknownUser),
        Status::Inactive | Status::Active => {}
    }
    let Some(canonical) = canonicalize(resource) else { return deny_without_levels(action, Rule::MalformedResource) };
    let Some(resource) = Resource::parse(&canonical) else {
        return deny_without_levels(action, Rule::MalformedResource);
    };
    match action_kind(action) {
        ActionKind::LevelQuery(query) => decide_level_query(records, subject, query, resource),
        ActionKind::Operation(requirement) => decide_operation(records, subject, requirement, resource),
    }
}

/// The two kinds of actions.
#[derive(Clone, Copy)]
enum ActionKind {
    /// The action asks for a level.
    LevelQuery(LevelQuery),
    /// The action requires levels.
    Operation(Requirement),
}

/// The level that a query asks for.
#[derive(Clone, Copy)]
enum LevelQuery {
    /// The level that the server reports.
    Reported,
    /// The level that a request can use.
    Usable,
    /// The level that the server reports outside of read-only mode.
    Configured,
}

/// The levels that an action requires. They determine the kind of resource that the action applies to.
#[derive(Clone, Copy)]
enum Requirement {
    /// The server level Administrate.
    Server,
    /// This level on the database.
    Database(Level),
    /// These levels on the database and on the collection.
    Collection { database: Level, collection: Level },
    /// No level on a database: the caller's relation to the user decides.
    User(UserAccess),
}

/// The callers that can execute an action on a user.
#[derive(Clone, Copy)]
enum UserAccess {
    /// Every signed-in user.
    AnySignedIn,
    /// The user itself, and users with the server level Administrate.
    SelfOrAdministrator,
    /// Users with the server level Administrate. No caller can execute the action on `root`.
    Administrator,
}

/// The requirement of an action.
///
/// Source: ArangoDB, "Actions and Access Levels", its three tables. They disagree on creating a collection. It requires
/// no level on the collection, because the collection does not exist yet.
fn action_kind(action: Action) -> ActionKind {
    match action {
        Action::Use => ActionKind::Operation(Requirement::Database(Level::Ro)),
        Action::Read => ActionKind::Operation(Requirement::Collection { database: Level::Ro, collection: Level::Ro }),
        Action::Write => ActionKind::Operation(Requirement::Collection { database: Level::Ro, collection: Level::Rw }),
        Action::CreateCollection => ActionKind::Operation(Requirement::Database(Level::Rw)),
        Action::ManageCollection => {
            ActionKind::Operation(Requirement::Collection { database: Level::Rw, collection: Level::Rw })
        }
        Action::Administrate => ActionKind::Operation(Requirement::Server),
        // Source: ArangoDB, "HTTP interface for user management", each call: a user needs no level for its own data,
        // except to delete it.
        Action::ReadUser | Action::UpdateUser => {
            ActionKind::Operation(Requirement::User(UserAccess::SelfOrAdministrator))
        }
        Action::DeleteUser => ActionKind::Operation(Requirement::User(UserAccess::Administrator)),
        // Source: the server's `POST /_api/user/{user}`, which is not documented.
        Action::CheckPassword => ActionKind::Operation(Requirement::User(UserAccess::AnySignedIn)),
        Action::Level => ActionKind::LevelQuery(LevelQuery::Reported),
        Action::Usable => ActionKind::LevelQuery(LevelQuery::Usable),
        Action::Configured => ActionKind::LevelQuery(LevelQuery::Configured),
    }
}

/// Denies before any level is compared. A query for a level gets `none`.
fn deny_without_levels(action: Action, rule: Rule) -> Ruling<Arangodb> {
    match action_kind(action) {
        ActionKind::LevelQuery(_) => Ruling { level: Some(Level::None), ..Ruling::deny(rule) },
        ActionKind::Operation(_) => Ruling::deny(rule),
    }
}

fn decide_operation(
    records: &Records,
    subject: &Subject,
    requirement: Requirement,
    resource: Resource<'_>,
) -> Ruling<Arangodb> {
    // Source: ArangoDB, "Create a user", `active`: "Whether the user account should be able to log in".
    // The levels of an inactive user are still reported, but its requests are denied.
    if subject.status == Status::Inactive {
        return Ruling::deny(Rule::Inactive);
    }
    let (names, grants, read_only) = (&records.names, &subject.grants, records.read_only);
    match (requirement, resource) {
        // In read-only mode the configured level counts: an administrator remains an administrator. In 3.12 an
        // administrator can also change users, because the server itself writes those changes. 4.x rejects them.
        (Requirement::Server, Resource::Server) => compare_levels(server_level(names, grants), Level::Rw, false),
        (Requirement::Database(required), Resource::Database(name)) => {
            compare_levels(DatabaseGrants::look_up(names, grants, name).database_level(grants), required, read_only)
        }
        (
            Requirement::Collection { database: required_database, collection: required },
            Resource::Collection { database: name, collection, path },
        ) => {
            let database_grants = DatabaseGrants::look_up(names, grants, name);
            let database = database_grants.database_level(grants);
            // Source: ArangoDB, "Actions and Access Levels": "the access level *Access* for a database is
            // always required to perform any action on a collection in that database".
            if database.level == Level::None {
                return Ruling::deny(Rule::DatabaseGate).with_levels(Level::None, required);
            }
            let passed = compare_levels(
                ResolvedLevel { rule: Rule::ManageNeedsDatabase, ..database },
                required_database,
                read_only,
            );
            if passed.allow {
                compare_levels(database_grants.collection_level(names, grants, collection, path), required, read_only)
            } else {
                passed
            }
        }
        (Requirement::User(access), Resource::User(name)) => decide_user_operation(records, subject, access, name),
        (Requirement::Server, Resource::Database(_) | Resource::Collection { .. } | Resource::User(_))
        | (Requirement::Database(_), Resource::Server | Resource::Collection { .. } | Resource::User(_))
        | (Requirement::Collection { .. }, Resource::Server | Resource::Database(_) | Resource::User(_))
        | (Requirement::User(_), Resource::Server | Resource::Database(_) | Resource::Collection { .. }) => {
            Ruling::deny(Rule::WrongResource)
        }
    }
}

/// Decides an action on the user with this canonical name.
fn decide_user_operation(records: &Records, subject: &Subject, access: UserAccess, name: &str) -> Ruling<Arangodb> {
    let is_own = subject.name.is_some_and(|own| encode_segment(records.names.text(own)) == name);
    match access {
        UserAccess::AnySignedIn => Ruling::allow(Rule::AnyUser),
        UserAccess::SelfOrAdministrator if is_own => Ruling::allow(Rule::OwnUser),
        // Source: ArangoDB, "Managing Users": the account `root` "cannot be removed".
        UserAccess::Administrator if name == ROOT => Ruling::deny(Rule::RootStays),
        UserAccess::SelfOrAdministrator | UserAccess::Administrator => {
            compare_levels(server_level(&records.names, &subject.grants), Level::Rw, false)
        }
    }
}

/// Compares a level with the required level. If only the read-only mode prevents the action, the rule says so.
fn compare_levels(resolved: ResolvedLevel, required: Level, read_only: bool) -> Ruling<Arangodb> {
    let usable = cap_level(resolved.level, read_only);
    let rule = if usable < required && required <= resolved.level { Rule::ReadOnlyMode } else { resolved.rule };
    Ruling { allow: usable >= required, rule, level: Some(usable), needs: Some(required) }
}

fn decide_level_query(
    records: &Records,
    subject: &Subject,
    query: LevelQuery,
    resource: Resource<'_>,
) -> Ruling<Arangodb> {
    let (names, grants) = (&records.names, &subject.grants);
    let (resolved, database_level, read_only) = match resource {
        Resource::Server => (server_level(names, grants), Level::Rw, false),
        Resource::User(_) => (no_level(Rule::WrongResource), Level::Rw, false),
        Resource::Database(name) => {
            (DatabaseGrants::look_up(names, grants, name).database_level(grants), Level::Rw, records.read_only)
        }
        Resource::Collection { database: name, collection, path } => {
            let database_grants = DatabaseGrants::look_up(names, grants, name);
            (
                database_grants.collection_level(names, grants, collection, path),
                database_grants.database_level(grants).level,
                records.read_only,
            )
        }
    };
    let reported = cap_level(resolved.level, read_only);
    // Source: ArangoDB, "Get a user's collection access level": the level of the database limits the level that a
    // request can use, but not the level that the server reports.
    let open = if database_level == Level::None { Level::None } else { reported };
    let active = subject.status != Status::Inactive;
    let usable = if active { open } else { Level::None };
    let level = match query {
        LevelQuery::Reported => reported,
        LevelQuery::Usable => usable,
        LevelQuery::Configured => resolved.level,
    };
    let rule = if !active {
        Rule::Inactive
    } else if usable != reported {
        Rule::DatabaseGate
    } else if level != resolved.level {
        Rule::ReadOnlyMode
    } else {
        resolved.rule
    };
    Ruling { allow: usable >= Level::Ro, rule, level: Some(level), needs: None }
}

/// Caps a level: in read-only mode, `rw` is reported and applied as `ro`.
fn cap_level(level: Level, read_only: bool) -> Level {
    if read_only {
        level.min(Level::Ro)
    } else {
        level
    }
}
