//! Categories.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/category.clj and src/meuse/db/actions/category.clj.

use super::super::Kind;
use super::asked::Asked;
use super::responses::{no_category, ok, refused};
use super::stored::{self, Category};
use super::{inputs, lists};
use crate::directory::prelude::{Fault, Interrupt, Response, Transaction};

pub(super) fn create(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    let body = asked.body(tx, Kind::CategoryCreate)?;
    let name = inputs::text(&body, "name")?;
    let authorized = asked.authorize_for(tx, &caller)?;
    check_free(tx, name)?;
    let description = stored::text(&body, "description");
    let category = Category { name: name.to_owned(), id: tx.uuid()?, description };
    stored::put_category(tx, &authorized, &category)?;
    Ok(ok())
}

pub(super) fn list(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    asked.json()?;
    asked.authorize_for(tx, &caller)?;
    lists::part(tx, asked.call, "category/", "categories", |_, categories| {
        let mut shown = Vec::with_capacity(categories.len());
        for category in categories {
            shown.push(Category::read(category).ok_or(Interrupt::Fault(Fault::Internal))?.written());
        }
        Ok(shown)
    })
}

/// The one call that looks at the role before it looks at the body. With a new name the category stays the same:
/// crates know it by its id.
pub(super) fn update(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    let body = asked.json()?;
    let authorized = asked.authorize_for(tx, &caller)?;
    let body = asked.valid(tx, Kind::CategoryUpdate, "body", &body)?;
    let name = asked.route.name(0);
    let mut category = stored::category(tx, name)?.ok_or_else(|| refused(404, &no_category(name)))?;
    category.description = stored::text(&body, "description").or(category.description);
    if body.get("name").is_some() {
        let new = inputs::text(&body, "name")?;
        if new != name {
            check_free(tx, new)?;
            tx.delete(&authorized, &stored::category_key(name))?;
            category.name = new.to_owned();
        }
    }
    stored::put_category(tx, &authorized, &category)?;
    Ok(ok())
}

fn check_free(tx: &mut Transaction<'_>, name: &str) -> Result<(), Interrupt> {
    match stored::category(tx, name)? {
        Some(_) => Err(refused(400, &format!("the category {name} already exists"))),
        None => Ok(()),
    }
}
