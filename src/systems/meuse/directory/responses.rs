//! Builds Meuse's responses.

use super::super::Rule;
use crate::directory::prelude::{Fault, Interrupt, Response};
use crate::document::value::Value;

/// `{"ok":true}`.
pub(super) fn ok_response() -> Response {
    Response::json(200, Value::object([("ok", true.into())]))
}

/// An error in the product's form. Source: mcorbin/meuse, src/meuse/error.clj.
pub(super) fn error_response(status: u16, detail: &str) -> Response {
    let error = Value::object([("detail", detail.into())]);
    Response::json(status, Value::object([("errors", Value::List(vec![error]))]))
}

/// Rejects a request with an error in the product's form.
pub(super) fn reject(status: u16, detail: &str) -> Interrupt {
    error_response(status, detail).into()
}

/// Source: mcorbin/meuse, src/meuse/api/default.clj.
pub(super) fn reject_unknown_path() -> Interrupt {
    reject(404, "not found")
}

pub(super) fn fault_response(fault: Fault) -> Response {
    let detail = match fault {
        // Source: mcorbin/meuse, src/meuse/error.clj, `default-msg`.
        Fault::Internal => "Internal error. Please checks the logs.",
        _ => fault.message(),
    };
    error_response(fault.status(), detail)
}

pub(super) fn unknown_user_message(name: &str) -> String {
    format!("the user {name} does not exist")
}

pub(super) fn unknown_crate_message(name: &str) -> String {
    format!("the crate {name} does not exist")
}

pub(super) fn unknown_file_message(name: &str, version: &str) -> String {
    format!("the file {name}/{version}/download does not exist")
}

pub(super) fn unknown_category_message(name: &str) -> String {
    format!("the category {name} does not exist")
}

/// Rejects a request that the rules deny, with the product's message; `about` is the name in the resource.
pub(super) fn reject_by_rule(rule: Rule, caller: &str, about: &str) -> Interrupt {
    let detail = match rule {
        Rule::NoMatch => return reject_unknown_path(),
        Rule::UnknownCrate => return reject(404, &unknown_crate_message(about)),
        Rule::NotSignedIn => "token missing in the header",
        Rule::UnknownUser => "token not found",
        Rule::Inactive | Rule::InactiveAccount => "user is not active",
        // Source: mcorbin/meuse, src/meuse/api/meuse/user.clj, `update-user`.
        Rule::RoleField => "only admins can update an user role",
        Rule::ActiveField => "only admins can enable or disable an user",
        // Source: mcorbin/meuse, src/meuse/api/meuse/token.clj, `delete-token`.
        Rule::TokenOfAnother => return reject(403, &format!("user {caller} cannot delete token for {about}")),
        // Source: mcorbin/meuse, src/meuse/db/actions/crate_user.clj, `owned-by?`.
        Rule::NotOwner => return reject(403, &format!("user does not own the crate {about}")),
        // Source: mcorbin/meuse, src/meuse/db/actions/crate.clj, `create`.
        Rule::PublishNotOwner => "the user does not own the crate",
        // Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-admin`, `check-admin-tech`.
        Rule::AdminOnly
        | Rule::ReadOnly
        | Rule::ReadOnlyOwner
        | Rule::OtherAccount
        | Rule::TokensByName
        | Rule::TokenForAnother
        | Rule::BadFields
        // These rules allow.
        | Rule::Public
        | Rule::Password
        | Rule::OwnToken
        | Rule::Admin
        | Rule::EveryRole
        | Rule::TechOrAdmin
        | Rule::OwnAccount
        | Rule::NewCrate
        | Rule::Owner => "bad permissions",
    };
    reject(403, detail)
}
