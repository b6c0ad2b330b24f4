//! Lists of an organisation's users or groups, in the order of their ids.
//!
//! Source: Tyk dashboard swagger, `GET /api/users`: `{"users": [...], "pages"}`, ten to a page; with a page
//! below 0 all.

use super::answers::BAD_PAGE;
use crate::directory::{Body, Call, Key, Response, Stop, World};
use crate::value::Value;

/// How many a page of the API has.
const PAGE: u64 = 10;
/// How many are looked at in one run.
const STEP: usize = 256;

/// What is listed.
pub struct List {
    /// The name of the list in the answer.
    pub name: &'static str,
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
/// [`Stop`]: 400 for what is no number.
pub fn window(call: &Call<'_>) -> Result<(u64, Option<u64>), Stop> {
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

/// A part of the answer: `read` gives what is listed of these ids.
///
/// # Errors
///
/// [`Stop`].
pub fn part<'w>(
    world: &mut World<'w>,
    call: &Call<'_>,
    list: &List,
    read: impl FnOnce(&mut World<'w>, &[String]) -> Result<Vec<Value>, Stop>,
) -> Result<Response, Stop> {
    let (mut place, mut is_first, after) = resumed(call.after);
    let (start, end) = list.window;
    let entries = world.scan(list.prefix.text(), after, STEP)?;
    let mut ids = Vec::new();
    for (key, _) in entries {
        if place >= start && end.is_none_or(|end| place < end) {
            ids.push(Key::last_name(key));
        }
        place = place.saturating_add(1);
    }

    let mut text = String::new();
    if call.after.is_none() {
        text.push_str(&format!("{{\"{}\":[", list.name));
    }
    for item in read(world, &ids)? {
        if !is_first {
            text.push(',');
        }
        is_first = false;
        text.push_str(&item.to_string());
    }
    let is_over = entries.len() < STEP || end.is_some_and(|end| place >= end);
    let next = entries.last().filter(|_| !is_over).map(|(key, _)| format!("{place}:{is_first}:{key}"));
    if next.is_none() {
        text.push_str(&format!("],\"pages\":{}}}", list.pages));
    }
    Ok(Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } })
}

/// Where a list goes on: how many it has passed, whether nothing was listed yet, and the key that it follows.
fn resumed(after: Option<&str>) -> (u64, bool, Option<&str>) {
    let read = |after| -> Option<(u64, bool, &str)> {
        let mut parts = str::splitn(after, 3, ':');
        Some((parts.next()?.parse().ok()?, parts.next()? == "true", parts.next()?))
    };
    match after.and_then(read) {
        Some((place, is_first, key)) => (place, is_first, Some(key)),
        None => (0, true, None),
    }
}
