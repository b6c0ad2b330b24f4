//! Everything that is held between two calls, behind numbers that can be checked.

use super::slots::{Handle, Slots};
use crate::authorizer::{Authorizer, Subject};
use crate::decision::Packed;
use crate::error::Error;
use crate::system::Details;

/// How many different decisions one subject's prepared questions can have: a question's number has 9 bits.
/// No system has that many (rules x levels x needed levels), so asking can not fill it.
const PREPARED_MAX: usize = 1 << PREPARED_BITS;
const PREPARED_BITS: u32 = 9;

/// The answer to a handle or a number of a question that belongs to something else.
pub(super) const FOREIGN: u32 = Packed::FOREIGN.0;

/// A subject between two calls.
#[derive(Debug)]
struct Held {
    subject: Subject,
    owner: Handle,
    /// Marks the numbers of this subject's prepared questions; 0 until the first one.
    serial: u32,
    /// The decisions of the prepared questions, each once: bounded, whatever is asked.
    prepared: Vec<Packed>,
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
        let held = Held { subject, owner, serial: 0, prepared: Vec::new() };
        self.subjects.insert(held).ok_or(Error::TooManySubjects)
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

    /// Writes a decision down for this subject; its number under the subject's serial. `serial` becomes the
    /// subject's if it has none yet.
    pub(super) fn prepare(&mut self, subject: Handle, packed: Packed, serial: u32) -> Result<u32, Error> {
        let held = self.subjects.get_mut(subject).ok_or(Error::StaleHandle)?;
        if held.serial == 0 {
            held.serial = serial;
        }
        // Only whether it is a yes is asked again.
        let packed = Packed(packed.0 & 1);
        let known = held.prepared.iter().position(|prepared| *prepared == packed);
        let index = known.unwrap_or(held.prepared.len());
        if known.is_none() {
            if index >= PREPARED_MAX {
                return Err(Error::TooManySubjects);
            }
            held.prepared.push(packed);
        }
        Ok((held.serial << PREPARED_BITS) | u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The decision of a prepared question. What another subject or another instance prepared is denied.
    #[inline(always)]
    pub(super) fn decide_prepared(&self, subject: Handle, question: u32) -> u32 {
        self.subjects.get(subject).map_or(FOREIGN, |held| held.prepared(question))
    }

    /// Answers the questions whose numbers stand in `area` (four bytes each, little-endian): one byte each,
    /// from its start. Returns how many of them are foreign. No more are answered than the area holds.
    pub(super) fn decide_many(&self, subject: Handle, area: &mut [u8], count: usize) -> u32 {
        let held = self.subjects.get(subject);
        let mut foreign = 0_u32;
        for index in 0..count.min(area.len() / 4) {
            let start = index.saturating_mul(4);
            let number = area.get(start..start.saturating_add(4)).and_then(|bytes| bytes.try_into().ok());
            let packed = match (held, number) {
                (Some(held), Some(number)) => held.prepared(u32::from_le_bytes(number)),
                _ => FOREIGN,
            };
            foreign = foreign.saturating_add(u32::from(packed == FOREIGN));
            if let Some(answer) = area.get_mut(index) {
                *answer = u8::from(packed & 1 == 1);
            }
        }
        foreign
    }
}

impl Held {
    #[inline(always)]
    fn prepared(&self, question: u32) -> u32 {
        if question >> PREPARED_BITS != self.serial {
            return FOREIGN;
        }
        let index = usize::try_from(question & ((1 << PREPARED_BITS) - 1)).unwrap_or(usize::MAX);
        self.prepared.get(index).map_or(FOREIGN, |packed| packed.0)
    }
}
