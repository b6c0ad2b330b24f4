//! Which level a user has on a database and on a collection, and what it is good for.

use super::grants::{Entry, Grants, Standing, Subject};
use super::model::{Records, ROOT, SYSTEM, WILDCARD};
use super::resource::{canonical, encoded, Resource};
use super::vocabulary::{Action, Arangodb, Level, Rule};
use crate::system::Ruling;
use crate::tables::names::Names;

/// What a user holds; names are compared byte for byte.
pub fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let Some(id) = id else { return Subject::without_grants(Standing::NotSignedIn) };
    let found = records.users.binary_search_by(|(name, _)| records.names.text(*name).cmp(id));
    found
        .ok()
        .and_then(|index| records.users.get(index))
        .map_or_else(|| Subject::without_grants(Standing::Unknown), |(_, subject)| subject.clone())
}

/// Whether the subject may do this, or which level it has.
pub fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Arangodb> {
    match subject.standing {
        Standing::NotSignedIn => return refuse(action, Rule::NotSignedIn),
        // Source: ArangoDB, "Get a user's database access level"; for a user who does not exist the server
        // answers `none`.
        Standing::Unknown => return refuse(action, Rule::UnknownUser),
        Standing::Inactive | Standing::Active => {}
    }
    let Some(canonical) = canonical(resource) else { return refuse(action, Rule::MalformedResource) };
    let Some(resource) = Resource::read(&canonical) else { return refuse(action, Rule::MalformedResource) };
    match purpose(action) {
        Purpose::Tell(told) => tell(records, subject, told, resource),
        Purpose::Do(needs) => perform(records, subject, needs, resource),
    }
}

/// What an action is about.
#[derive(Clone, Copy)]
enum Purpose {
    /// It asks for a level.
    Tell(Told),
    /// It does something, and needs levels for it.
    Do(Needs),
}

/// Which of its levels a resource is asked for.
#[derive(Clone, Copy)]
enum Told {
    /// What the server reports.
    Reported,
    /// What a request can use.
    Usable,
    /// What the server reports outside of read-only mode.
    Configured,
}

/// What an action needs, and thereby which kind of resource it is for.
#[derive(Clone, Copy)]
enum Needs {
    /// The server level Administrate.
    Server,
    /// This level on the database.
    Database(Level),
    /// These levels on the database and on the collection.
    Collection { database: Level, collection: Level },
    /// To be one of those who may do this with a user.
    User(Who),
}

/// Who may do something with a user.
#[derive(Clone, Copy)]
enum Who {
    /// Everybody who signed in.
    Everybody,
    /// The user itself, and those with the server level Administrate.
    Itself,
    /// Those with the server level Administrate, and with `root` nobody.
    Administrators,
}

/// Source: ArangoDB, "Actions and Access Levels", its three tables. They differ on creating a collection: it
/// needs no level on the collection, which is not there yet.
fn purpose(action: Action) -> Purpose {
    match action {
        Action::Use => Purpose::Do(Needs::Database(Level::Ro)),
        Action::Read => Purpose::Do(Needs::Collection { database: Level::Ro, collection: Level::Ro }),
        Action::Write => Purpose::Do(Needs::Collection { database: Level::Ro, collection: Level::Rw }),
        Action::CreateCollection => Purpose::Do(Needs::Database(Level::Rw)),
        Action::ManageCollection => Purpose::Do(Needs::Collection { database: Level::Rw, collection: Level::Rw }),
        Action::Administrate => Purpose::Do(Needs::Server),
        // Source: ArangoDB, "HTTP interface for user management", each call: for one's own data no level is
        // needed. To delete it is.
        Action::ReadUser | Action::UpdateUser => Purpose::Do(Needs::User(Who::Itself)),
        Action::DeleteUser => Purpose::Do(Needs::User(Who::Administrators)),
        // Source: the server's `POST /_api/user/{user}`, which the document leaves out.
        Action::CheckPassword => Purpose::Do(Needs::User(Who::Everybody)),
        Action::Level => Purpose::Tell(Told::Reported),
        Action::Usable => Purpose::Tell(Told::Usable),
        Action::Configured => Purpose::Tell(Told::Configured),
    }
}

/// The answer before any level is compared.
fn refuse(action: Action, rule: Rule) -> Ruling<Arangodb> {
    match purpose(action) {
        Purpose::Tell(_) => Ruling { level: Some(Level::None), ..Ruling::deny(rule) },
        Purpose::Do(_) => Ruling::deny(rule),
    }
}

/// A level, and what it comes from.
#[derive(Clone, Copy)]
struct Found {
    level: Level,
    rule: Rule,
}

fn perform(records: &Records, subject: &Subject, needs: Needs, resource: Resource<'_>) -> Ruling<Arangodb> {
    // Source: ArangoDB, "Create a user", `active`: "Whether the user account should be able to log in".
    // Levels outlive it, requests do not.
    if subject.standing == Standing::Inactive {
        return Ruling::deny(Rule::Inactive);
    }
    let (names, grants, read_only) = (&records.names, &subject.grants, records.read_only);
    match (needs, resource) {
        // In read-only mode the configured level counts: an administrator stays one. In 3.12 that holds for
        // changes of users too, which the server writes in its own name; 4.x refuses those.
        (Needs::Server, Resource::Server) => compare(server(names, grants), Level::Rw, false),
        (Needs::Database(needed), Resource::Database(name)) => {
            compare(Place::find(names, grants, name).level(grants), needed, read_only)
        }
        (
            Needs::Collection { database: gate, collection: needed },
            Resource::Collection { database: name, collection, whole },
        ) => {
            let place = Place::find(names, grants, name);
            let database = place.level(grants);
            // Source: ArangoDB, "Actions and Access Levels": "the access level *Access* for a database is
            // always required to perform any action on a collection in that database".
            if database.level == Level::None {
                return Ruling::deny(Rule::DatabaseGate).with_levels(Level::None, needed);
            }
            let passed = compare(Found { rule: Rule::ManageNeedsDatabase, ..database }, gate, read_only);
            if passed.allow {
                compare(place.collection(names, grants, collection, whole), needed, read_only)
            } else {
                passed
            }
        }
        (Needs::User(who), Resource::User(name)) => with_user(records, subject, who, name),
        (Needs::Server, Resource::Database(_) | Resource::Collection { .. } | Resource::User(_))
        | (Needs::Database(_), Resource::Server | Resource::Collection { .. } | Resource::User(_))
        | (Needs::Collection { .. }, Resource::Server | Resource::Database(_) | Resource::User(_))
        | (Needs::User(_), Resource::Server | Resource::Database(_) | Resource::Collection { .. }) => {
            Ruling::deny(Rule::WrongResource)
        }
    }
}

/// Whether the subject may do something with the user of this canonical name.
fn with_user(records: &Records, subject: &Subject, who: Who, name: &str) -> Ruling<Arangodb> {
    let is_own = subject.name.is_some_and(|own| encoded(records.names.text(own)) == name);
    match who {
        Who::Everybody => Ruling::allow(Rule::AnyUser),
        Who::Itself if is_own => Ruling::allow(Rule::OwnUser),
        // Source: ArangoDB, "Managing Users": the account `root` "cannot be removed".
        Who::Administrators if name == ROOT => Ruling::deny(Rule::RootStays),
        Who::Itself | Who::Administrators => compare(server(&records.names, &subject.grants), Level::Rw, false),
    }
}

/// Whether the level suffices. Where only the read-only mode is in the way, that is the rule.
fn compare(found: Found, needed: Level, read_only: bool) -> Ruling<Arangodb> {
    let usable = capped(found.level, read_only);
    let rule = if usable < needed && needed <= found.level { Rule::ReadOnlyMode } else { found.rule };
    Ruling { allow: usable >= needed, rule, level: Some(usable), needs: Some(needed) }
}

fn tell(records: &Records, subject: &Subject, told: Told, resource: Resource<'_>) -> Ruling<Arangodb> {
    let (names, grants) = (&records.names, &subject.grants);
    let (found, gate, read_only) = match resource {
        Resource::Server => (server(names, grants), Level::Rw, false),
        Resource::User(_) => (nothing(Rule::WrongResource), Level::Rw, false),
        Resource::Database(name) => (Place::find(names, grants, name).level(grants), Level::Rw, records.read_only),
        Resource::Collection { database: name, collection, whole } => {
            let place = Place::find(names, grants, name);
            (place.collection(names, grants, collection, whole), place.level(grants).level, records.read_only)
        }
    };
    let reported = capped(found.level, read_only);
    // Source: ArangoDB, "Get a user's collection access level": what is reported is not bound by the
    // database's level; what a request can use is.
    let open = if gate == Level::None { Level::None } else { reported };
    let active = subject.standing != Standing::Inactive;
    let usable = if active { open } else { Level::None };
    let level = match told {
        Told::Reported => reported,
        Told::Usable => usable,
        Told::Configured => found.level,
    };
    let rule = if !active {
        Rule::Inactive
    } else if usable != reported {
        Rule::DatabaseGate
    } else if level != found.level {
        Rule::ReadOnlyMode
    } else {
        found.rule
    };
    Ruling { allow: usable >= Level::Ro, rule, level: Some(level), needs: None }
}

/// In read-only mode `rw` is reported and applied as `ro`.
fn capped(level: Level, read_only: bool) -> Level {
    if read_only {
        level.min(Level::Ro)
    } else {
        level
    }
}

/// Source: ArangoDB, "Granting Access Levels": the server level "is *Administrate* if and only if the
/// database access level is *Administrate*" in `_system`. Its effective level counts, wildcard included.
fn server(names: &Names, grants: &Grants) -> Found {
    let level = match Place::find(names, grants, SYSTEM).level(grants).level {
        Level::Rw => Level::Rw,
        Level::None | Level::Ro => Level::None,
    };
    Found { level, rule: Rule::Server }
}

/// A database, with what is set for it: looked up once for it and its collections.
#[derive(Clone, Copy)]
struct Place<'a> {
    name: &'a str,
    /// What is set for this database itself; nothing for `*`, which [`Grants::everywhere`] has.
    entry: Option<Entry>,
    /// The seed for its collections.
    hash: u32,
}

impl<'a> Place<'a> {
    fn find(names: &Names, grants: &Grants, name: &'a str) -> Self {
        if name == WILDCARD {
            return Self { name, entry: None, hash: 0 };
        }
        let (entry, hash) = grants.database(names, name);
        Self { name, entry, hash }
    }

    /// Source: ArangoDB, "Permission Resolution", for a database: its own level, `none` included; else the
    /// higher of `*` and `_system`.
    fn level(&self, grants: &Grants) -> Found {
        let everywhere = (grants.everywhere.level, Rule::WildcardDatabase);
        if self.name == WILDCARD {
            return highest([everywhere]);
        }
        // An entry that is there for its collections alone has no level, and does not stop the search.
        if let Some(level) = self.entry.and_then(|entry| entry.level) {
            return Found { level, rule: Rule::Database };
        }
        // If this is `_system` itself, it had its turn just now, and has no level.
        highest([everywhere, (grants.system, Rule::SystemDatabase)])
    }

    /// Source: ArangoDB, "Permission Resolution", for a collection: its own level; else the highest of the
    /// wildcards, its database and `_system`. `whole` is `db/coll`.
    fn collection(&self, names: &Names, grants: &Grants, collection: &str, whole: &str) -> Found {
        if collection.is_empty() {
            return nothing(Rule::EmptyCollection);
        }
        let wildcard_database = (grants.everywhere.level, Rule::WildcardDatabaseFloor);
        let wildcard_everywhere = (grants.everywhere.collections, Rule::WildcardEverywhere);
        if self.name == WILDCARD {
            return if collection == WILDCARD {
                highest([wildcard_database, wildcard_everywhere])
            } else {
                nothing(Rule::WildcardNamedCollection)
            };
        }
        if collection.starts_with('_') {
            return self.system_collection(grants, collection);
        }
        if let Some(entry) = self.entry {
            if collection == WILDCARD {
                // The server looks no further for `db/*` once the database has an entry.
                return entry.collections.map_or(nothing(Rule::UnsetWildcardCollection), |level| Found {
                    level,
                    rule: Rule::WildcardCollection,
                });
            }
            if let Some(level) = grants.collection(names, self.hash, collection, whole) {
                return Found { level, rule: Rule::Collection };
            }
        }
        let entry = self.entry.unwrap_or_default();
        // The level of `_system` reaches the collections of every database; that of its collections does
        // not. For a collection of `_system` the first and the third are one, and the first is named.
        highest([
            (entry.level, Rule::DatabaseFloor),
            (entry.collections, Rule::WildcardCollection),
            (grants.system, Rule::SystemDatabaseFloor),
            wildcard_database,
            wildcard_everywhere,
        ])
    }

    /// Source: ArangoDB, "System Collections".
    fn system_collection(&self, grants: &Grants, collection: &str) -> Found {
        match collection {
            "_users" if self.name == SYSTEM => nothing(Rule::UsersCollection),
            "_queues" => Found { level: Level::Ro, rule: Rule::QueuesCollection },
            "_frontend" => Found { level: Level::Rw, rule: Rule::FrontendCollection },
            _ => Found { rule: Rule::SystemCollection, ..self.level(grants) },
        }
    }
}

fn nothing(rule: Rule) -> Found {
    Found { level: Level::None, rule }
}

/// The highest of the levels that are set, by the first that has it.
fn highest<const N: usize>(candidates: [(Option<Level>, Rule); N]) -> Found {
    let mut best = (None, Rule::NoGrant);
    for candidate in candidates {
        if candidate.0 > best.0 {
            best = candidate;
        }
    }
    Found { level: best.0.unwrap_or(Level::None), rule: best.1 }
}
