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

mod answers;
mod attempts;
mod body;
mod gate;
mod guards;
mod passwords;
mod records;
mod sessions;
mod sign_in;
mod status;
mod stored;
mod users;

use self::answers::{failure, method_not_allowed, NO_SUCH_PATH, UNAVAILABLE};
use super::{path, Antmedia};
use crate::directory::index::Index;
use crate::directory::prelude::{Call, Directory, Fault, Holder, Key, Objection, Permit, Response, Stop, View, World};
use crate::document::value::Value;

impl Directory for Antmedia {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];

    fn call(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
        let visit = gate::enter(world, call)?;
        // What is let in has names that are sound.
        let names = path::names_of_request(call.path).unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ["rest", "v2", names @ ..] = names.as_slice() else { return Err(Stop::Upstream) };
        let method = if call.method == "HEAD" { "GET" } else { call.method };
        match (method, names) {
            ("POST", ["users"]) => users::create(world, &visit, call),
            ("PUT", ["users"]) => users::edit(world, &visit, call),
            ("GET", ["user-list"]) => users::list(world, call),
            ("POST", ["users", "authenticate"]) => sign_in::authenticate(world, call),
            ("POST", ["users", "initial"]) => sign_in::first_user(world, &visit, call),
            ("POST", ["users", "password"]) => sign_in::change_password(world, &visit, call),
            ("DELETE", ["users", "logout"]) => sign_in::sign_out(world, &visit, call),
            ("DELETE", ["users", email]) => users::delete(world, &visit, email),
            ("GET", ["users", email, "blocked"]) => status::blocked(world, email),
            ("GET", ["first-login-status"]) => status::first_login(world),
            ("GET", ["authentication-status"]) => status::authentication(world, call),
            ("GET", ["admin-status"]) => status::admin(world, &visit),
            (_, ["users"]) => Err(method_not_allowed("POST, PUT")),
            (_, ["users", "authenticate" | "initial" | "password"]) => Err(method_not_allowed("POST")),
            (_, ["users", _]) => Err(method_not_allowed("DELETE")),
            (_, ["users", _, "blocked"])
            | (_, ["user-list" | "first-login-status" | "authentication-status" | "admin-status"]) => {
                Err(method_not_allowed("GET"))
            }
            // Nobody but this directory has users.
            (_, ["users", ..]) => Err(NO_SUCH_PATH.into()),
            _ => Err(Stop::Upstream),
        }
    }

    fn import(world: &mut World<'_>, permit: &Permit, document: &Value) -> Result<(), Stop> {
        records::import(world, permit, document)
    }

    fn export(entries: &[(String, Value)]) -> Value {
        records::export(entries)
    }

    fn holder(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Stop> {
        guards::holder(view, key, value).map(Some)
    }

    fn objection(objection: Objection, _: &Call<'_>) -> Response {
        failure(objection.status, objection.message)
    }

    fn fault(fault: Fault, _: &str) -> Response {
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
        let said = Antmedia::fault(Fault::Unavailable, "");
        let Body::Json(body) = said.body else { return assert_eq!(said.status, 0) };
        let message = body.get("message").and_then(Value::text);
        assert_eq!((said.status, message), (500, Some("Database is not available. Please try again")));
    }
}
