//! The product's endpoints: users, tokens, categories, crates, owners, and the endpoints that Cargo uses.
//!
//! # Entries
//!
//! | key | value |
//! | --- | --- |
//! | `user/<name>` | a user with its tokens and the names of the crates that it owns |
//! | `identifier/<24 characters>` | the user whose token starts with these characters |
//! | `crate/<name>` | a crate with its owners and versions |
//! | `file/<crate>/<version>` | a published version: the file or the number of its parts, and Cargo's metadata |
//! | `file-part/<crate>/<version>/<number>` | a part of a larger file |
//! | `downloads/<crate>/<version>` | the number of downloads |
//! | `category/<name>` | a category |
//! | `counter` | the numbers of users, crates and versions, and the last number of a user |
//!
//! A token is bound to the `id` of its user, and a deleted user is removed from all lists of owners. So a new user of
//! the same name inherits nothing. As in Meuse, tokens stay valid when the password changes.
//!
//! `crate.check` and `mirror.*` need data that only the registry has: they are authorized here, and forwarded to the
//! host.

mod categories;
mod counter;
mod crates;
mod export;
mod files;
mod guards;
mod import;
mod inputs;
mod json_members;
mod lists;
mod owners;
mod publish;
mod responses;
mod routed_request;
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
use routed_request::RoutedRequest;

impl Directory for Meuse {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        if let ("GET" | "HEAD", Some(text)) = (call.method, static_page(call.path)) {
            let headers = vec![("content-type", "text/plain; charset=utf-8".to_owned())];
            return Ok(Response { status: 200, headers, body: Body::Bytes(text.into()) });
        }
        let result = match calls::find_route(call.method, call.path).and_then(|route| RoutedRequest::new(call, route)) {
            // Source: mcorbin/meuse, src/meuse/error.clj, `handle-user-error`: Cargo expects every error with status
            // 200.
            Some(request) => handle_request(tx, &request).map_err(|interrupt| match interrupt {
                Interrupt::Refused(response) if request.is_from_cargo() => Response { status: 200, ..response }.into(),
                interrupt => interrupt,
            }),
            // Source: mcorbin/meuse, src/meuse/interceptor/route.clj: the route is checked before the token, also below
            // `crates`.
            None => Err(responses::reject_unknown_path()),
        };
        match result {
            Ok(response) => Ok(with_content_type(response)),
            Err(Interrupt::Refused(response)) => Err(with_content_type(response).into()),
            Err(interrupt) => Err(interrupt),
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        match calls::find_route(call.method, call.path).map(|route| route.action) {
            Some(Action::CratePublish) => BodySize::Upload,
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import_records(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export_records(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, _: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::user_holder(view, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        responses::error_response(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, path: &str) -> Response {
        let route = calls::find_route("GET", path).filter(|_| fault == Fault::NotFound);
        if let Some(route) = route.filter(|route| route.action == Action::CrateDownload) {
            // The file of this version is neither stored nor known to the host.
            let message = responses::unknown_file_message(route.name(0), route.name(1));
            return with_content_type(responses::error_response(200, &message));
        }
        with_content_type(responses::fault_response(fault))
    }
}

/// The pages outside of the API, which require no token: the page that `cargo login` refers to, and the health checks.
///
/// Source: The Cargo Book, "Registry Web API", login; mcorbin/meuse, src/meuse/api/public/http.clj.
fn static_page(path: &str) -> Option<&'static str> {
    match path.strip_suffix('/').unwrap_or(path) {
        "/me" => Some("create a token with `POST /api/v1/meuse/token`, and paste it where `cargo login` asks for it\n"),
        "/healthz" | "/health" | "/status" => Some("ok\n"),
        _ => None,
    }
}

fn handle_request(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    match request.route.action {
        Action::UserCreate => users::create_user(tx, request),
        Action::UserList => users::list_users(tx, request),
        Action::UserUpdate => users::update_user(tx, request),
        Action::UserDelete => users::delete_user(tx, request),
        Action::TokenCreate => tokens::create_token(tx, request),
        Action::TokenList => tokens::list_tokens(tx, request),
        Action::TokenDelete => tokens::delete_token(tx, request),
        Action::CategoryCreate => categories::create_category(tx, request),
        Action::CategoryList => categories::list_categories(tx, request),
        Action::CategoryUpdate => categories::update_category(tx, request),
        Action::CrateList => crates::list_crates(tx, request),
        Action::CrateGet => crates::get_crate(tx, request),
        Action::StatisticsRead => crates::get_statistics(tx, request),
        Action::CrateSearch => crates::search_crates(tx, request),
        Action::CratePublish => publish::publish_version(tx, request),
        Action::CrateYank => publish::set_yanked(tx, request, true),
        Action::CrateUnyank => publish::set_yanked(tx, request, false),
        Action::OwnerAdd => owners::change_owners(tx, request, true),
        Action::OwnerRemove => owners::change_owners(tx, request, false),
        Action::OwnerList => owners::list_owners(tx, request),
        Action::CrateDownload => files::download_version(tx, request),
        Action::MirrorDownload => files::forward_to_mirror(tx, request, None),
        Action::MirrorCache => {
            let caller = request.authenticate_caller(tx)?;
            files::forward_to_mirror(tx, request, Some(&caller))
        }
        Action::CrateCheck => {
            let caller = request.authenticate_caller(tx)?;
            request.parse_json()?;
            request.authorize_for(tx, &caller)?;
            Err(Interrupt::Upstream)
        }
    }
}

/// The response with the content type of its body.
///
/// Source: mcorbin/meuse, src/meuse/interceptor/json.clj.
fn with_content_type(response: Response) -> Response {
    match response.body {
        Body::Json(_) | Body::Part { .. } => response.with_header("content-type", "application/json"),
        Body::Empty | Body::Bytes(_) => response,
    }
}
