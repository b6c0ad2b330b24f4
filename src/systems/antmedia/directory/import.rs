//! Imports records into an empty store.

use super::super::records::check_removable;
use super::body::{LOGOUT, LOGOUT_MESSAGE};
use super::stored::{store_user, user_key, User};
use crate::directory::prelude::{invalid_records, Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;

/// Stores the users of the records in an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let users = match document.get("users") {
        Some(Value::List(users)) => users.as_slice(),
        _ => &[],
    };
    check_emails(users, document)?;
    let text = |user: &Value, name| user.get(name).and_then(Value::text).map(str::to_owned);
    let keys: Vec<Key> = users.iter().map(|user| user_key(&text(user, "email").unwrap_or_default())).collect();
    tx.read_all(&keys)?;
    let passwords: Vec<&str> = users.iter().filter_map(record_password).collect();
    let mut hashes = tx.first_hashes(&passwords)?.into_iter();
    for user in users {
        let hash = match record_password(user) {
            Some(_) => Some(hashes.next().ok_or(Fault::Internal)?),
            None => text(user, "hash"),
        };
        let email = text(user, "email").ok_or(Fault::Internal)?;
        let user = User::new(tx.uuid()?, hash, user);
        store_user(tx, authorized, &email, &user)?;
    }
    Ok(())
}

/// Rejects users that could not be deleted, because a path cannot contain their e-mail addresses.
fn check_emails(users: &[Value], document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    for user in users {
        let email = user.get("email").and_then(Value::text).unwrap_or("");
        let members = Members { node: Node { value: user } };
        if email == LOGOUT {
            members.problem("email", &mut problems, Code::Reserved, LOGOUT_MESSAGE);
        } else {
            check_removable(members, email, &mut problems);
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// The password of a record. As in a request, an empty password is the same as no password.
fn record_password(user: &Value) -> Option<&str> {
    user.get("password")?.text().filter(|password| !password.is_empty())
}
