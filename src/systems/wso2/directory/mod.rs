//! The product's own endpoints: the console's `UserAdmin`, the portal's password form, and SCIM 2.0.
//!
//! # Entries
//!
//! | key | value |
//! | --- | --- |
//! | `settings` | the realm and the user stores, in the form of records |
//! | `user/<domain>/<name>` | a user with its claims, its own rules, and the ids of its roles |
//! | `user-id/<id>` | the name of the user with this id |
//! | `role/<id>` | a role with its rules |
//! | `role-name/<domain>/<name>` | the id of the role with this name |
//! | `member/<role>/<user>` | the membership of a user in a role, by their ids |
//! | `rules/<key>` | pending rules, for a name that no user or role has yet |
//!
//! Names in keys have the case that their store compares. A user's own entry decides which roles it has; `member`
//! entries only list them by role. Rights refer to ids, which are never reused, so that a name that is used again
//! inherits nothing.
//!
//! The console has no sessions. Every request has a name and a password, and the rights of its user are read with it.
//!
//! # Lists
//!
//! A list counts all resources that match its filter (RFC 7644 requires `totalResults`), and returns at most 100.
//!
//! | filter | what is read |
//! | --- | --- |
//! | none; `userName sw` | the page: an index has the order and the count |
//! | `userName eq`, `id eq`, `displayName eq`; `members eq` for the roles of a user | the named resource |
//! | `externalId eq`, `emails eq`, `emails.value eq`, `emails[… value eq …]` | the resources with this value |
//! | one of these `and` others | the same, compared with the whole filter |
//! | any other | every user or role once, 256 entries in each execution, with bounded memory |
//!
//! In case-sensitive stores, `userName sw` is handled like any other filter. `listUsers` compares names in the index,
//! starting at the first name with the prefix of its pattern, and reads the matching users.
//!
//! # Versions
//!
//! The version of a resource (RFC 7644, section 3.14) covers the whole resource, even if only a part is returned. A
//! user's version covers its SCIM attributes and the time of its last change, which includes password changes. A role
//! can have too many members to read all of them for a version. Instead, every change of the members updates the time
//! of the role's last change, which is its version.

mod export;
mod guards;
mod import;
mod indexes;
mod loaded;
mod names;
mod passwords;
mod permission_paths;
mod privileges;
mod responses;
mod role_members;
mod roles;
mod scim;
mod session;
mod settings;
mod stored;
mod user_admin;
mod user_admin_form;
mod user_list;
mod user_roles;
mod users;
mod writes;

use super::Wso2;
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, BodySize, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;
use responses::{ErrorFormat, UNKNOWN_PATH};
use settings::Settings;

impl Directory for Wso2 {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/", "role/"];
    const INDEXES: &'static [Index] = &[indexes::USERS, indexes::ROLES];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        let segments = call.segments().unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match within_tenant(tx, &segments)?.unwrap_or_default() {
            ["services", "UserAdmin", operation] => {
                user_admin::prefetch(tx, operation);
                let settings = Settings::load(tx)?;
                user_admin::handle_request(tx, call, &settings, operation)
            }
            ["api", "am", "devportal", "v3", "me", "change-password"] => {
                let settings = Settings::load(tx)?;
                user_admin::change_password(tx, call, &settings)
            }
            ["scim2", rest @ ..] => scim::handle_request(tx, call, rest),
            _ => Err(ErrorFormat::of_path(call.path).refuse(UNKNOWN_PATH)),
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        let segments = call.segments().unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["scim2", "Groups", ..] => BodySize::Document,
            ["services", "UserAdmin", operation] => user_admin::body_size(operation),
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import_records(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export_records(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder_of_entry(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, call: &Call<'_>) -> Response {
        responses::rejection_response(rejection, call)
    }

    fn fault_response(fault: Fault, path: &str) -> Response {
        responses::fault_response(fault, path)
    }
}

/// The path without `/t/<tenant>`, with which any path can begin; `None` for another tenant.
// Source: WSO2, "SCIM 2.0": the same endpoints below the tenant's name.
fn within_tenant<'p, 's>(
    tx: &mut Transaction<'_>,
    segments: &'p [&'s str],
) -> Result<Option<&'p [&'s str]>, Interrupt> {
    match segments {
        ["t", tenant, rest @ ..] => Ok(Settings::load(tx)?.is_tenant(tenant).then_some(rest)),
        segments => Ok(Some(segments)),
    }
}
