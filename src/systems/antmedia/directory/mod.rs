//! The product's endpoints: users, sign-in and sign-out, and authorization of all other requests to the panel.
//!
//! # Entries
//!
//! | key | value |
//! | --- | --- |
//! | `user/<e-mail>` | a user |
//! | `sessions/<id of a user>` | the e-mail address of the user, and the digest, epoch and end of each session |
//! | `attempts/<e-mail>` | failed sign-ins of an address that belongs, or belonged, to a user |
//! | `attempts-of-nobody/<slot>` | failed sign-ins of all other addresses |
//!
//! A session is bound to the `id` of its user, so a new user of the same name does not inherit it. It is also bound to
//! the user's `epoch`, which is incremented when the user sets a new password. Sessions are kept after the user is
//! deleted, because the product responds differently to the session of a deleted user and to a request without a
//! session.
//!
//! Requests that are not about users are forwarded to the host after they are authorized.

mod attempts;
mod authentication;
mod body;
mod export;
mod guards;
mod import;
mod passwords;
mod responses;
mod sessions;
mod sign_in;
mod status;
mod stored;
mod users;

use self::responses::{failure_response, method_not_allowed, NO_SUCH_PATH, UNAVAILABLE};
use super::{path, Antmedia};
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;

impl Directory for Antmedia {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        let authorized_call = authentication::authorize_request(tx, call)?;
        // An authorized request has only safe names in its path.
        let names = path::split_request_path(call.path).unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ["rest", "v2", names @ ..] = names.as_slice() else { return Err(Interrupt::Upstream) };
        let method = if call.method == "HEAD" { "GET" } else { call.method };
        match (method, names) {
            ("POST", ["users"]) => users::create_user(tx, &authorized_call, call),
            ("PUT", ["users"]) => users::edit_user(tx, &authorized_call, call),
            ("GET", ["user-list"]) => users::list_users(tx, call),
            ("POST", ["users", "authenticate"]) => sign_in::authenticate_user(tx, call),
            ("POST", ["users", "initial"]) => sign_in::create_first_user(tx, &authorized_call, call),
            ("POST", ["users", "password"]) => sign_in::change_password(tx, &authorized_call, call),
            ("DELETE", ["users", "logout"]) => sign_in::sign_out(tx, &authorized_call, call),
            ("DELETE", ["users", email]) => users::delete_user(tx, &authorized_call, email),
            ("GET", ["users", email, "blocked"]) => status::blocked_status(tx, email),
            ("GET", ["first-login-status"]) => status::first_login_status(tx),
            ("GET", ["authentication-status"]) => status::authentication_status(tx, call),
            ("GET", ["admin-status"]) => status::admin_status(tx, &authorized_call),
            (_, ["users"]) => Err(method_not_allowed("POST, PUT")),
            (_, ["users", "authenticate" | "initial" | "password"]) => Err(method_not_allowed("POST")),
            (_, ["users", _]) => Err(method_not_allowed("DELETE")),
            (_, ["users", _, "blocked"])
            | (_, ["user-list" | "first-login-status" | "authentication-status" | "admin-status"]) => {
                Err(method_not_allowed("GET, HEAD"))
            }
            // Only this directory has users, so nothing below is forwarded.
            (_, ["users", ..]) => Err(NO_SUCH_PATH.into()),
            _ => Err(Interrupt::Upstream),
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import_records(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export_records(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::user_holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        failure_response(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        match fault {
            Fault::Unavailable => UNAVAILABLE.response(),
            _ => failure_response(fault.status(), fault.message()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::prelude::Body;

    #[test]
    fn an_unavailable_store_returns_the_products_message() {
        let response = Antmedia::fault_response(Fault::Unavailable, "");
        let Body::Json(body) = response.body else { return assert_eq!(response.status, 0) };
        let message = body.get("message").and_then(Value::text);
        assert_eq!((response.status, message), (500, Some("Database is not available. Please try again")));
    }
}
