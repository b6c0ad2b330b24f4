//! What the handlers of the models are built from.

pub(crate) use super::attempt::{AttemptCounter, Before};
pub(crate) use super::authorized::{Authorized, Verified};
pub(crate) use super::conditions::{tag, tag_of_text};
pub(crate) use super::credentials::{basic, scheme, Basic};
pub(crate) use super::facts::Entry;
pub(crate) use super::fault::Fault;
pub(crate) use super::first_records::{claim, invalid_records, is_empty};
pub(crate) use super::holder::{Holder, Owned, View};
pub(crate) use super::interrupt::Interrupt;
pub(crate) use super::key::Key;
pub(crate) use super::model::Directory;
pub(crate) use super::outcome::Mail;
pub(crate) use super::rejection::Rejection;
pub(crate) use super::request::{decode, BodyError, BodySize, Call};
pub(crate) use super::response::{Body, Response};
pub(crate) use super::secret::digest;
pub(crate) use super::slot::Slot;
pub(crate) use super::throttle::{ProvisionalResult, Throttle};
pub(crate) use super::transaction::Transaction;
pub(crate) use super::{jwt, time};
