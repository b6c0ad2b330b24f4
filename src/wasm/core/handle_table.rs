//! The authorizers and subjects that live between calls. JavaScript refers to them by handles, which are checked.

use super::slots::{Handle, Slots};
use crate::authorizer::{Authorizer, Subject};
use crate::decision::Packed;
use crate::error::Error;
use crate::system::Details;

/// The decision for a handle that is not valid.
pub(super) const FOREIGN: u32 = Packed::FOREIGN.0;

/// A subject with the authorizer that prepared it.
#[derive(Debug)]
struct StoredSubject {
    subject: Subject,
    owner: Handle,
}

/// All authorizers and subjects of one instance.
#[derive(Debug)]
pub(super) struct HandleTable {
    authorizers: Slots<Authorizer>,
    subjects: Slots<StoredSubject>,
}

impl HandleTable {
    pub(super) const fn new() -> Self {
        Self { authorizers: Slots::new(), subjects: Slots::new() }
    }

    pub(super) fn store_authorizer(&mut self, authorizer: Authorizer) -> Result<Handle, Error> {
        self.authorizers.insert(authorizer).ok_or(Error::TooManySubjects)
    }

    /// Removes an authorizer and its subjects.
    pub(super) fn remove_authorizer(&mut self, authorizer: Handle) {
        if self.authorizers.remove(authorizer).is_some() {
            self.subjects.remove_all(|stored| stored.owner == authorizer);
        }
    }

    /// The authorizer; `None` for a handle that was freed, or is of something else.
    pub(super) fn authorizer(&self, authorizer: Handle) -> Option<&Authorizer> {
        self.authorizers.get(authorizer)
    }

    pub(super) fn store_subject(&mut self, owner: Handle, subject: Subject) -> Result<Handle, Error> {
        self.subjects.insert(StoredSubject { subject, owner }).ok_or(Error::TooManySubjects)
    }

    pub(super) fn remove_subject(&mut self, subject: Handle) {
        self.subjects.remove(subject);
    }

    /// The subject and the authorizer that prepared it.
    pub(super) fn subject(&self, subject: Handle) -> Option<(&Authorizer, &Subject)> {
        let stored = self.subjects.get(subject)?;
        Some((self.authorizer(stored.owner)?, &stored.subject))
    }

    /// Decides by codes. A handle, a code or a resource that is not valid is denied.
    #[inline(always)]
    pub(super) fn decide(&self, subject: Handle, action: u32, resource: &str) -> u32 {
        match (self.subject(subject), u8::try_from(action)) {
            (Some((authorizer, subject)), Ok(action)) if authorizer.knows_resource(resource) => {
                authorizer.decide_packed(subject, action, resource, Details::NONE).0
            }
            _ => FOREIGN,
        }
    }
}
