//! The directory: users, roles and credentials, and the documented requests that change them.
//!
//! A call is a pure function. What it needs of the transaction it asks for, and it is run again from its start when
//! the answer is there:
//!
//! ```text
//! request -> authenticate -> parse -> decide -> execute -> changes + response
//! ```
//!
//! [`SystemName::answer`](crate::SystemName::answer) takes a [`Task`] with the [`Facts`] known so far, and comes to an [`Outcome`]: more questions, or
//! a response with all the changes it brings and everything that they rest on. Whoever runs it, the shell,
//! reads, hashes and commits; it commits all or nothing, and only if nothing that was read has changed since.
//! A response that refuses never has changes, but for the count of tries to get in; and a change of a record takes a
//! [`Authorized`], which only a decision, a verified secret or the operator's own hand gives.
//!
//! Nothing here knows a product: each room's `directory/` has the product's own endpoints, on the same rules of
//! access as everything else.

mod actor;
mod attempt;
mod authorized;
mod changes;
mod conditions;
mod confusable;
mod credentials;
mod facts;
mod fault;
mod first_records;
mod guards;
mod hashes;
mod holder;
pub(crate) mod index;
pub(crate) mod inputs;
mod interrupt;
mod invisible;
pub(crate) mod jwt;
mod key;
pub(crate) mod model;
pub(crate) mod outcome;
mod passwords;
pub(crate) mod prelude;
mod rejection;
mod request;
mod reserved;
mod response;
pub(crate) mod run;
mod secret;
mod slot;
pub(crate) mod task;
mod throttle;
pub(crate) mod time;
mod transaction;
#[cfg(feature = "directory-js")]
pub(crate) mod wire_format;

pub use authorized::Authorized;
pub use facts::{Ask, Count, Entry, Facts, Found, Memory, Page};
#[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
pub use inputs::draw_entropy;
pub use inputs::{Inputs, ENTROPY};
pub use outcome::{Expectation, LoggedDecision, Mail, Outcome};
pub use rejection::Guards;
pub use request::{BodySize, Call};
pub use response::{Body, Response};
pub use task::Task;
