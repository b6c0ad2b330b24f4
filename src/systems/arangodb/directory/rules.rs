//! Asks the access rules, with only those records that the question depends on.

use super::super::model::{SYSTEM, WILDCARD};
use super::super::resource::encode_segment;
use super::super::{Action, Arangodb, Level};
use super::database::Database;
use super::user::User;
use crate::directory::prelude::{Authorized, Interrupt, Transaction};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, System as _};

/// The resource of a question, with its database.
#[derive(Clone, Copy)]
pub enum RuleTarget<'a> {
    Server,
    User(&'a str),
    Database(&'a str, &'a Database),
    Collection(&'a str, &'a Database, &'a str),
}

impl RuleTarget<'_> {
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

/// The user of a question; `user` is `None` if the store has no such user.
#[derive(Clone, Copy)]
pub struct UserRef<'a> {
    pub name: &'a str,
    pub user: Option<&'a User>,
}

/// Decides whether the caller can execute the action. The decision is logged.
///
/// # Errors
///
/// [`Interrupt`], when the store is broken.
pub fn decide(
    tx: &mut Transaction<'_>,
    mode: &Value,
    caller: Option<UserRef<'_>>,
    action: Action,
    target: RuleTarget<'_>,
) -> Result<Result<Authorized, Ruling<Arangodb>>, Interrupt> {
    let records = tx.parse_records::<Arangodb>(&minimal_records(mode, caller, target))?;
    let subject = Arangodb::subject(&records, caller.map(|user| user.name));
    Ok(tx.decide::<Arangodb>(&records, &subject, action, &target.resource(), &Value::Null))
}

/// Evaluates the rules for any user, for information: the result authorizes no write, and is not logged.
///
/// # Errors
///
/// [`Interrupt`], when the store is broken.
pub fn evaluate(
    tx: &Transaction<'_>,
    mode: &Value,
    user: UserRef<'_>,
    action: Action,
    target: RuleTarget<'_>,
) -> Result<Ruling<Arangodb>, Interrupt> {
    let records = tx.parse_records::<Arangodb>(&minimal_records(mode, Some(user), target))?;
    let subject = Arangodb::subject(&records, Some(user.name));
    Ok(Arangodb::decide(&records, &subject, action, &target.resource(), Details::NONE))
}

/// The level of a user, for information.
///
/// # Errors
///
/// As [`evaluate`].
pub fn evaluate_level(
    tx: &Transaction<'_>,
    mode: &Value,
    user: UserRef<'_>,
    action: Action,
    target: RuleTarget<'_>,
) -> Result<Level, Interrupt> {
    Ok(evaluate(tx, mode, user, action, target)?.level.unwrap_or(Level::None))
}

/// Records with one user, and with its grants on the target, on `_system` and on `*`.
fn minimal_records(mode: &Value, user: Option<UserRef<'_>>, target: RuleTarget<'_>) -> Value {
    let mut users = Vec::new();
    if let Some(UserRef { name, user: Some(user) }) = user {
        let (named, collection) = match target {
            RuleTarget::Server | RuleTarget::User(_) => (None, None),
            RuleTarget::Database(name, database) => (Some((name, database)), None),
            RuleTarget::Collection(name, database, collection) => (Some((name, database)), Some(collection)),
        };
        let mut grants = Vec::new();
        let mut add = |name: &str, database: &Database, collection: Option<&str>| {
            if let Some(grant) = user.effective_grant(name, database) {
                grants.push((name.to_owned(), grant.to_record(|name| name == WILDCARD || Some(name) == collection)));
            }
        };
        if let Some((name, database)) = named {
            add(name, database, collection);
        }
        for name in [SYSTEM, WILDCARD] {
            if named.is_none_or(|(named, _)| named != name) {
                // Neither of them can be dropped.
                add(name, &Database::absent(name), None);
            }
        }
        let record = Value::object([("active", user.active.into()), ("grants", Value::Object(grants))]);
        users.push((name.to_owned(), record));
    }
    Value::object([("users", Value::Object(users)), ("mode", mode.clone())])
}
