//! Users over SCIM: made, told, replaced, changed and deleted; `Me` is the caller.

use super::super::super::claims::LOCKS;
use super::super::super::domain::is_blank;
use super::super::answers::{ATTRIBUTES_TOO_LARGE, INVALID_VALUE, NO_USER, READ_ONLY, USER_NAME_STAYS};
use super::super::book::permission::{LOGIN, USER_CREATE, USER_DELETE, USER_UPDATE, USER_VIEW};
use super::super::membership;
use super::super::stored::User;
use super::super::users::{self, NewUser};
use super::super::visit::Visit;
use super::patch::{self, Attributes};
use super::resource::{self, Projection};
use super::schema::Schema;
use super::service::{document, hold, Service};
use super::values::says_the_same;
use crate::directory::prelude::{Call, Permit, Response, Stop, World};
use crate::document::value::Value;

/// The most that the attributes of a user take, in bytes of JSON.
const ATTRIBUTES_MAX: usize = 65_536;

/// Whom a request is about.
#[derive(Clone, Copy)]
pub enum Whom<'i> {
    Id(&'i str),
    Caller,
}

/// `POST /scim2/Users`
///
/// # Errors
///
/// [`Stop`].
pub fn create(
    world: &mut World<'_>,
    mut visit: Visit<'_>,
    call: &Call<'_>,
    service: &Service,
) -> Result<Response, Stop> {
    let permit = visit.may(world, &[USER_CREATE])?;
    let mut attributes = hold(service.users.taken(&document(call)?))?;
    let (name, password) = (take(&mut attributes, "userName"), take(&mut attributes, "password"));
    let name = named(&visit, name.as_ref(), "userName")?;
    let password = password.as_ref().and_then(Value::text);
    let claims = claims(&visit, attributes)?;
    let user = users::create(world, &mut visit, &permit, NewUser { name, password, roles: &[], claims })?;
    let told = resource::told(201, resource::user(&user, &[], service), &Projection::of_call(call), service.users);
    Ok(told.with_header("location", service.location("Users", &user.id)))
}

/// A request about one user.
///
/// # Errors
///
/// [`Stop`].
pub fn answer(
    world: &mut World<'_>,
    mut visit: Visit<'_>,
    call: &Call<'_>,
    service: &Service,
    whom: Whom<'_>,
) -> Result<Response, Stop> {
    let needs = match (whom, call.method) {
        (_, "DELETE") => USER_DELETE,
        (Whom::Caller, _) => LOGIN,
        (Whom::Id(_), "GET") => USER_VIEW,
        (Whom::Id(_), _) => USER_UPDATE,
    };
    let permit = visit.may(world, &[needs])?;
    let id = match whom {
        Whom::Id(id) => id.to_owned(),
        Whom::Caller => visit.caller.id.clone(),
    };
    let user = visit.user_by_id(world, &id)?.ok_or_else(|| visit.refuse(NO_USER))?;
    let roles = visit.roles_by_id(world, &user.roles)?;
    let user = match call.method {
        "DELETE" => {
            users::delete(world, &mut visit, &permit, &user.name)?;
            return Ok(Response::empty(204));
        }
        "PUT" => {
            let attributes = hold(service.users.taken(&document(call)?))?;
            let name = attributes.iter().find(|(name, _)| name == "userName").map(|(_, value)| value);
            named(&visit, name, "userName")?;
            update(world, &visit, &permit, user, attributes, service.users)?
        }
        "PATCH" => {
            let operations = hold(patch::read(&document(call)?))?;
            let mut attributes = changeable(&user, service.users);
            attributes.push(("userName".to_owned(), user.name.as_str().into()));
            hold(patch::apply(&mut attributes, &operations, service.users, &user.id))?;
            for name in std::iter::once("active").chain(LOCKS.iter().map(|[lock, _]| *lock)) {
                if !attributes.iter().any(|(known, _)| known == name) {
                    // It was removed: nothing is returned of it from now on, and it bars nobody.
                    attributes.push((name.to_owned(), Value::Null));
                }
            }
            update(world, &visit, &permit, user, attributes, service.users)?
        }
        _ => user,
    };
    let user_told = resource::user(&user, &roles, service);
    let told = resource::told(200, user_told, &Projection::of_call(call), service.users);
    Ok(match whom {
        // RFC 7644, section 3.11: `Me` is another name, and this the one that lasts.
        Whom::Caller => told.with_header("location", service.location("Users", &user.id)),
        Whom::Id(_) => told,
    })
}

/// Gives a user these attributes and no others. Its password, whether it is active, and the locks of its account stay
/// where they are not named: a client that does not know them must not change them.
fn update(
    world: &mut World<'_>,
    visit: &Visit<'_>,
    permit: &Permit,
    mut user: User,
    mut attributes: Attributes,
    schema: &Schema,
) -> Result<User, Stop> {
    let own = user.name.clone();
    let name = users::named(visit, &own)?;
    let given = take(&mut attributes, "userName")
        .and_then(|given| visit.settings.user(given.text().unwrap_or_default()).map(|given| given.key()));
    if given != Some(name.key()) {
        return Err(visit.refuse(USER_NAME_STAYS));
    }
    if name.store.read_only {
        return Err(visit.refuse(READ_ONLY));
    }
    let (before, mut new_password) = (Value::Object(changeable(&user, schema)), None);
    if let Some(password) = take(&mut attributes, "password") {
        users::may_set_password(visit, &name, password.text().unwrap_or_default())?;
        new_password = Some(password);
    }
    let active = take(&mut attributes, "active").or_else(|| user.active());
    attributes.extend(active.map(|active| ("active".to_owned(), active)));
    for (lock, value) in resource::locks(&user) {
        if !attributes.iter().any(|(name, _)| *name == lock) {
            attributes.push((lock, value));
        }
    }
    attributes.retain(|(name, value)| !(resource::is_lock(name) && *value == Value::Null));
    let was_active = user.is_active();
    user.claims.retain(|(claim, _)| !resource::is_of_scim(claim));
    user.claims.extend(claims(visit, attributes)?);
    match (was_active, user.is_active()) {
        (true, false) => visit.hold(visit.privileges()?.may_deactivate(&user.name))?,
        (false, true) => visit.hold(visit.privileges()?.may_activate(&user.name))?,
        _ => {}
    }
    let is_changed = new_password.is_some();
    if let Some(password) = new_password {
        user.hash = Some(users::new_hash(world, &user, password.text().unwrap_or_default())?);
    }
    // RFC 7644, section 3.5.2.1: what was so before is no change, and leaves the time of the last one.
    if is_changed || !says_the_same(&before, &Value::Object(changeable(&user, schema))) {
        membership::put_user(world, permit, &name, &mut user)?;
    }
    Ok(user)
}

/// The attributes of a user that a client may change, but for its name and its password.
fn changeable(user: &User, schema: &Schema) -> Attributes {
    let mut attributes = resource::attributes(user, schema);
    if user.active().is_none() {
        attributes.push(("active".to_owned(), true.into()));
    }
    attributes
}

/// Attributes as they are kept.
fn claims(visit: &Visit<'_>, attributes: Attributes) -> Result<Attributes, Stop> {
    let length = Value::Object(attributes.clone()).to_string().len();
    if length > ATTRIBUTES_MAX {
        return Err(visit.refuse(ATTRIBUTES_TOO_LARGE));
    }
    Ok(attributes.into_iter().map(|(name, value)| (resource::claim_of(&name), value)).collect())
}

/// The name that a body must bring.
// Source: charon: an empty one is a missing one.
pub fn named<'v>(visit: &Visit<'_>, name: Option<&'v Value>, attribute: &str) -> Result<&'v str, Stop> {
    name.and_then(Value::text)
        .filter(|name| !is_blank(name))
        .ok_or_else(|| visit.refuse(INVALID_VALUE.with_message(format!("Required attribute {attribute} is missing"))))
}

/// Takes an attribute out.
pub fn take(attributes: &mut Attributes, name: &str) -> Option<Value> {
    let place = attributes.iter().position(|(known, _)| known == name)?;
    Some(attributes.remove(place).1)
}
