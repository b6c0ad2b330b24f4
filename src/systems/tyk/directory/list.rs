//! Lists of an organisation's users or groups, in the order of their ids.
//!
//! Source: Tyk dashboard swagger, `GET /api/users`: `{"users": [...], "pages"}`, ten items a page; all items if the
//! page is below 0.

use super::responses::BAD_PAGE;
use crate::directory::index::{self, no_terms, Index};
use crate::directory::prelude::{Body, Call, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;

/// The number of items on a page.
const PAGE: u64 = 10;
/// The number of items that are read in one execution.
const STEP: usize = 256;

/// The users of each organization, by their ids.
pub const MEMBERS: Index = Index { prefix: "member/", terms: no_terms };
/// The groups of each organization, by their ids.
pub const TEAMS: Index = Index { prefix: "team/", terms: no_terms };

/// A list to respond with.
pub struct List {
    /// The name of the list in the response.
    pub name: &'static str,
    /// The index that finds a page.
    pub index: &'static Index,
    /// The prefix of the keys of its entries.
    pub prefix: Key,
    /// The requested range of positions: start, and end (exclusive).
    pub window: (u64, Option<u64>),
    /// The number of pages in the response.
    pub pages: i64,
}

/// Parses the requested page into a range of positions. Pages count from 1; page 0 is the first page too.
///
/// # Errors
///
/// [`Interrupt`]: 400 if the page is not a number.
pub fn parse_window(call: &Call<'_>) -> Result<(u64, Option<u64>), Interrupt> {
    let Some(page) = call.parameter("p") else { return Ok((0, Some(PAGE))) };
    let page: i64 = page.parse().map_err(|_| BAD_PAGE)?;
    let Ok(page) = u64::try_from(page) else { return Ok((0, None)) };
    let start = page.saturating_sub(1).saturating_mul(PAGE);
    Ok((start, Some(start.saturating_add(PAGE))))
}

/// The number of pages for a number of items.
pub fn page_count(count: i64) -> i64 {
    let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
    count.saturating_add(page).saturating_sub(1).div_euclid(page)
}

/// Requests the nodes of the index that a page needs, without waiting for them.
pub fn prefetch_page(tx: &mut Transaction<'_>, index: &Index, prefix: &Key, window: (u64, Option<u64>)) {
    if let (start, Some(end)) = window {
        index::prefetch_page(tx, index, index_prefix(index, prefix), skip_and_take(start, end), false);
    }
}

/// The response with a page or a part of the list. `load` returns the items with these ids.
///
/// # Errors
///
/// [`Interrupt`].
pub fn list_response<'w>(
    tx: &mut Transaction<'w>,
    call: &Call<'_>,
    list: &List,
    load: impl FnOnce(&mut Transaction<'w>, &[String]) -> Result<Vec<Value>, Interrupt>,
) -> Result<Response, Interrupt> {
    let (start, end) = list.window;
    if let Some(end) = end {
        return page_response(tx, list, (start, end), load);
    }
    let (mut is_first, after) = parse_continuation(call.after);
    let entries = tx.scan(list.prefix.text(), after, STEP)?;
    let ids: Vec<String> = entries.iter().map(|(key, _)| Key::last_name(key)).collect();

    let mut text = String::new();
    if call.after.is_none() {
        text.push_str(&format!("{{\"{}\":[", list.name));
    }
    for item in load(tx, &ids)? {
        if !is_first {
            text.push(',');
        }
        is_first = false;
        text.push_str(&item.to_string());
    }
    let next = entries.last().filter(|_| entries.len() >= STEP).map(|(key, _)| format!("{is_first}:{key}"));
    if next.is_none() {
        text.push_str(&format!("],\"pages\":{}}}", list.pages));
    }
    Ok(partial_response(text, next))
}

/// The response with one page, which the index finds by position.
fn page_response<'w>(
    tx: &mut Transaction<'w>,
    list: &List,
    (start, end): (u64, u64),
    load: impl FnOnce(&mut Transaction<'w>, &[String]) -> Result<Vec<Value>, Interrupt>,
) -> Result<Response, Interrupt> {
    if !index::is_ready(tx, list.index)? {
        return Ok(partial_response(String::new(), Some(String::new())));
    }
    let items = index::page(tx, list.index, index_prefix(list.index, &list.prefix), skip_and_take(start, end))?;
    let ids: Vec<String> = items.iter().map(|item| Key::last_name(item)).collect();
    let items = Value::List(load(tx, &ids)?);
    Ok(partial_response(format!("{{\"{}\":{items},\"pages\":{}}}", list.name, list.pages), None))
}

/// The prefix of the items in the index, for a prefix of keys.
fn index_prefix<'k>(index: &Index, prefix: &'k Key) -> &'k str {
    prefix.text().strip_prefix(index.prefix).unwrap_or_default()
}

/// The number of items to skip, and the number to return.
fn skip_and_take(start: u64, end: u64) -> (usize, usize) {
    let place = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
    (place(start), place(end.saturating_sub(start)))
}

fn partial_response(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
}

/// Parses the continuation of a list: whether no item was listed yet, and the last key.
fn parse_continuation(after: Option<&str>) -> (bool, Option<&str>) {
    match after.and_then(|after| after.split_once(':')) {
        Some((is_first, key)) => (is_first == "true", Some(key)),
        None => (true, None),
    }
}
