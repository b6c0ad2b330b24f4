//! Evaluates the rules of access, and records the caller of the request.

use super::Transaction;
use crate::directory::actor::Acting;
use crate::directory::authorized::{Authorized, Verified};
use crate::directory::fault::Fault;
use crate::directory::interrupt::Interrupt;
use crate::directory::key::Key;
use crate::directory::outcome::LoggedDecision;
use crate::directory::secret;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::System;
use crate::tables::word::Word;

impl Transaction<'_> {
    /// Evaluates the rules of access. The decision is recorded for the log, with the caller.
    ///
    /// # Errors
    ///
    /// The ruling that denies.
    pub fn decide<S: System<Action: Word>>(
        &mut self,
        records: &S::Records,
        subject: &S::Subject,
        action: S::Action,
        resource: &str,
        attributes: &Value,
    ) -> Result<Authorized, Ruling<S>> {
        let ruling = S::decide(records, subject, action, resource, attributes.into());
        self.logged.push(LoggedDecision {
            action: action.word(),
            resource: resource.to_owned(),
            allow: ruling.allow,
            rule: ruling.rule.word(),
        });
        if ruling.allow {
            Ok(Authorized::decided())
        } else {
            Err(ruling)
        }
    }

    /// Whether a random secret has the stored digest. Returns `None` if not. A random secret needs no slow hash, and
    /// the comparison takes constant time.
    pub fn verify_secret(&self, secret: &str, stored: &str) -> Option<Verified> {
        secret::matches_digest(secret, stored).then_some(Verified { outdated: false, recalled: false })
    }

    /// Records the authenticated caller: the name for the log, and the user's entry for the guards.
    pub fn actor(&mut self, name: &str, key: &Key) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::User(key.clone());
    }

    /// Records for the log that the caller is the operator and not a user.
    pub fn operator(&mut self, name: &str) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::Operator;
    }

    /// Parses records that the directory assembled. They are wrong only if the store is corrupt.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn parse_records<S: System>(&self, document: &Value) -> Result<S::Records, Interrupt> {
        let mut problems = Problems::default();
        let records = S::parse_records(Node { value: document }, &mut problems);
        problems.is_empty().then_some(records).ok_or(Interrupt::Fault(Fault::Internal))
    }

    /// Validates a body.
    ///
    /// # Errors
    ///
    /// All problems, in document order.
    pub fn validate<S: System>(
        &self,
        records: &S::Records,
        kind: S::Kind,
        body: &Value,
    ) -> Result<Value, Vec<crate::document::problem::Problem>> {
        let mut problems = Problems::default();
        let value = S::validate(records, kind, Node { value: body }, &mut problems);
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(problems.into_list(body))
        }
    }
}
