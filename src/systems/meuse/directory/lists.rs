//! Responses with complete lists, which Meuse does not page. They are sent in parts, so that memory is limited to one
//! part.

use crate::directory::prelude::{Body, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The number of entries that are read at once.
const PAGE_SIZE: usize = 256;

/// `{"<name>":[...]}` with the items of all entries below a prefix. `build_items` converts entries to items, and can
/// leave entries out. Further entries are read until there is at least one item, so that only the last part can be
/// empty.
pub(super) fn list_response<'w>(
    tx: &mut Transaction<'w>,
    call: &Call<'_>,
    prefix: &str,
    name: &str,
    mut build_items: impl FnMut(&mut Transaction<'w>, &[&Value]) -> Result<Vec<Value>, Interrupt>,
) -> Result<Response, Interrupt> {
    let mut after = call.after;
    let mut text = if after.is_none() { format!("{{{}:[", Value::from(name)) } else { String::new() };
    loop {
        let page = tx.scan(prefix, after, PAGE_SIZE)?;
        let values: Vec<&Value> = page.iter().map(|(_, entry)| &entry.value).collect();
        let items = build_items(tx, &values)?;
        let mut is_first = call.after.is_none();
        for item in &items {
            if !is_first {
                text.push(',');
            }
            text.push_str(&item.to_string());
            is_first = false;
        }
        let next = page.last().filter(|_| page.len() >= PAGE_SIZE).map(|(key, _)| key.as_str());
        match next {
            None => text.push_str("]}"),
            Some(key) if items.is_empty() => {
                after = Some(key);
                continue;
            }
            Some(_) => {}
        }
        return Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: Body::Part { text, next: next.map(str::to_owned) },
        });
    }
}
