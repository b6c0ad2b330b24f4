//! SCIM lists: what the parts of users and of groups share.

use super::super::responses::SCIM_JSON;
use super::list_position::Position;
use crate::directory::index::{self, Index};
use crate::directory::prelude::{Body, Interrupt, Response, Transaction};

/// Index items that one part reads.
pub const ITEMS_PAGE: usize = 256;

/// The response with a part of a list.
pub fn partial_response(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
        .with_header("content-type", SCIM_JSON)
}

/// Reads the index items with a value of an attribute; `None` while the index is built.
pub fn read_items_with_value(
    tx: &mut Transaction<'_>,
    index: &Index,
    term: (&str, &str),
    after: Option<&str>,
) -> Result<Option<Vec<String>>, Interrupt> {
    if !index::is_ready(tx, index)? {
        return Ok(None);
    }
    index::items_with_value(tx, index, term, after, ITEMS_PAGE).map(Some)
}

/// Writes a comma before every resource except the first one.
pub fn write_separator(text: &mut String, position: &mut Position) {
    if position.returned > 0 {
        text.push(',');
    }
    position.returned = position.returned.saturating_add(1);
}
