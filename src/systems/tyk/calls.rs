//! Maps HTTP requests to questions. Tyk's rules apply to the request itself, so the resource is its path.

use crate::document::value::Value;
use crate::system::{Question, Request};
use crate::tables::text::concat;
use crate::tables::word::Word;

use super::access::{classify_action, ResourceKind};
use super::paths::{without_slash, Path};
use super::vocabulary::Action;

/// The question for a request; `None` if the method is unknown or the path is not normalized.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    let (kind, _) = classify_action(Action::from_word(request.method)?);
    if kind != ResourceKind::Path {
        return None;
    }
    let path = without_slash(request.path).unwrap_or(request.path);
    Path::parse(path)?;
    Some(Question { action: request.method.to_owned(), resource: concat(&["path:", path]), attributes: Value::Null })
}
