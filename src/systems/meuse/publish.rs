//! Validates the metadata that Cargo sends with a crate.
//!
//! Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.crate.new/raw-metadata`. Of all features, Meuse validates
//! only `extras` (the example in Cargo's documentation). We validate every feature.

use crate::document::limits::NEW_NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::split_once;

use super::fields::{boolean, is_i32, list_of, nonempty_text, object_of, optional, required, Field};
use super::resource::is_crate_part;

/// The metadata of a crate.
pub(super) const METADATA: &[Field] = &[
    required("name", crate_name),
    required("vers", version),
    optional("deps", dependencies),
    optional("features", features),
    optional("authors", list_of_texts),
    optional("description", nonempty_text_or_null),
    optional("documentation", nonempty_text_or_null),
    optional("homepage", nonempty_text_or_null),
    optional("readme", nonempty_text_or_null),
    optional("readme_file", nonempty_text_or_null),
    optional("keywords", list_of_texts),
    optional("categories", list_of_texts),
    optional("license", nonempty_text_or_null),
    optional("license_file", nonempty_text_or_null),
    optional("repository", nonempty_text_or_null),
    optional("links", nonempty_text_or_null),
];

/// The metadata of a dependency.
const DEPENDENCY: &[Field] = &[
    required("name", nonempty_text),
    required("version_req", nonempty_text),
    optional("features", list_of_texts),
    optional("optional", boolean),
    optional("default_features", boolean),
    optional("target", nonempty_text_or_null),
    optional("kind", nonempty_text),
    optional("registry", nonempty_text_or_null),
    optional("explicit_name_in_toml", nonempty_text_or_null),
];

/// A crate's name: every name that a resource can contain, so that questions can name every published crate.
fn crate_name(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.new_name(problems) {
        if !is_crate_part(text) {
            node.problem_with(
                problems,
                Code::BadFormat,
                "<> is not a valid crate name, expected letters, digits, `-` or `_`",
                &[text],
            );
        }
    }
    node.value.clone()
}

fn version(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.text(problems) {
        if text.len() > NEW_NAME_MAX || !is_version(text) {
            node.problem_with(
                problems,
                Code::BadFormat,
                "<> is not a valid version, expected three numbers as in `1.0.0`",
                &[text],
            );
        }
    }
    node.value.clone()
}

/// Whether this is a version: three numbers of at most 31 bits, and optionally a suffix that starts with `-` or `+`.
///
/// Source: mcorbin/meuse, src/meuse/semver.clj, `valid?`. It accepts any characters after `-` or `+`; we accept those
/// that semver.org allows there.
pub(super) fn is_version(text: &str) -> bool {
    let Some((major, rest)) = split_once(text, b'.') else { return false };
    let Some((minor, rest)) = split_once(rest, b'.') else { return false };
    let patch =
        rest.bytes().position(|byte| matches!(byte, b'-' | b'+')).and_then(|end| rest.get(..end)).unwrap_or(rest);
    [major, minor, patch].into_iter().all(is_number)
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && is_i32(text)
}

fn dependencies(node: Node<'_>, problems: &mut Problems) -> Value {
    list_of(node, |node, problems| object_of(node, DEPENDENCY, problems), problems)
}

fn features(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(members) = node.object(problems) {
        for (_, node) in members.iter() {
            list_of_texts(node, problems);
        }
    }
    node.value.clone()
}

fn list_of_texts(node: Node<'_>, problems: &mut Problems) -> Value {
    list_of(node, nonempty_text, problems)
}

fn nonempty_text_or_null(node: Node<'_>, problems: &mut Problems) -> Value {
    if node.is_null() {
        Value::Null
    } else {
        nonempty_text(node, problems)
    }
}
