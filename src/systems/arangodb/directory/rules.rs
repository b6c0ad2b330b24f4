//! What the rules of access are asked: with no more of the records than the question needs.

use super::super::model::{SYSTEM, WILDCARD};
use super::super::resource::encode_segment;
use super::super::{Action, Arangodb, Level};
use super::database::Database;
use super::user::User;
use crate::directory::prelude::{Authorized, Interrupt, Transaction};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, System as _};

/// What a question is about.
#[derive(Clone, Copy)]
pub enum About<'a> {
    Server,
    User(&'a str),
    Database(&'a str, &'a Database),
    Collection(&'a str, &'a Database, &'a str),
}

impl About<'_> {
    fn resource(self) -> String {
        match self {
            Self::Server => "/".to_owned(),
            Self::User(name) => format!("/user/{}", encode_segment(name)),
            Self::Database(database, _) => encode_segment(database).into_owned(),
            Self::Collection(database, _, collection) => {
                format!("{}/{}", encode_segment(database), encode_segment(collection))
            }
        }
    }
}

/// Somebody, as far as the store knows them.
#[derive(Clone, Copy)]
pub struct Who<'a> {
    pub name: &'a str,
    pub user: Option<&'a User>,
}

/// Whether this caller may do this. The decision is noted.
///
/// # Errors
///
/// [`Interrupt`], when the store is broken.
pub fn decide(
    tx: &mut Transaction<'_>,
    mode: &Value,
    caller: Option<Who<'_>>,
    action: Action,
    about: About<'_>,
) -> Result<Result<Authorized, Ruling<Arangodb>>, Interrupt> {
    let records = tx.parse_records::<Arangodb>(&given(mode, caller, about))?;
    let subject = Arangodb::subject(&records, caller.map(|who| who.name));
    Ok(tx.decide::<Arangodb>(&records, &subject, action, &about.resource(), &Value::Null))
}

/// What the rules say of somebody who need not be the caller: an answer to tell, not to act on.
///
/// # Errors
///
/// [`Interrupt`], when the store is broken.
pub fn evaluate(
    tx: &Transaction<'_>,
    mode: &Value,
    who: Who<'_>,
    action: Action,
    about: About<'_>,
) -> Result<Ruling<Arangodb>, Interrupt> {
    let records = tx.parse_records::<Arangodb>(&given(mode, Some(who), about))?;
    let subject = Arangodb::subject(&records, Some(who.name));
    Ok(Arangodb::decide(&records, &subject, action, &about.resource(), Details::NONE))
}

/// The level that the rules tell.
///
/// # Errors
///
/// As [`evaluate`].
pub fn level(
    tx: &Transaction<'_>,
    mode: &Value,
    who: Who<'_>,
    action: Action,
    about: About<'_>,
) -> Result<Level, Interrupt> {
    Ok(evaluate(tx, mode, who, action, about)?.level.unwrap_or(Level::None))
}

/// Records with one user, and of its grants those on what is asked about, on `_system` and on `*`.
fn given(mode: &Value, who: Option<Who<'_>>, about: About<'_>) -> Value {
    let mut users = Vec::new();
    if let Some(Who { name, user: Some(user) }) = who {
        let (named, collection) = match about {
            About::Server | About::User(_) => (None, None),
            About::Database(name, database) => (Some((name, database)), None),
            About::Collection(name, database, collection) => (Some((name, database)), Some(collection)),
        };
        let mut grants = Vec::new();
        let mut add = |name: &str, database: &Database, collection: Option<&str>| {
            if let Some(grant) = user.grant(name, database) {
                grants.push((name.to_owned(), grant.record(|name| name == WILDCARD || Some(name) == collection)));
            }
        };
        if let Some((name, database)) = named {
            add(name, database, collection);
        }
        for name in [SYSTEM, WILDCARD] {
            if named.is_none_or(|(named, _)| named != name) {
                // Neither is ever dropped.
                add(name, &Database::absent(name), None);
            }
        }
        let record = Value::object([("active", user.active.into()), ("grants", Value::Object(grants))]);
        users.push((name.to_owned(), record));
    }
    Value::object([("users", Value::Object(users)), ("mode", mode.clone())])
}
