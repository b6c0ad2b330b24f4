//! The questions that the strict guards compare.

use super::super::model::WILDCARD;
use super::super::resource::encode_segment;
use super::super::{Action, Arangodb};
use super::database::Database;
use super::stored::{database_key, user_key};
use super::user::User;
use crate::directory::prelude::{Fault, Holder, Interrupt, Key, View};
use crate::document::value::Value;
use crate::system::System as _;

/// Represents every name without a grant of its own. No database has this name, because it contains a control
/// character.
const OTHER: &str = "any\u{7f}other";

/// The privileges of a stored user, with the grants that still apply.
///
/// # Errors
///
/// [`Interrupt`].
pub fn user_holder(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Holder<Arangodb>, Interrupt> {
    let name = Key::last_name(key.text());
    debug_assert_eq!(*key, user_key(&name));
    let user = User::from_value(&name, value).ok_or(Fault::Internal)?;
    let databases: Vec<&str> = user.granted_databases().collect();
    let keys: Vec<Key> = databases.iter().map(|database| database_key(database)).collect();
    let entries = view.read_all(&keys)?;
    let mut grants = Vec::new();
    let mut questions = vec![(Action::Administrate, "/".to_owned())];
    questions.extend(target(OTHER, []));
    for (database, entry) in databases.into_iter().zip(entries) {
        let entry = match entry {
            Some(entry) => Database::from_value(&entry).ok_or(Fault::Internal)?,
            None => Database::absent(database),
        };
        let Some(grant) = user.effective_grant(database, &entry) else { continue };
        // The grants on `*` are compared by the questions about `OTHER`.
        if database != WILDCARD {
            questions.extend(target(database, grant.collections_with_grants().filter(|name| *name != WILDCARD)));
        }
        grants.push((database.to_owned(), grant.to_record(|_| true)));
    }
    let record = Value::object([("active", true.into()), ("grants", Value::Object(grants))]);
    let users = Value::Object(vec![(name.clone(), record)]);
    let records = view.parse_records::<Arangodb>(&Value::object([("users", users)]))?;
    let subject = Arangodb::subject(&records, Some(&name));
    let can_sign_in = user.active && user.hash.is_some();
    let holder = Holder::new(name, records, subject, questions, value.clone());
    let is_admin = can_sign_in && holder.can(Action::Administrate, "/");
    Ok(Holder { is_active: user.active, administers: is_admin.then(String::new), ..holder })
}

/// The questions about a database and about its collections: the given ones, and any other.
fn target<'n>(database: &str, collections: impl IntoIterator<Item = &'n str>) -> Vec<(Action, String)> {
    let name = encode_segment(database);
    let mut questions = vec![(Action::Use, name.to_string()), (Action::CreateCollection, name.to_string())];
    for collection in collections.into_iter().chain([OTHER]) {
        let name = format!("{name}/{}", encode_segment(collection));
        let actions = [Action::Read, Action::Write, Action::ManageCollection];
        questions.extend(actions.map(|action| (action, name.clone())));
    }
    questions
}
