//! What a model with requests brings: its entries of the store, and its own requests on them.

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

/// What a system is called; the list of systems says it.
pub(crate) trait Named {
    /// Its name.
    const NAME: &'static str;
}

/// A system whose requests the directory answers.
pub(crate) trait Directory: System<Action: Word> + Named {
    /// Where the records of users begin: a store without any has no users.
    const USERS: &'static str;

    /// What is found in order, with a count, or by attribute.
    const INDEXES: &'static [Index];

    /// Headers of every answer to a request, refusals and faults too.
    const HEADERS: &'static [(&'static str, &'static str)] = &[];

    /// Answers a request of the product's own API.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: facts are missing, or the answer is one that changes nothing.
    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt>;

    /// How large a body the route of a call takes.
    fn body_size(_call: &Call<'_>) -> BodySize {
        BodySize::Ordinary
    }

    /// Puts records, in the one shape that records have everywhere, into an empty store. They were read by
    /// [`System::parse_records`] before, without a problem.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: facts are missing, or the records have [problems](invalid_records) that only a directory sees.
    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt>;

    /// The records of a store, whole, in the same shape, without a secret.
    fn export_records(entries: &[(String, Value)]) -> Value;

    /// Where the entries begin that [say what somebody may](Self::holder_at).
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
    /// [`Interrupt`]: facts are missing, or the entry can not be read.
    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt>;

    /// What the directory's own refusal of a call looks like to the product's clients.
    fn rejection_response(rejection: Rejection, call: &Call<'_>) -> Response;

    /// What a fault that is not the product's looks like to its clients, who asked for this path.
    fn fault_response(fault: Fault, _path: &str) -> Response {
        fault.response()
    }
}

impl Response {
    /// The same response with the headers that every answer of a system has.
    #[must_use]
    pub(super) fn with_headers_of<S: Directory>(self) -> Self {
        let missing: Vec<_> = S::HEADERS.iter().filter(|(name, _)| self.header(name).is_none()).collect();
        missing.into_iter().fold(self, |response, (name, value)| response.with_header(name, *value))
    }
}

impl Fault {
    /// The response of a system to this fault at a path.
    pub(super) fn response_of<S: Directory>(self, path: &str) -> Response {
        let response = S::fault_response(self, path).with_headers_of::<S>();
        self.headers().iter().fold(response, |response, (name, value)| response.with_header(name, *value))
    }
}
