//! Everything that is held between two calls, behind numbers that can be checked.

use super::slots::{Handle, Slots};
use crate::authorizer::{Authorizer, Subject};
use crate::decision::Packed;
use crate::error::Error;
use crate::system::Details;

/// The decision for a handle that belongs to something else.
pub(super) const FOREIGN: u32 = Packed::FOREIGN.0;

/// A subject between two calls.
#[derive(Debug)]
struct Held {
    subject: Subject,
    owner: Handle,
}

/// All authorizers and subjects of one instance.
#[derive(Debug)]
pub(super) struct HandleTable {
    authorizers: Slots<Authorizer>,
    subjects: Slots<Held>,
}

impl HandleTable {
    pub(super) const fn new() -> Self {
        Self { authorizers: Slots::new(), subjects: Slots::new() }
    }

    pub(super) fn open(&mut self, authorizer: Authorizer) -> Result<Handle, Error> {
        self.authorizers.insert(authorizer).ok_or(Error::TooManySubjects)
    }

    /// Its subjects go with it: what they prepared must not be answered any more.
    pub(super) fn close(&mut self, authorizer: Handle) {
        if self.authorizers.remove(authorizer).is_some() {
            self.subjects.remove_all(|held| held.owner == authorizer);
        }
    }

    /// The authorizer; `None` for a handle that was disposed, or belongs to something else.
    pub(super) fn authorizer(&self, authorizer: Handle) -> Option<&Authorizer> {
        self.authorizers.get(authorizer)
    }

    pub(super) fn hold(&mut self, owner: Handle, subject: Subject) -> Result<Handle, Error> {
        self.subjects.insert(Held { subject, owner }).ok_or(Error::TooManySubjects)
    }

    pub(super) fn release(&mut self, subject: Handle) {
        self.subjects.remove(subject);
    }

    /// The subject and the authorizer that prepared it.
    pub(super) fn subject(&self, subject: Handle) -> Option<(&Authorizer, &Subject)> {
        let held = self.subjects.get(subject)?;
        Some((self.authorizer(held.owner)?, &held.subject))
    }

    /// Decides by codes. What fits nothing is denied.
    #[inline(always)]
    pub(super) fn decide(&self, subject: Handle, action: u32, resource: &str) -> u32 {
        match (self.subject(subject), u8::try_from(action)) {
            (Some((authorizer, subject)), Ok(action)) if authorizer.knows(resource) => {
                authorizer.decide_packed(subject, action, resource, Details::NONE).0
            }
            _ => FOREIGN,
        }
    }
}
