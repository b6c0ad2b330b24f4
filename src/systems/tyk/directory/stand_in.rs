//! The stand-in: a stored user that is read for an unknown address, so that the work is the same as for a known one.

use super::stored::User;
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The key of the stand-in, which is read for an unknown address.
pub fn stand_in_key() -> Key {
    Key::new("stand-in", &["user"])
}

/// The key of the entry that says that the stand-in exists.
pub fn stand_in_mark() -> Key {
    Key::new("stand-in", &[])
}

/// The stored form of the stand-in, as large as that of most users.
const STAND_IN: &str = r#"{"record":{"id":"0123456789abcdef01234567","org_id":"0123456789abcdef01234567","first_name":"Stand","last_name":"In","email_address":"stand.in@example.org","active":true,"user_permissions":{"apis":"read","users":"read","analytics":"read"},"group_id":"","access_key":"0123456789abcdef0123456789abcdef","created_at":"1970-01-01T00:00:00Z","last_login_date":"1970-01-01T00:00:00Z","password_updated":"1970-01-01T00:00:00Z","password_max_days":0,"api_model":{}},"hash":"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","history":[],"sessions":[]}"#;

/// Stores the entries of the stand-in in a store that was filled before the stand-in existed. Requests for known
/// addresses do this too, so that the work is the same.
///
/// # Errors
///
/// [`Interrupt`].
pub fn store_stand_in(tx: &mut Transaction<'_>, authorized: &Authorized) -> Result<(), Interrupt> {
    if tx.read_entry(&stand_in_mark())?.is_some() {
        return Ok(());
    }
    stand_in_entries().into_iter().try_for_each(|(key, value)| tx.create(authorized, &key, value))
}

/// The entries of the stand-in.
pub fn stand_in_entries() -> [(Key, Value); 2] {
    [(stand_in_mark(), Value::Bool(true)), (stand_in_key(), stand_in_user())]
}

fn stand_in_user() -> Value {
    Value::parse(STAND_IN).unwrap_or(Value::Null)
}

/// Parses the entry of the stand-in: the same work as for a known address.
pub fn parse_stand_in(entry: Option<&Value>) {
    let user = match entry {
        Some(entry) => User::from_value(entry),
        None => User::from_value(&stand_in_user()),
    };
    std::hint::black_box(user.is_some());
}
