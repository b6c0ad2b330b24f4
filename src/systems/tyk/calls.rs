//! From requests to questions. Tyk's rules ask about the request itself, so its path is the resource.

use crate::document::value::Value;
use crate::system::{Question, Request};
use crate::tables::text::concat;
use crate::tables::word::Word;

use super::access::{intent, Form};
use super::paths::{without_slash, Path};
use super::vocabulary::Action;

/// The question that a request asks; `None` for a method that does not exist or a path that is not normal.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    let (form, _) = intent(Action::from_word(request.method)?);
    if form != Form::Request {
        return None;
    }
    let path = without_slash(request.path).unwrap_or(request.path);
    Path::parse(path)?;
    Some(Question { action: request.method.to_owned(), resource: concat(&["path:", path]), attributes: Value::Null })
}
