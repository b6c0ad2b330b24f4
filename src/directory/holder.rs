//! The privileges of a user, role or group before a request and after it: the strict guards compare them.

use super::interrupt::Interrupt;
use super::key::Key;
use super::transaction::Transaction;
use crate::document::value::Value;
use crate::system::{Details, System};

/// Before a request, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
}

/// The store before a request, or after it.
pub(crate) struct View<'v, 'w> {
    pub(super) tx: &'v mut Transaction<'w>,
    pub(super) moment: Moment,
}

impl View<'_, '_> {
    /// The entry of a key.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_entry(&mut self, key: &Key) -> Result<Option<Value>, Interrupt> {
        if self.moment == Moment::After {
            if let Some(changed) = self.tx.changes.changed(key.text()) {
                return Ok(changed.cloned());
            }
        }
        // A key with a random name cannot have been read.
        if self.tx.changes.is_new(key.text()) {
            return Ok(None);
        }
        Ok(self.tx.read_entry(key)?.cloned())
    }

    /// The entries of several keys, requested together.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_all(&mut self, keys: &[Key]) -> Result<Vec<Option<Value>>, Interrupt> {
        let mut missing = keys.to_vec();
        missing.retain(|key| {
            let changed = self.moment == Moment::After && self.tx.changes.changed(key.text()).is_some();
            !changed && !self.tx.changes.is_new(key.text())
        });
        self.tx.read_all(&missing)?;
        keys.iter().map(|key| self.read_entry(key)).collect()
    }

    /// The entries of several keys before the request, requested together.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_all_before(&mut self, keys: &[Key]) -> Result<Vec<Option<Value>>, Interrupt> {
        View { tx: self.tx, moment: Moment::Before }.read_all(keys)
    }

    /// All entries under a prefix before the request, for prefixes that no request changes.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn all_before(&mut self, prefix: &str) -> Result<Vec<Value>, Interrupt> {
        Ok(self.tx.scan_all(prefix)?.into_iter().map(|(_, entry)| entry.value.clone()).collect())
    }

    /// Parses records that the directory assembled, like [`Transaction::parse_records`].
    ///
    /// # Errors
    ///
    /// [`super::Fault::Internal`].
    pub fn parse_records<S: System>(&self, document: &Value) -> Result<S::Records, Interrupt> {
        self.tx.parse_records::<S>(document)
    }
}

/// A user, or what a role or group grants to its members.
pub(crate) struct Holder<S: System> {
    /// The name without the user store or tenant that it is in.
    pub name: String,
    /// The records and subject that decide if the user, and all groups that decide for the user, are active. So other
    /// users cannot take over a deactivated user.
    pub records: S::Records,
    pub subject: S::Subject,
    /// The records and subject that decide now, if an inactive group decides for an active user.
    pub now: Option<(S::Records, S::Subject)>,
    /// For a group: the records and subject of a member who owns all that users own. Some grants of a group are useful
    /// to such a member only.
    pub owner: Option<(S::Records, S::Subject)>,
    /// The questions for which another holder could get a different decision.
    pub questions: Vec<(S::Action, String)>,
    /// The resources that it owns, except for those that were missing or had no owner before the request. Ownership
    /// allows what no role does.
    pub owns: Vec<Owned>,
    /// The credential of a user, if users who own resources are managed by users who own none.
    pub secret: Option<String>,
    /// Members of this role or group have it instead of their other privileges, and get those back when it is removed.
    pub replaces: bool,
    /// The part of the entry that describes the user, without what other users' requests change in it.
    pub managed: Value,
    /// Whether the user can sign in.
    pub is_active: bool,
    /// Whether something is denied to the user that other users of the same kind may do.
    pub is_capped: bool,
    /// Set if the user can manage users and has a credential. If this applies to one tenant or user store only, its
    /// name.
    pub administers: Option<String>,
}

/// A resource that a user owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    /// Its name.
    pub name: String,
    /// The number of owners that it had before the request.
    pub owners: usize,
}

impl<S: System> Holder<S> {
    /// A holder that is active, owns nothing, and is not an administrator.
    pub fn new(
        name: String,
        records: S::Records,
        subject: S::Subject,
        questions: Vec<(S::Action, String)>,
        managed: Value,
    ) -> Self {
        Self {
            name,
            records,
            subject,
            now: None,
            owner: None,
            questions,
            owns: Vec::new(),
            secret: None,
            replaces: false,
            managed,
            is_active: true,
            is_capped: false,
            administers: None,
        }
    }

    /// Whether the rules allow it to do this.
    pub fn can(&self, action: S::Action, resource: &str) -> bool {
        self.potential_rights().can(action, resource)
    }

    /// Its privileges if all groups were active.
    pub(super) fn potential_rights(&self) -> Rights<'_, S> {
        Rights { records: &self.records, subject: &self.subject, questions: &self.questions }
    }

    /// Its privileges with only the active groups.
    pub(super) fn current_rights(&self) -> Rights<'_, S> {
        match &self.now {
            Some((records, subject)) => Rights { records, subject, questions: &self.questions },
            None => self.potential_rights(),
        }
    }

    /// The privileges of a group member who owns all that users own.
    pub(super) fn owner_rights(&self) -> Option<Rights<'_, S>> {
        let (records, subject) = self.owner.as_ref()?;
        Some(Rights { records, subject, questions: &self.questions })
    }

    pub(super) fn owns_resource(&self, name: &str) -> bool {
        self.owns.iter().any(|owned| owned.name == name)
    }
}

/// The records and subject that decide for a holder, and the questions that distinguish it from others.
pub(super) struct Rights<'h, S: System> {
    pub(super) records: &'h S::Records,
    pub(super) subject: &'h S::Subject,
    pub(super) questions: &'h [(S::Action, String)],
}

impl<S: System> Rights<'_, S> {
    pub(super) fn can(&self, action: S::Action, resource: &str) -> bool {
        S::decide(self.records, self.subject, action, resource, Details::NONE).allow
    }
}
