//! The counts of an organisation in the store.

use super::stored::{integer, org_key};
use crate::directory::prelude::{Authorized, Fault, Interrupt, Transaction};
use crate::document::value::Value;

/// The counts of an organisation.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub users: i64,
    pub groups: i64,
    /// Active admins.
    pub admins: i64,
}

/// Reads the counts of an organisation.
///
/// # Errors
///
/// As [`user`].
pub fn read_counts(tx: &mut Transaction<'_>, org: &str) -> Result<Counts, Interrupt> {
    let Some(value) = tx.read_entry(&org_key(org))? else { return Ok(Counts::default()) };
    let count = |name: &str| value.get(name).and_then(integer).ok_or(Interrupt::Fault(Fault::Internal));
    Ok(Counts { users: count("users")?, groups: count("groups")?, admins: count("admins")? })
}

/// Stores the counts of an organisation.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn store_counts(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    org: &str,
    counts: Counts,
) -> Result<(), Interrupt> {
    tx.put(authorized, &org_key(org), counts.to_value())
}

impl Counts {
    pub fn to_value(self) -> Value {
        let Self { users, groups, admins } = self;
        Value::object([("users", users.into()), ("groups", groups.into()), ("admins", admins.into())])
    }
}
