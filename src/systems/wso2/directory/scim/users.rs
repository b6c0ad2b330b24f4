//! SCIM users: create, read, replace, patch and delete. `Me` is the caller.

use super::super::super::claims::LOCKS;
use super::super::super::domain::is_blank;
use super::super::names::resolve_user_name;
use super::super::passwords;
use super::super::permission_paths::{LOGIN, USER_CREATE, USER_DELETE, USER_UPDATE, USER_VIEW};
use super::super::responses::{ATTRIBUTES_TOO_LARGE, INVALID_VALUE, NO_USER, READ_ONLY, USER_NAME_STAYS};
use super::super::session::Session;
use super::super::stored::User;
use super::super::users::{self, NewUser};
use super::super::writes;
use super::attribute::Attributes;
use super::patch;
use super::projection::{self, Projection};
use super::resource;
use super::schema::Schema;
use super::service::{or_refuse, parse_document, Service};
use super::values::is_same_document;
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The largest attributes of a user, in bytes of JSON.
const ATTRIBUTES_MAX: usize = 65_536;

/// The user of a request.
#[derive(Clone, Copy)]
pub enum UserRef<'i> {
    Id(&'i str),
    Caller,
}

/// `POST /scim2/Users`
///
/// # Errors
///
/// [`Interrupt`].
pub fn create_user(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
) -> Result<Response, Interrupt> {
    let authorized = session.require_permission(tx, &[USER_CREATE])?;
    let mut attributes = or_refuse(service.users.parse_attributes(&parse_document(call)?))?;
    let (name, password) = (take_attribute(&mut attributes, "userName"), take_attribute(&mut attributes, "password"));
    let name = required_name(&session, name.as_ref(), "userName")?;
    let password = password.as_ref().and_then(Value::text);
    let claims = attributes_to_claims(&session, attributes)?;
    let user = users::create_user(tx, &mut session, &authorized, NewUser { name, password, roles: &[], claims })?;
    let response = projection::resource_response(
        201,
        resource::user_resource(&user, &[], service),
        &Projection::from_request(call),
        service.users,
    );
    Ok(response.with_header("location", service.location("Users", &user.id)))
}

/// Handles a request for one user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
    user_ref: UserRef<'_>,
) -> Result<Response, Interrupt> {
    let needs = match (user_ref, call.method) {
        (_, "DELETE") => USER_DELETE,
        (UserRef::Caller, _) => LOGIN,
        (UserRef::Id(_), "GET") => USER_VIEW,
        (UserRef::Id(_), _) => USER_UPDATE,
    };
    let authorized = session.require_permission(tx, &[needs])?;
    let id = match user_ref {
        UserRef::Id(id) => id.to_owned(),
        UserRef::Caller => session.caller.id.clone(),
    };
    let user = session.load_user_by_id(tx, &id)?.ok_or_else(|| session.refuse(NO_USER))?;
    let roles = session.load_roles_by_id(tx, &user.roles)?;
    let user = match call.method {
        "DELETE" => {
            users::delete_user(tx, &mut session, &authorized, &user.name)?;
            return Ok(Response::empty(204));
        }
        "PUT" => {
            let attributes = or_refuse(service.users.parse_attributes(&parse_document(call)?))?;
            let name = attributes.iter().find(|(name, _)| name == "userName").map(|(_, value)| value);
            required_name(&session, name, "userName")?;
            update_user(tx, &session, &authorized, user, attributes, service.users)?
        }
        "PATCH" => {
            let operations = or_refuse(patch::parse_patch(&parse_document(call)?))?;
            let mut attributes = writable_attributes(&user, service.users);
            attributes.push(("userName".to_owned(), user.name.as_str().into()));
            or_refuse(patch::apply_patch(&mut attributes, &operations, service.users, &user.id))?;
            for name in std::iter::once("active").chain(LOCKS.iter().map(|[lock, _]| *lock)) {
                if !attributes.iter().any(|(known, _)| known == name) {
                    // The attribute was removed: it is not returned, and does not prevent sign-in.
                    attributes.push((name.to_owned(), Value::Null));
                }
            }
            update_user(tx, &session, &authorized, user, attributes, service.users)?
        }
        _ => user,
    };
    let user_resource = resource::user_resource(&user, &roles, service);
    let response = projection::resource_response(200, user_resource, &Projection::from_request(call), service.users);
    Ok(match user_ref {
        // RFC 7644, section 3.11: `Me` is an alias, and this is the permanent URL.
        UserRef::Caller => response.with_header("location", service.location("Users", &user.id)),
        UserRef::Id(_) => response,
    })
}

/// Replaces the attributes of a user. The password, `active`, and the locks of the account keep their values if they
/// are absent, because a client may not know them.
fn update_user(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    mut user: User,
    mut attributes: Attributes,
    schema: &Schema,
) -> Result<User, Interrupt> {
    let own = user.name.clone();
    let name = resolve_user_name(session, &own)?;
    let sent_key = take_attribute(&mut attributes, "userName")
        .and_then(|sent| session.settings.user(sent.text().unwrap_or_default()).map(|sent| sent.key()));
    if sent_key != Some(name.key()) {
        return Err(session.refuse(USER_NAME_STAYS));
    }
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    let (before, mut new_password) = (Value::Object(writable_attributes(&user, schema)), None);
    if let Some(password) = take_attribute(&mut attributes, "password") {
        passwords::check_set_password(session, &name, password.text().unwrap_or_default())?;
        new_password = Some(password);
    }
    let active = take_attribute(&mut attributes, "active").or_else(|| user.active());
    attributes.extend(active.map(|active| ("active".to_owned(), active)));
    for (lock, value) in resource::account_locks(&user) {
        if !attributes.iter().any(|(name, _)| *name == lock) {
            attributes.push((lock, value));
        }
    }
    attributes.retain(|(name, value)| !(resource::is_lock_attribute(name) && *value == Value::Null));
    let was_active = user.is_active();
    user.claims.retain(|(claim, _)| !resource::is_scim_claim(claim));
    user.claims.extend(attributes_to_claims(session, attributes)?);
    match (was_active, user.is_active()) {
        (true, false) => session.or_refuse(session.privileges()?.check_deactivate(&user.name))?,
        (false, true) => session.or_refuse(session.privileges()?.check_activate(&user.name))?,
        _ => {}
    }
    let is_changed = new_password.is_some();
    if let Some(password) = new_password {
        user.hash = Some(passwords::hash_new_password(tx, &user, password.text().unwrap_or_default())?);
    }
    // RFC 7644, section 3.5.2.1: without a difference nothing changes, and the time of the last change stays.
    if is_changed || !is_same_document(&before, &Value::Object(writable_attributes(&user, schema))) {
        writes::store_user(tx, authorized, &name, &mut user)?;
    }
    Ok(user)
}

/// The attributes of a user that clients can change, except the name and the password.
fn writable_attributes(user: &User, schema: &Schema) -> Attributes {
    let mut attributes = resource::user_attributes(user, schema);
    if user.active().is_none() {
        attributes.push(("active".to_owned(), true.into()));
    }
    attributes
}

/// Converts attributes to claims, their stored form.
fn attributes_to_claims(session: &Session<'_>, attributes: Attributes) -> Result<Attributes, Interrupt> {
    let length = Value::Object(attributes.clone()).to_string().len();
    if length > ATTRIBUTES_MAX {
        return Err(session.refuse(ATTRIBUTES_TOO_LARGE));
    }
    Ok(attributes.into_iter().map(|(name, value)| (resource::claim_of_attribute(&name), value)).collect())
}

/// The required name in a body.
// Source: charon: an empty name counts as missing.
pub fn required_name<'v>(
    session: &Session<'_>,
    name: Option<&'v Value>,
    attribute: &str,
) -> Result<&'v str, Interrupt> {
    name.and_then(Value::text)
        .filter(|name| !is_blank(name))
        .ok_or_else(|| session.refuse(INVALID_VALUE.with_message(format!("Required attribute {attribute} is missing"))))
}

/// Removes an attribute and returns its value.
pub fn take_attribute(attributes: &mut Attributes, name: &str) -> Option<Value> {
    let place = attributes.iter().position(|(known, _)| known == name)?;
    Some(attributes.remove(place).1)
}
