//! The directory: users, roles and credentials, and the documented requests that change them.
//!
//! The handler of a request does no I/O. It returns the facts that it needs, and is executed again from the start when the
//! host has supplied them:
//!
//! ```text
//! request -> authenticate -> parse -> decide -> execute -> changes + response
//! ```
//!
//! [`SystemName::run_task`](crate::SystemName::run_task) takes a [`Task`] with the [`Facts`] known so far, and returns
//! an [`Outcome`]. That is either the missing facts, or a response with all its changes and the versions that they
//! depend on. The host reads entries, hashes passwords and commits. It commits all changes or none, and only if no
//! version has changed since (optimistic concurrency). A refused request changes nothing, except for the count of
//! failed sign-ins. A write of a record needs an [`Authorized`], which only a decision, a verified secret or the
//! operator gives.
//!
//! Nothing here depends on a product. The `directory/` folder of each model has the product's own endpoints, which use the
//! same rules of access as `can`.

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
pub use facts::{Ask, CheckResult, Count, Entry, Facts, Memory, Page};
#[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
pub use inputs::draw_entropy;
pub use inputs::{Inputs, ENTROPY};
pub use outcome::{Expectation, LoggedDecision, Mail, Outcome};
pub use rejection::Guards;
pub use request::{BodySize, Call};
pub use response::{Body, Response};
pub use task::Task;
