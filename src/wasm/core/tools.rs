//! The aspects of `tell` in the module for servers, numbered after those of every module.

use super::desk::Desk;
use super::slots::Handle;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::Principal;

/// The number of the first of these aspects.
pub(super) const FIRST: u32 = 7;

/// Answers one aspect as JSON text. The handle is that of a subject for `filter` and `fields`, of an authorizer for the others.
pub(super) fn tell(
    desk: &Desk,
    aspect: u32,
    handle: Handle,
    [action, resource, details]: [&str; 3],
) -> Result<String, Error> {
    let answer = match aspect.saturating_sub(FIRST) {
        0 => {
            let (authorizer, subject) = desk.subject(handle)?;
            authorizer.filter_given(subject, action, resource, &Value::parse(details)?)?
        }
        1 => desk.authorizer(handle)?.holders_given(action, resource, &Value::parse(details)?)?,
        2 => {
            let other = details.parse().map_err(|_| Error::StaleHandle)?;
            desk.authorizer(handle)?.diff(desk.authorizer(other)?)?
        }
        3 => desk.authorizer(handle)?.lint(details.parse().ok())?,
        4 => desk.authorizer(handle)?.parts()?,
        5 => desk.authorizer(handle)?.mutants()?,
        7 => {
            let who = Value::parse(action)?;
            let principal = match &who {
                Value::Text(id) => Principal::User(id),
                who => who.get("role").and_then(Value::text).map_or(Principal::Anonymous, Principal::Role),
            };
            desk.authorizer(handle)?.slice_document(&Value::parse(details)?, principal)?
        }
        _ => {
            let (authorizer, subject) = desk.subject(handle)?;
            authorizer.fields_given(subject, action, resource, &Value::parse(details)?)?
        }
    };
    Ok(answer.json())
}
