//! Asks the rules of access, and notes who makes the request.

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
    /// Asks the rules of access. The decision is noted for the log, with who asked.
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
        self.noted.push(LoggedDecision {
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

    /// Whether a secret that a machine drew has the digest that is stored; `None` if not. It has no need of a
    /// slow hash, and takes as long for a wrong one.
    pub fn verify_secret(&self, secret: &str, stored: &str) -> Option<Verified> {
        secret::matches_digest(secret, stored).then_some(Verified { outdated: false, recalled: false })
    }

    /// Notes who was found to make the request: the name for the log, and the user's entry for the guards.
    pub fn actor(&mut self, name: &str, key: &Key) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::User(key.clone());
    }

    /// Notes for the log that it was no user, but whoever runs the directory.
    pub fn operator(&mut self, name: &str) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::Operator;
    }

    /// Reads records that the directory itself put together, so that only a broken store makes them wrong.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn parse_records<S: System>(&self, document: &Value) -> Result<S::Records, Interrupt> {
        let mut problems = Problems::default();
        let records = S::parse_records(Node { value: document }, &mut problems);
        problems.is_empty().then_some(records).ok_or(Interrupt::Fault(Fault::Internal))
    }

    /// Checks a body; `Err` has every problem.
    ///
    /// # Errors
    ///
    /// The problems, in document order.
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
