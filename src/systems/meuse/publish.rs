//! The metadata that Cargo sends along with a crate.
//!
//! Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.crate.new/raw-metadata`. There, of all features only
//! one called `extras` is looked at (the example in Cargo's documentation); we look at every one.

use crate::document::limits::NEW_NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{fill_quoted, Code, Problems};
use crate::document::value::Value;

use super::fields::{nonempty_text, boolean, is_i32, list_of, optional, required, object_of, Field};
use super::resource::is_crate_part;

/// What Cargo says of the crate.
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

/// What Cargo says of each dependency.
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

/// A crate's name: whatever can stand in a resource, so that all that is published can be asked about.
fn crate_name(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.new_name(problems) {
        if !is_crate_part(text) {
            node.problem(
                problems,
                Code::BadFormat,
                &fill_quoted("<> is no name for a crate, expected letters, digits, `-` or `_`", &[text]),
            );
        }
    }
    node.value.clone()
}

fn version(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.text(problems) {
        if text.len() > NEW_NAME_MAX || !is_version(text) {
            node.problem(
                problems,
                Code::BadFormat,
                &fill_quoted("<> is no version, expected three numbers as in `1.0.0`", &[text]),
            );
        }
    }
    node.value.clone()
}

/// Three numbers of at most 31 bits, and after the third what `-` or `+` begins.
///
/// Source: mcorbin/meuse, src/meuse/semver.clj, `valid?`. It takes anything behind the `-` or `+`; we take the
/// characters that a version of semver.org has there.
pub(super) fn is_version(text: &str) -> bool {
    let mut parts = text.splitn(3, '.');
    let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let patch = rest.split(['-', '+']).next().unwrap_or(rest);
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
