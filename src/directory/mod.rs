//! The directory: users, roles and credentials, and the documented requests that change them.
//!
//! A call is a pure function. What it needs of the world it asks for, and it is run again from its start when
//! the answer is there:
//!
//! ```text
//! request -> authenticate -> parse -> decide -> execute -> changes + response
//! ```
//!
//! [`answer`] takes a [`Task`] with the [`Facts`] known so far, and comes to an [`Outcome`]: more questions, or
//! a response with all the changes it brings and everything that they rest on. Whoever runs it, the shell,
//! reads, hashes and commits; it commits all or nothing, and only if nothing that was read has changed since.
//! A response that refuses never has changes, but for the count of tries to get in; and a change of a record takes a
//! [`Permit`], which only a decision, a verified secret or the operator's own hand gives.
//!
//! Nothing here knows a product: each room's `directory/` has the product's own endpoints, on the same rules of
//! access as everything else.

mod attempt;
mod brake;
mod changes;
mod conditions;
mod confusable;
mod credentials;
mod facts;
mod guards;
mod hashes;
pub(crate) mod index;
mod invisible;
pub(crate) mod jwt;
mod key;
mod passwords;
mod permit;
mod request;
mod reserved;
mod response;
mod secret;
mod slot;
pub(crate) mod tasks;
pub(crate) mod time;
#[cfg(feature = "directory-js")]
pub(crate) mod transcript;
mod world;

pub use facts::{Ask, Count, Entry, Facts, Found, Memory, Page};
pub use guards::Guards;
pub use permit::Permit;
pub use request::{BodySize, Call};
pub use response::{Body, Response};
pub use tasks::{Expectation, Mail, Noted, Outcome, Task};
pub use world::ENTROPY;

pub(crate) use attempt::{Before, Throttle};
pub(crate) use brake::{Brake, Look};
pub(crate) use conditions::tag;
pub(crate) use credentials::{basic, scheme, Basic};
pub(crate) use guards::{Holder, Owned, View};
pub(crate) use key::Key;
pub(crate) use permit::Verified;
pub(crate) use request::{decode, BodyError};
pub(crate) use response::{Fault, Objection, Stop};
pub(crate) use secret::digest;
pub(crate) use slot::Slot;
pub(crate) use tasks::{claim, invalid_records, is_empty};
pub(crate) use world::World;

pub(crate) use crate::node::NEW_NAME_MAX as NAME_MAX;

use crate::system::System;
use crate::systems::SystemName;
use crate::value::Value;

/// Runs a task of a system on the facts known so far.
///
/// `now` is in milliseconds since 1970; `secret` signs sessions, and stays the same for a store; `entropy` are
/// [`ENTROPY`] random bytes, new for each run.
pub fn answer(
    system: SystemName,
    task: &Task<'_>,
    guards: Guards,
    now: i64,
    secret: &[u8],
    entropy: &[u8],
    facts: &Facts,
) -> Outcome {
    system.answer(task, guards, now, secret, entropy, facts)
}

/// The records of a store, whole, in the shape that [`crate::open`] reads, without a secret. `entries` are all
/// entries of the store.
pub fn export(system: SystemName, entries: &[(String, Value)]) -> Value {
    system.export(entries)
}

/// What a system is called; the list of systems says it.
pub(crate) trait Named {
    /// Its name.
    const NAME: &'static str;
}

/// A system whose requests the directory answers.
pub(crate) trait Directory: System + Named {
    /// Where the records of users begin: a store without any has no users.
    const USERS: &'static str;

    /// What is found in order, with a count, or by attribute.
    const INDEXES: &'static [index::Index];

    /// Headers of every answer to a request, refusals and faults too.
    const HEADERS: &'static [(&'static str, &'static str)] = &[];

    /// Answers a request of the product's own API.
    ///
    /// # Errors
    ///
    /// [`Stop`]: facts are missing, or the answer is one that changes nothing.
    fn call(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop>;

    /// How large a body the route of a call takes.
    fn body_size(_call: &Call<'_>) -> BodySize {
        BodySize::Ordinary
    }

    /// Puts records, in the one shape that records have everywhere, into an empty store. They were read by
    /// [`System::records`] before, without a problem.
    ///
    /// # Errors
    ///
    /// [`Stop`]: facts are missing, or the records have [problems](invalid_records) that only a directory sees.
    fn import(world: &mut World<'_>, permit: &Permit, document: &Value) -> Result<(), Stop>;

    /// The records of a store, whole, in the same shape, without a secret.
    fn export(entries: &[(String, Value)]) -> Value;

    /// Where the entries begin that [say what somebody may](Self::holder).
    const GUARDED: &'static [&'static str];

    /// Where the entries begin, beside those of users, roles and groups, on which rights hang: a denial or a cap may go
    /// with one. The guards compare what the caller may before and after a change of such an entry. What other users
    /// come to by it is not compared, so a model lists entries here only if nobody can get more of it than a caller
    /// to whom it brings nothing.
    const BEARING: &'static [&'static str] = &[];

    /// Whoever has what an entry says, for the guards to compare: a user, or what a role or group gives. `None`
    /// for an entry that says nothing of it.
    ///
    /// # Errors
    ///
    /// [`Stop`]: facts are missing, or the entry can not be read.
    fn holder(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Stop>;

    /// What the directory's own refusal of a call looks like to the product's clients.
    fn objection(objection: Objection, call: &Call<'_>) -> Response;

    /// What a fault that is not the product's looks like to its clients, who asked for this path.
    fn fault(fault: Fault, _path: &str) -> Response {
        fault.response()
    }
}
