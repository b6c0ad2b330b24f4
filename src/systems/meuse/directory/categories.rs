//! Categories.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/category.clj and src/meuse/db/actions/category.clj.

use super::super::Kind;
use super::answers::{no_category, ok, refused};
use super::asked::Asked;
use super::stored::{self, Category};
use super::{inputs, lists};
use crate::directory::prelude::{Fault, Response, Stop, World};

pub(super) fn create(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let caller = asked.caller(world)?;
    let body = asked.body(world, Kind::CategoryCreate)?;
    let name = inputs::text(&body, "name")?;
    let permit = asked.permit_to(world, &caller)?;
    check_free(world, name)?;
    let description = stored::text(&body, "description");
    let category = Category { name: name.to_owned(), id: world.uuid()?, description };
    stored::put_category(world, &permit, &category)?;
    Ok(ok())
}

pub(super) fn list(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let caller = asked.caller(world)?;
    asked.json()?;
    asked.permit_to(world, &caller)?;
    lists::part(world, asked.call, "category/", "categories", |_, categories| {
        let mut shown = Vec::with_capacity(categories.len());
        for category in categories {
            shown.push(Category::read(category).ok_or(Stop::Fault(Fault::Internal))?.written());
        }
        Ok(shown)
    })
}

/// The one call that looks at the role before it looks at the body. With a new name the category stays the same:
/// crates know it by its id.
pub(super) fn update(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let caller = asked.caller(world)?;
    let body = asked.json()?;
    let permit = asked.permit_to(world, &caller)?;
    let body = asked.valid(world, Kind::CategoryUpdate, "body", &body)?;
    let name = asked.route.name(0);
    let mut category = stored::category(world, name)?.ok_or_else(|| refused(404, &no_category(name)))?;
    category.description = stored::text(&body, "description").or(category.description);
    if body.get("name").is_some() {
        let new = inputs::text(&body, "name")?;
        if new != name {
            check_free(world, new)?;
            world.delete(&permit, &stored::category_key(name))?;
            category.name = new.to_owned();
        }
    }
    stored::put_category(world, &permit, &category)?;
    Ok(ok())
}

fn check_free(world: &mut World<'_>, name: &str) -> Result<(), Stop> {
    match stored::category(world, name)? {
        Some(_) => Err(refused(400, &format!("the category {name} already exists"))),
        None => Ok(()),
    }
}
