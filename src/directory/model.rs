//! What a model with requests implements: its entries of the store, and the handlers of its requests.

use super::authorized::Authorized;
use super::fault::Fault;
use super::holder::{Holder, View};
use super::index::Index;
use super::interrupt::Interrupt;
use super::key::Key;
use super::rejection::Rejection;
use super::request::{BodySize, Call};
use super::response::Response;
use super::transaction::Transaction;
use crate::document::value::Value;
use crate::system::System;
use crate::tables::word::Word;

/// The name of a model, which the list of models sets.
pub(crate) trait Named {
    /// The name.
    const NAME: &'static str;
}

/// A model whose requests the directory handles.
pub(crate) trait Directory: System<Action: Word> + Named {
    /// The prefix of the users' entries. A store without any has no users.
    const USERS: &'static str;

    /// The indexes: lists in order with a count, and lookups by attribute.
    const INDEXES: &'static [Index];

    /// Headers of every response, rejections and faults included.
    const HEADERS: &'static [(&'static str, &'static str)] = &[];

    /// Handles a request of the product's own API.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: facts are missing, or the response changes nothing.
    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt>;

    /// The body size that the route of a request accepts.
    fn body_size(_call: &Call<'_>) -> BodySize {
        BodySize::Ordinary
    }

    /// Writes records, in the format that `open` takes, into an empty store. [`System::parse_records`] has parsed them
    /// before without a problem.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: facts are missing, or the records have [problems](invalid_records) that only a directory detects.
    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt>;

    /// All records of a store in the same format, without secrets.
    fn export_records(entries: &[(String, Value)]) -> Value;

    /// The prefixes of the entries that [hold privileges](Self::holder_at).
    const GUARDED: &'static [&'static str];

    /// Further prefixes on which privileges depend, besides users, roles and groups: removing such an entry may remove
    /// a denial or a cap. The guards compare the caller's privileges before and after a change of such an entry. They
    /// do not compare what other users gain by it, so a model lists entries here only if no other user can gain more
    /// than the caller.
    const BEARING: &'static [&'static str] = &[];

    /// The holder that an entry describes, for the guards to compare: a user, or what a role or group grants. Returns
    /// `None` for an entry that describes no privileges.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: facts are missing, or the entry is malformed.
    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt>;

    /// The response to a request that the directory itself rejects, in the product's format.
    fn rejection_response(rejection: Rejection, call: &Call<'_>) -> Response;

    /// The response to a fault, in the product's format, for a request to this path.
    fn fault_response(fault: Fault, _path: &str) -> Response {
        fault.response()
    }
}

impl Response {
    /// Adds the headers that every response of a model has.
    #[must_use]
    pub(super) fn with_headers_of<S: Directory>(self) -> Self {
        let missing: Vec<_> = S::HEADERS.iter().filter(|(name, _)| self.header(name).is_none()).collect();
        missing.into_iter().fold(self, |response, (name, value)| response.with_header(name, *value))
    }
}

impl Fault {
    /// The response of a model to this fault at a path.
    pub(super) fn response_of<S: Directory>(self, path: &str) -> Response {
        let response = S::fault_response(self, path).with_headers_of::<S>();
        self.headers().iter().fold(response, |response, (name, value)| response.with_header(name, *value))
    }
}
