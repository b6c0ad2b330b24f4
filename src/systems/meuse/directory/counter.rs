//! The counter in the store: how many users, crates and versions exist.

use super::json_members::integer_member;
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The numbers of entries.
#[derive(Default)]
pub(super) struct Counter {
    /// The last number that was assigned to a user.
    pub(super) cargo_id: i64,
    pub(super) users: i64,
    pub(super) crates: i64,
    pub(super) versions: i64,
}

pub(super) fn load_counter(tx: &mut Transaction<'_>) -> Result<Counter, Interrupt> {
    match tx.read_entry(&counter_key())? {
        Some(value) => Counter::from_value(value).ok_or(Interrupt::Fault(Fault::Internal)),
        None => Ok(Counter::default()),
    }
}

pub(super) fn counter_key() -> Key {
    Key::new("counter", &[])
}

pub(super) fn store_counter(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    counter: &Counter,
) -> Result<(), Interrupt> {
    tx.put(authorized, &counter_key(), counter.to_value())
}

impl Counter {
    fn from_value(value: &Value) -> Option<Self> {
        let number = |name| integer_member(value, name);
        let (users, crates, versions) = (number("users")?, number("crates")?, number("versions")?);
        Some(Self { cargo_id: number("cargo_id")?, users, crates, versions })
    }

    fn to_value(&self) -> Value {
        Value::object([
            ("cargo_id", self.cargo_id.into()),
            ("users", self.users.into()),
            ("crates", self.crates.into()),
            ("versions", self.versions.into()),
        ])
    }
}
