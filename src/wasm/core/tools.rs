//! The queries that only the module for servers has. Their numbers follow those of every module.

use super::handle_table::HandleTable;
use super::slots::Handle;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::Principal;

/// The number of the first of these queries.
pub(super) const FIRST: u32 = 7;

/// Answers a query as JSON text. `filter` and `fields` take the handle of a subject, the others that of an authorizer.
pub(super) fn query_tools(
    handles: &HandleTable,
    aspect: u32,
    handle: Handle,
    [action, resource]: [&str; 2],
    details: &Value,
) -> Result<String, Error> {
    let response = match aspect.saturating_sub(FIRST) {
        0 => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            authorizer.filter_given(subject, action, resource, details)?
        }
        1 => handles.authorizer(handle).ok_or(Error::StaleHandle)?.holders_given(action, resource, details)?,
        2 => {
            let other = action.parse().map_err(|_| Error::StaleHandle)?;
            handles
                .authorizer(handle)
                .ok_or(Error::StaleHandle)?
                .diff(handles.authorizer(other).ok_or(Error::StaleHandle)?)?
        }
        3 => handles.authorizer(handle).ok_or(Error::StaleHandle)?.lint(action.parse().ok())?,
        4 => handles.authorizer(handle).ok_or(Error::StaleHandle)?.parts()?,
        5 => handles.authorizer(handle).ok_or(Error::StaleHandle)?.mutants()?,
        7 => {
            let who = Value::parse(action)?;
            let principal = match &who {
                Value::Text(id) => Principal::User(id),
                who => who.get("role").and_then(Value::text).map_or(Principal::Anonymous, Principal::Role),
            };
            handles.authorizer(handle).ok_or(Error::StaleHandle)?.slice_document(details, principal)?
        }
        _ => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            authorizer.fields_given(subject, action, resource, details)?
        }
    };
    Ok(response.json())
}
