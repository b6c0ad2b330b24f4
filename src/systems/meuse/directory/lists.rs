//! Lists that Meuse answers whole. They go out in parts, so that no list takes more memory than a part.

use crate::directory::prelude::{Body, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The most entries that are read for a part.
const PAGE_SIZE: usize = 256;

/// `{"<name>":[...]}` over all entries below a prefix. `build_items` makes the items of some entries, and may leave any
/// out: then entries are read on until there is an item, so that a part which more follow never has none.
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
