//! Users over SCIM: made, told, replaced, changed and deleted; `Me` is the caller.

use super::super::super::claims::LOCKS;
use super::super::super::domain::is_blank;
use super::super::permission_paths::{LOGIN, USER_CREATE, USER_DELETE, USER_UPDATE, USER_VIEW};
use super::super::responses::{ATTRIBUTES_TOO_LARGE, INVALID_VALUE, NO_USER, READ_ONLY, USER_NAME_STAYS};
use super::super::session::Session;
use super::super::stored::User;
use super::super::users::{self, NewUser};
use super::super::writes;
use super::patch::{self, Attributes};
use super::resource::{self, Projection};
use super::schema::Schema;
use super::service::{document, hold, Service};
use super::values::says_the_same;
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
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
/// [`Interrupt`].
pub fn create(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
) -> Result<Response, Interrupt> {
    let authorized = session.require_permission(tx, &[USER_CREATE])?;
    let mut attributes = hold(service.users.taken(&document(call)?))?;
    let (name, password) = (take(&mut attributes, "userName"), take(&mut attributes, "password"));
    let name = named(&session, name.as_ref(), "userName")?;
    let password = password.as_ref().and_then(Value::text);
    let claims = claims(&session, attributes)?;
    let user = users::create_user(tx, &mut session, &authorized, NewUser { name, password, roles: &[], claims })?;
    let told = resource::told(201, resource::user(&user, &[], service), &Projection::of_call(call), service.users);
    Ok(told.with_header("location", service.location("Users", &user.id)))
}

/// A request about one user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
    whom: Whom<'_>,
) -> Result<Response, Interrupt> {
    let needs = match (whom, call.method) {
        (_, "DELETE") => USER_DELETE,
        (Whom::Caller, _) => LOGIN,
        (Whom::Id(_), "GET") => USER_VIEW,
        (Whom::Id(_), _) => USER_UPDATE,
    };
    let authorized = session.require_permission(tx, &[needs])?;
    let id = match whom {
        Whom::Id(id) => id.to_owned(),
        Whom::Caller => session.caller.id.clone(),
    };
    let user = session.load_user_by_id(tx, &id)?.ok_or_else(|| session.refuse(NO_USER))?;
    let roles = session.load_roles_by_id(tx, &user.roles)?;
    let user = match call.method {
        "DELETE" => {
            users::delete_user(tx, &mut session, &authorized, &user.name)?;
            return Ok(Response::empty(204));
        }
        "PUT" => {
            let attributes = hold(service.users.taken(&document(call)?))?;
            let name = attributes.iter().find(|(name, _)| name == "userName").map(|(_, value)| value);
            named(&session, name, "userName")?;
            update(tx, &session, &authorized, user, attributes, service.users)?
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
            update(tx, &session, &authorized, user, attributes, service.users)?
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
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    mut user: User,
    mut attributes: Attributes,
    schema: &Schema,
) -> Result<User, Interrupt> {
    let own = user.name.clone();
    let name = users::resolve_user_name(session, &own)?;
    let given = take(&mut attributes, "userName")
        .and_then(|given| session.settings.user(given.text().unwrap_or_default()).map(|given| given.key()));
    if given != Some(name.key()) {
        return Err(session.refuse(USER_NAME_STAYS));
    }
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    let (before, mut new_password) = (Value::Object(changeable(&user, schema)), None);
    if let Some(password) = take(&mut attributes, "password") {
        users::check_set_password(session, &name, password.text().unwrap_or_default())?;
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
    user.claims.extend(claims(session, attributes)?);
    match (was_active, user.is_active()) {
        (true, false) => session.or_refuse(session.privileges()?.check_deactivate(&user.name))?,
        (false, true) => session.or_refuse(session.privileges()?.check_activate(&user.name))?,
        _ => {}
    }
    let is_changed = new_password.is_some();
    if let Some(password) = new_password {
        user.hash = Some(users::hash_new_password(tx, &user, password.text().unwrap_or_default())?);
    }
    // RFC 7644, section 3.5.2.1: what was so before is no change, and leaves the time of the last one.
    if is_changed || !says_the_same(&before, &Value::Object(changeable(&user, schema))) {
        writes::store_user(tx, authorized, &name, &mut user)?;
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
fn claims(session: &Session<'_>, attributes: Attributes) -> Result<Attributes, Interrupt> {
    let length = Value::Object(attributes.clone()).to_string().len();
    if length > ATTRIBUTES_MAX {
        return Err(session.refuse(ATTRIBUTES_TOO_LARGE));
    }
    Ok(attributes.into_iter().map(|(name, value)| (resource::claim_of(&name), value)).collect())
}

/// The name that a body must bring.
// Source: charon: an empty one is a missing one.
pub fn named<'v>(session: &Session<'_>, name: Option<&'v Value>, attribute: &str) -> Result<&'v str, Interrupt> {
    name.and_then(Value::text)
        .filter(|name| !is_blank(name))
        .ok_or_else(|| session.refuse(INVALID_VALUE.with_message(format!("Required attribute {attribute} is missing"))))
}

/// Takes an attribute out.
pub fn take(attributes: &mut Attributes, name: &str) -> Option<Value> {
    let place = attributes.iter().position(|(known, _)| known == name)?;
    Some(attributes.remove(place).1)
}
