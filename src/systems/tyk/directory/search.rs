//! `/api/users/search`: users by a part of their e-mail address.
//!
//! Source: Tyk dashboard swagger, `GET` and `POST /api/users/search`: the parameter `p` is the number of a page of
//! results, or below 0 for all of them. Without it all are returned.

use super::super::{Kind, Tyk};
use super::body;
use super::list::{page_count, parse_window};
use super::responses::{BAD_SEARCH, BAD_SEARCH_QUERY};
use super::session::Session;
use super::stored::{member_key, read_users};
use crate::directory::prelude::{Body, Call, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::letters::to_lowercase;

/// The number of users that are read in one execution.
const STEP: usize = 256;

/// A part of the response. The search reads all users of the organization even for one page, because the response has
/// the number of pages.
///
/// # Errors
///
/// [`Interrupt`]: 400 for a search without a text, or a page that is not a number.
pub fn search_users(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    method: &str,
) -> Result<Response, Interrupt> {
    let query = to_lowercase(&parse_query(tx, session, call, method)?);
    let (start, end) = match call.parameter("p") {
        Some(_) => parse_window(call)?,
        None => (0, None),
    };
    let (mut place, after) = parse_continuation(call.after);
    let entries = tx.scan(member_key(&session.user.org, "").text(), after, STEP)?;
    let next = entries.last().filter(|_| entries.len() >= STEP).map(|(key, _)| key.clone());
    let ids: Vec<String> = entries.iter().map(|(key, _)| Key::last_name(key)).collect();

    let mut text = String::new();
    if call.after.is_none() {
        text.push_str(r#"{"users":["#);
    }
    for user in read_users(tx, &ids)? {
        if !to_lowercase(&user.email).contains(&query) {
            continue;
        }
        if place >= start && end.is_none_or(|end| place < end) {
            if place > start {
                text.push(',');
            }
            text.push_str(&session.user_json(&user).to_string());
        }
        place = place.saturating_add(1);
    }
    if next.is_none() {
        let pages = end.map_or(i64::from(place > 0), |_| page_count(i64::try_from(place).unwrap_or(i64::MAX)));
        text.push_str(&format!("],\"pages\":{pages}}}"));
    }
    let next = next.map(|key| format!("{place}:{key}"));
    Ok(Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } })
}

/// Parses the text to search for.
fn parse_query(tx: &Transaction<'_>, session: &Session, call: &Call<'_>, method: &str) -> Result<String, Interrupt> {
    let query = if method == "GET" {
        Some(call.parameter("q").ok_or(BAD_SEARCH_QUERY)?)
    } else {
        let body = body::parse_body(call)?.map_err(|_| BAD_SEARCH)?;
        let body = tx.validate::<Tyk>(&session.records, Kind::UserSearch, &body).map_err(|_| BAD_SEARCH)?;
        body.get("filters").and_then(|filters| filters.get("query")).and_then(Value::text).map(str::to_owned)
    };
    Ok(query.ok_or(BAD_SEARCH)?)
}

/// Parses the continuation of a search: the number of matches so far, and the last key.
fn parse_continuation(after: Option<&str>) -> (u64, Option<&str>) {
    let resumed = after.and_then(|after| after.split_once(':'));
    match resumed.and_then(|(place, key)| Some((place.parse().ok()?, key))) {
        Some((place, key)) => (place, Some(key)),
        None => (0, None),
    }
}
