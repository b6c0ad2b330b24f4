//! Lists of an organisation's users or groups, in the order of their ids.
//!
//! Source: Tyk dashboard swagger, `GET /api/users`: `{"users": [...], "pages"}`, ten to a page; with a page
//! below 0 all.

use super::responses::BAD_PAGE;
use crate::directory::index::{self, no_terms, Index};
use crate::directory::prelude::{Body, Call, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;

/// How many a page of the API has.
const PAGE: u64 = 10;
/// How many are looked at in one run.
const STEP: usize = 256;

/// The users of each organization, by their ids.
pub const MEMBERS: Index = Index { prefix: "member/", terms: no_terms };
/// The groups of each organization, by their ids.
pub const TEAMS: Index = Index { prefix: "team/", terms: no_terms };

/// What is listed.
pub struct List {
    /// The name of the list in the answer.
    pub name: &'static str,
    /// The index by which a page is found.
    pub index: &'static Index,
    /// What the keys of its entries start with.
    pub prefix: Key,
    /// The places that are asked for: from this one, up to and without that one.
    pub window: (u64, Option<u64>),
    /// The number of pages that the answer says.
    pub pages: i64,
}

/// The places of the page that is asked for. Pages count from 1, and 0 is the first one too.
///
/// # Errors
///
/// [`Interrupt`]: 400 for what is no number.
pub fn window(call: &Call<'_>) -> Result<(u64, Option<u64>), Interrupt> {
    let Some(page) = call.parameter("p") else { return Ok((0, Some(PAGE))) };
    let page: i64 = page.parse().map_err(|_| BAD_PAGE)?;
    let Ok(page) = u64::try_from(page) else { return Ok((0, None)) };
    let start = page.saturating_sub(1).saturating_mul(PAGE);
    Ok((start, Some(start.saturating_add(PAGE))))
}

/// The number of pages of so many.
pub fn pages(count: i64) -> i64 {
    let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
    count.saturating_add(page).saturating_sub(1).div_euclid(page)
}

/// Asks for what a page of an organisation's list needs of its index, without waiting for it.
pub fn prefetch(tx: &mut Transaction<'_>, index: &Index, prefix: &Key, window: (u64, Option<u64>)) {
    if let (start, Some(end)) = window {
        index::prefetch_page(tx, index, below(index, prefix), places(start, end), false);
    }
}

/// A part of the answer: `read` gives what is listed of these ids.
///
/// # Errors
///
/// [`Interrupt`].
pub fn part<'w>(
    tx: &mut Transaction<'w>,
    call: &Call<'_>,
    list: &List,
    read: impl FnOnce(&mut Transaction<'w>, &[String]) -> Result<Vec<Value>, Interrupt>,
) -> Result<Response, Interrupt> {
    let (start, end) = list.window;
    if let Some(end) = end {
        return page(tx, list, (start, end), read);
    }
    let (mut is_first, after) = resumed(call.after);
    let entries = tx.scan(list.prefix.text(), after, STEP)?;
    let ids: Vec<String> = entries.iter().map(|(key, _)| Key::last_name(key)).collect();

    let mut text = String::new();
    if call.after.is_none() {
        text.push_str(&format!("{{\"{}\":[", list.name));
    }
    for item in read(tx, &ids)? {
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
    Ok(written(text, next))
}

/// The answer with one page, which is found by its place.
fn page<'w>(
    tx: &mut Transaction<'w>,
    list: &List,
    (start, end): (u64, u64),
    read: impl FnOnce(&mut Transaction<'w>, &[String]) -> Result<Vec<Value>, Interrupt>,
) -> Result<Response, Interrupt> {
    if !index::is_ready(tx, list.index)? {
        return Ok(written(String::new(), Some(String::new())));
    }
    let items = index::page(tx, list.index, below(list.index, &list.prefix), places(start, end))?;
    let ids: Vec<String> = items.iter().map(|item| Key::last_name(item)).collect();
    let shown = Value::List(read(tx, &ids)?);
    Ok(written(format!("{{\"{}\":{shown},\"pages\":{}}}", list.name, list.pages), None))
}

/// What the items of an index begin with whose keys begin with this.
fn below<'k>(index: &Index, prefix: &'k Key) -> &'k str {
    prefix.text().strip_prefix(index.prefix).unwrap_or_default()
}

/// How many items are passed over, and how many are told.
fn places(start: u64, end: u64) -> (usize, usize) {
    let place = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
    (place(start), place(end.saturating_sub(start)))
}

fn written(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
}

/// Where a list goes on: whether nothing was listed yet, and the key that it follows.
fn resumed(after: Option<&str>) -> (bool, Option<&str>) {
    match after.and_then(|after| after.split_once(':')) {
        Some((is_first, key)) => (is_first == "true", Some(key)),
        None => (true, None),
    }
}
