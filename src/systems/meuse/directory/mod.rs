//! The product's own endpoints: users, tokens, categories, crates, owners, and what Cargo calls.
//!
//! # Entries
//!
//! | key | what stands there |
//! | --- | --- |
//! | `user/<name>` | a user with its tokens and the names of the crates that it owns |
//! | `identifier/<24 characters>` | whose token begins so |
//! | `crate/<name>` | a crate with its owners and versions |
//! | `file/<crate>/<version>` | what was published: the file or the number of its parts, and what Cargo said of it |
//! | `file-part/<crate>/<version>/<number>` | a part of a larger file |
//! | `downloads/<crate>/<version>` | how often it was downloaded |
//! | `category/<name>` | a category |
//! | `counter` | how many there are of each, and the last number of a user |
//!
//! A token hangs on the `id` of its user, and a user who is deleted leaves all owners, so that a name that is
//! given again inherits nothing. Meuse ends no token when a password changes, so there is nothing else that would
//! have to end.
//!
//! `crate.check` and `mirror.*` need what only the registry itself has: they are decided here and answered there.

mod asked;
mod categories;
mod crates;
mod export;
mod files;
mod guards;
mod import;
mod inputs;
mod lists;
mod owners;
mod publish;
mod responses;
mod sign_in;
mod stored;
mod tokens;
mod users;

use super::{calls, Action, Meuse};
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, Body, BodySize, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;
use asked::Asked;

impl Directory for Meuse {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        if let ("GET" | "HEAD", Some(text)) = (call.method, page(call.path)) {
            let headers = vec![("content-type", "text/plain; charset=utf-8".to_owned())];
            return Ok(Response { status: 200, headers, body: Body::Bytes(text.into()) });
        }
        let answered = match calls::route(call.method, call.path).and_then(|route| Asked::new(call, route)) {
            // Source: mcorbin/meuse, src/meuse/error.clj, `handle-user-error`: Cargo wants every error as a 200.
            Some(asked) => answer(tx, &asked).map_err(|stop| match stop {
                Interrupt::Refused(response) if asked.is_from_cargo() => Response { status: 200, ..response }.into(),
                stop => stop,
            }),
            // Source: mcorbin/meuse, src/meuse/interceptor/route.clj: before any token, below `crates` too.
            None => Err(responses::not_found()),
        };
        match answered {
            Ok(response) => Ok(typed(response)),
            Err(Interrupt::Refused(response)) => Err(typed(response).into()),
            Err(stop) => Err(stop),
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        match calls::route(call.method, call.path).map(|route| route.action) {
            Some(Action::CratePublish) => BodySize::Upload,
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, _: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder(view, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        responses::error(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        typed(responses::fault(fault))
    }
}

/// The pages outside of the API, which need no token: where `cargo login` sends people, and what tells that the registry
/// runs.
///
/// Source: The Cargo Book, "Registry Web API", login; mcorbin/meuse, src/meuse/api/public/http.clj.
fn page(path: &str) -> Option<&'static str> {
    match path.strip_suffix('/').unwrap_or(path) {
        "/me" => Some("create a token with `POST /api/v1/meuse/token`, and paste it where `cargo login` asks for it\n"),
        "/healthz" | "/health" | "/status" => Some("ok\n"),
        _ => None,
    }
}

fn answer(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    match asked.route.action {
        Action::UserCreate => users::create(tx, asked),
        Action::UserList => users::list(tx, asked),
        Action::UserUpdate => users::update(tx, asked),
        Action::UserDelete => users::delete(tx, asked),
        Action::TokenCreate => tokens::create(tx, asked),
        Action::TokenList => tokens::list(tx, asked),
        Action::TokenDelete => tokens::delete(tx, asked),
        Action::CategoryCreate => categories::create(tx, asked),
        Action::CategoryList => categories::list(tx, asked),
        Action::CategoryUpdate => categories::update(tx, asked),
        Action::CrateList => crates::list(tx, asked),
        Action::CrateGet => crates::get(tx, asked),
        Action::StatisticsRead => crates::statistics(tx, asked),
        Action::CrateSearch => crates::search(tx, asked),
        Action::CratePublish => publish::publish(tx, asked),
        Action::CrateYank => publish::yank(tx, asked, true),
        Action::CrateUnyank => publish::yank(tx, asked, false),
        Action::OwnerAdd => owners::change(tx, asked, true),
        Action::OwnerRemove => owners::change(tx, asked, false),
        Action::OwnerList => owners::list(tx, asked),
        Action::CrateDownload => files::download(tx, asked),
        Action::MirrorDownload => files::mirrored(tx, asked, None),
        Action::MirrorCache => {
            let caller = asked.caller(tx)?;
            files::mirrored(tx, asked, Some(&caller))
        }
        Action::CrateCheck => {
            let caller = asked.caller(tx)?;
            asked.json()?;
            asked.authorize_for(tx, &caller)?;
            Err(Interrupt::Upstream)
        }
    }
}

/// Source: mcorbin/meuse, src/meuse/interceptor/json.clj.
fn typed(response: Response) -> Response {
    match response.body {
        Body::Json(_) | Body::Part { .. } => response.with_header("content-type", "application/json"),
        Body::Empty | Body::Bytes(_) => response,
    }
}
