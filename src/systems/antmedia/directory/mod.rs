//! The product's own endpoints: users, the way in and out, and the guard before everything else of the panel.
//!
//! # Entries
//!
//! | key | what stands there |
//! | --- | --- |
//! | `user/<e-mail>` | a user |
//! | `sessions/<id of a user>` | whose sessions they are, and of each the digest, the epoch and the end |
//! | `attempts/<e-mail>` | failed attempts to sign in, of an address that is or was a user's |
//! | `attempts-of-nobody/<slot>` | the same of any other address |
//!
//! A session hangs on the `id` of its user, so that a name that is given again inherits none, and on its `epoch`,
//! which counts up when the user sets a new password. Sessions outlive the user, because the product tells those
//! of a deleted one from none.
//!
//! What the rules allow and what is not about users is the host's to answer.

mod attempts;
mod authentication;
mod body;
mod guards;
mod passwords;
mod records;
mod responses;
mod sessions;
mod sign_in;
mod status;
mod stored;
mod users;

use self::responses::{failure, method_not_allowed, NO_SUCH_PATH, UNAVAILABLE};
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
        let allowed = authentication::enter(tx, call)?;
        // What is let in has names that are sound.
        let names = path::names_of_request(call.path).unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ["rest", "v2", names @ ..] = names.as_slice() else { return Err(Interrupt::Upstream) };
        let method = if call.method == "HEAD" { "GET" } else { call.method };
        match (method, names) {
            ("POST", ["users"]) => users::create(tx, &allowed, call),
            ("PUT", ["users"]) => users::edit(tx, &allowed, call),
            ("GET", ["user-list"]) => users::list(tx, call),
            ("POST", ["users", "authenticate"]) => sign_in::authenticate(tx, call),
            ("POST", ["users", "initial"]) => sign_in::first_user(tx, &allowed, call),
            ("POST", ["users", "password"]) => sign_in::change_password(tx, &allowed, call),
            ("DELETE", ["users", "logout"]) => sign_in::sign_out(tx, &allowed, call),
            ("DELETE", ["users", email]) => users::delete(tx, &allowed, email),
            ("GET", ["users", email, "blocked"]) => status::blocked(tx, email),
            ("GET", ["first-login-status"]) => status::first_login(tx),
            ("GET", ["authentication-status"]) => status::authentication(tx, call),
            ("GET", ["admin-status"]) => status::admin(tx, &allowed),
            (_, ["users"]) => Err(method_not_allowed("POST, PUT")),
            (_, ["users", "authenticate" | "initial" | "password"]) => Err(method_not_allowed("POST")),
            (_, ["users", _]) => Err(method_not_allowed("DELETE")),
            (_, ["users", _, "blocked"])
            | (_, ["user-list" | "first-login-status" | "authentication-status" | "admin-status"]) => {
                Err(method_not_allowed("GET"))
            }
            // Nobody but this directory has users.
            (_, ["users", ..]) => Err(NO_SUCH_PATH.into()),
            _ => Err(Interrupt::Upstream),
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        records::import(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        records::export(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        failure(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        match fault {
            Fault::Unavailable => UNAVAILABLE.response(),
            _ => failure(fault.status(), fault.message()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::prelude::Body;

    #[test]
    fn a_store_that_does_not_answer_is_said_in_the_products_words() {
        let said = Antmedia::fault_response(Fault::Unavailable, "");
        let Body::Json(body) = said.body else { return assert_eq!(said.status, 0) };
        let message = body.get("message").and_then(Value::text);
        assert_eq!((said.status, message), (500, Some("Database is not available. Please try again")));
    }
}
