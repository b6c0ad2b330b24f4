//! What a user, role or group may do, before a call and after it: what the strict guards compare.

use super::interrupt::Interrupt;
use super::key::Key;
use super::transaction::Transaction;
use crate::document::value::Value;
use crate::system::{Details, System};

/// Before a call, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
}

/// The store at one moment.
pub(crate) struct View<'v, 'w> {
    pub(super) tx: &'v mut Transaction<'w>,
    pub(super) moment: Moment,
}

impl View<'_, '_> {
    /// What stands at a key.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read(&mut self, key: &Key) -> Result<Option<Value>, Interrupt> {
        if self.moment == Moment::After {
            if let Some(changed) = self.tx.changes.changed(key.text()) {
                return Ok(changed.cloned());
            }
        }
        // What chance has named nobody can have read.
        if self.tx.changes.is_new(key.text()) {
            return Ok(None);
        }
        Ok(self.tx.read(key)?.cloned())
    }

    /// What stands at several keys, asked for together.
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
        keys.iter().map(|key| self.read(key)).collect()
    }

    /// What stood at several keys before the call, asked for together.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_all_before(&mut self, keys: &[Key]) -> Result<Vec<Option<Value>>, Interrupt> {
        View { tx: self.tx, moment: Moment::Before }.read_all(keys)
    }

    /// All entries below a prefix, as they were before the call: for what no call changes.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn all_before(&mut self, prefix: &str) -> Result<Vec<Value>, Interrupt> {
        Ok(self.tx.scan_all(prefix)?.into_iter().map(|(_, entry)| entry.value.clone()).collect())
    }

    /// Reads records that the directory itself put together, as [`Transaction::records`].
    ///
    /// # Errors
    ///
    /// [`super::Fault::Internal`].
    pub fn parse_records<S: System>(&self, document: &Value) -> Result<S::Records, Interrupt> {
        self.tx.parse_records::<S>(document)
    }
}

/// A user, or what a role or group gives to everybody who has it.
pub(crate) struct Holder<S: System> {
    /// What people call it by, without the part of the store that it is in.
    pub name: String,
    /// What decides, as if the user, and the groups that decide for it, were active: a user who is switched off is not
    /// free for every other user to take over.
    pub records: S::Records,
    pub subject: S::Subject,
    /// What decides now, where an inactive group decides for an active user.
    pub now: Option<(S::Records, S::Subject)>,
    /// Of a group: what decides for a member who owns all that users own, with the group as it is. What a group opens may be
    /// of use to such a member alone.
    pub owner: Option<(S::Records, S::Subject)>,
    /// The questions to which another holder of rights could have another answer.
    pub questions: Vec<(S::Action, String)>,
    /// What it owns, apart from what was not there or had no owner before the call. Owning opens what no role does.
    pub owns: Vec<Owned>,
    /// What the user signs in by, where users who own something are managed by users who do not.
    pub secret: Option<String>,
    /// Who has this role or group has it in place of what else they have, and gets that back when it goes.
    pub replaces: bool,
    /// The part of the entry that is about the user. What others change of it in passing is not in it.
    pub managed: Value,
    /// The user may come in.
    pub is_active: bool,
    /// Something is denied to the user that other users of the same kind may do.
    pub is_capped: bool,
    /// The user can manage users and has something to sign in with; where this counts for a part of the store
    /// only, the name of that.
    pub administers: Option<String>,
}

/// A thing that a user owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    /// Its name.
    pub name: String,
    /// How many owners it had before the call.
    pub owners: usize,
}

impl<S: System> Holder<S> {
    /// Somebody who is active, owns nothing, and is no admin.
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

    /// Whether the rules of access let it do this.
    pub fn can(&self, action: S::Action, resource: &str) -> bool {
        self.potential().can(action, resource)
    }

    /// Its rights if all groups were active.
    pub(super) fn potential(&self) -> Rights<'_, S> {
        Rights { records: &self.records, subject: &self.subject, questions: &self.questions }
    }

    /// Its rights as groups are.
    pub(super) fn actual(&self) -> Rights<'_, S> {
        match &self.now {
            Some((records, subject)) => Rights { records, subject, questions: &self.questions },
            None => self.potential(),
        }
    }

    /// The rights of a member of the group who owns all that users own.
    pub(super) fn owner_rights(&self) -> Option<Rights<'_, S>> {
        let (records, subject) = self.owner.as_ref()?;
        Some(Rights { records, subject, questions: &self.questions })
    }

    pub(super) fn owns(&self, name: &str) -> bool {
        self.owns.iter().any(|owned| owned.name == name)
    }
}

/// What decides for a holder, and the questions that tell it from others.
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
