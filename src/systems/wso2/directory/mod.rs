//! The product's own endpoints: the console's `UserAdmin`, the portal's password form, and SCIM 2.0.
//!
//! # Entries
//!
//! | key | what stands there |
//! | --- | --- |
//! | `settings` | the realm and the user stores, as records have them |
//! | `user/<domain>/<name>` | a user with its claims, its own rules, and the identifiers of its roles |
//! | `user-id/<id>` | the name of the user with this identifier |
//! | `role/<id>` | a role with its rules |
//! | `role-name/<domain>/<name>` | the identifier of the role of this name |
//! | `member/<role>/<user>` | that a user has a role, by their identifiers |
//! | `rules/<key>` | rules for a name that nobody has yet |
//!
//! Names in keys are in the one spelling that their store compares. A user's own entry decides which roles it has;
//! `member` only lists them the other way round. Whatever is granted hangs on identifiers, which are never given
//! again, so that a name that is given again inherits nothing.
//!
//! There are no sessions: every request brings a name and a password, and what its user may is read with it.
//!
//! # Lists
//!
//! A list counts all that fits its filter (RFC 7644 wants `totalResults`), and shows at most 100.
//!
//! | filter | what is read |
//! | --- | --- |
//! | none; `userName sw` | the page: an index has the order and the count |
//! | `userName eq`, `id eq`, `displayName eq`; `members eq` for the roles of a user | what it names |
//! | `externalId eq`, `emails eq`, `emails.value eq`, `emails[… value eq …]` | what has the value |
//! | one of these `and` others | the same, compared with the whole filter |
//! | any other | every user or role once, in parts of 256 entries, each a run of its own with a bounded memory |
//!
//! Stores that compare the case of names are found by `userName sw` in the last way. `listUsers` compares names in the
//! index, from the first one on that begins as its pattern does, and reads the users that fit.
//!
//! # Versions
//!
//! The version of a resource (RFC 7644, section 3.14) is of all of it, however much is told. A user's is of what SCIM
//! tells and of its last change, of its password too. A role has too many members to look at each of them wherever it
//! is told: every change of them puts the role's own entry, and its last change is its version.

mod book;
mod find;
mod guards;
mod import;
mod lists;
mod membership;
mod privileges;
mod responses;
mod roles;
mod scim;
mod services;
mod session;
mod stored;
mod users;

use super::Wso2;
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, BodySize, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;
use book::Settings;
use responses::{Face, UNKNOWN_PATH};

impl Directory for Wso2 {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/", "role/"];
    const INDEXES: &'static [Index] = &[find::USERS, find::ROLES];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        let segments = call.segments().unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match within_tenant(tx, &segments)?.unwrap_or_default() {
            ["services", "UserAdmin", operation] => {
                services::prefetch(tx, operation);
                let settings = Settings::read(tx)?;
                services::answer(tx, call, &settings, operation)
            }
            ["api", "am", "devportal", "v3", "me", "change-password"] => {
                let settings = Settings::read(tx)?;
                services::change_password(tx, call, &settings)
            }
            ["scim2", rest @ ..] => scim::answer(tx, call, rest),
            _ => Err(Face::of(call.path).refuse(UNKNOWN_PATH)),
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        let segments = call.segments().unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["scim2", "Groups", ..] => BodySize::Document,
            ["services", "UserAdmin", operation] => services::body_size(operation),
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        import::export(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, call: &Call<'_>) -> Response {
        responses::rejection(rejection, call)
    }

    fn fault_response(fault: Fault, path: &str) -> Response {
        responses::fault(fault, path)
    }
}

/// The path below `/t/<tenant>`, which any path may have before it; `None` for another tenant.
// Source: WSO2, "SCIM 2.0": the same endpoints below the tenant's name.
fn within_tenant<'p, 's>(
    tx: &mut Transaction<'_>,
    segments: &'p [&'s str],
) -> Result<Option<&'p [&'s str]>, Interrupt> {
    match segments {
        ["t", tenant, rest @ ..] => Ok(Settings::read(tx)?.is_tenant(tenant).then_some(rest)),
        segments => Ok(Some(segments)),
    }
}
