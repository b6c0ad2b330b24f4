//! Handlers that create, list and update categories.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/category.clj and src/meuse/db/actions/category.clj.

use super::super::Kind;
use super::json_members::text_member;
use super::responses::{ok_response, reject, unknown_category_message};
use super::routed_request::RoutedRequest;
use super::stored::{self, Category};
use super::{inputs, lists};
use crate::directory::prelude::{Fault, Interrupt, Response, Transaction};

pub(super) fn create_category(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_body(tx, Kind::CategoryCreate)?;
    let name = inputs::required_text(&body, "name")?;
    let authorized = request.authorize_for(tx, &caller)?;
    require_unused_name(tx, name)?;
    let description = text_member(&body, "description");
    let category = Category { name: name.to_owned(), id: tx.uuid()?, description };
    stored::store_category(tx, &authorized, &category)?;
    Ok(ok_response())
}

pub(super) fn list_categories(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    request.authorize_for(tx, &caller)?;
    lists::list_response(tx, request.call, "category/", "categories", |_, categories| {
        let mut items = Vec::with_capacity(categories.len());
        for category in categories {
            items.push(Category::from_value(category).ok_or(Interrupt::Fault(Fault::Internal))?.to_value());
        }
        Ok(items)
    })
}

/// As the only handler, it checks the role before it validates the body. A category keeps its crates when it is
/// renamed, because crates refer to its id.
pub(super) fn update_category(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_json()?;
    let authorized = request.authorize_for(tx, &caller)?;
    let body = request.validate(tx, Kind::CategoryUpdate, "body", &body)?;
    let name = request.route.name(0);
    let mut category = stored::load_category(tx, name)?.ok_or_else(|| reject(404, &unknown_category_message(name)))?;
    category.description = text_member(&body, "description").or(category.description);
    if body.get("name").is_some() {
        let new = inputs::required_text(&body, "name")?;
        if new != name {
            require_unused_name(tx, new)?;
            tx.delete(&authorized, &stored::category_key(name))?;
            category.name = new.to_owned();
        }
    }
    stored::store_category(tx, &authorized, &category)?;
    Ok(ok_response())
}

fn require_unused_name(tx: &mut Transaction<'_>, name: &str) -> Result<(), Interrupt> {
    match stored::load_category(tx, name)? {
        Some(_) => Err(reject(400, &format!("the category {name} already exists"))),
        None => Ok(()),
    }
}
