//! SCIM patch: parses the operations of a `PATCH` and applies them to the attributes of a resource (RFC 7644, section
//! 3.5.2).

use super::super::responses::{Refusal, INVALID_FILTER, INVALID_PATH, INVALID_SYNTAX, INVALID_VALUE, NO_TARGET};
use super::super::stored::members;
use super::attribute::{Attribute, Attributes};
use super::filter::{Filter, Name, Operator};
use super::patch_value::{apply_to_attribute, OperationKind};
use super::path::{Path, PathError};
use super::schema::{check_schema, find_member, has_no_value, unknown_attribute, Schema};
use crate::document::problem::one_of;
use crate::document::value::Value;
use crate::tables::text::quote;

/// The schema of the message.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Attributes that clients set to protect an account. Beside an operation they would be ignored.
const PROTECTING: [&str; 2] = ["active", "password"];

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub kind: OperationKind,
    /// Without a path, the value contains the attributes.
    pub path: Option<Path>,
    pub value: Value,
}

/// Parses the operations of a message.
///
/// # Errors
///
/// `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget`.
pub fn parse_patch(message: &Value) -> Result<Vec<Operation>, Refusal> {
    check_schema(message, PATCH_OP)?;
    reject_members(message, &["schemas", "Operations"], is_protecting)?;
    let invalid = |message: &'static str| INVALID_SYNTAX.with_message(message);
    let items = match find_member(message, "operations") {
        Some(Value::List(items)) if !items.is_empty() => items,
        Some(_) => return Err(invalid("`Operations`: expected a list of at least one operation")),
        None => return Err(invalid("`Operations` is missing, expected a list of at least one operation")),
    };
    let mut operations = Vec::new();
    for item in items {
        if !matches!(item, Value::Object(_)) {
            return Err(invalid("`Operations`: expected objects with `op`, `path` and `value`"));
        }
        let kind = parse_kind(find_member(item, "op"))?;
        let path = match find_member(item, "path") {
            None | Some(Value::Null) => None,
            Some(Value::Text(path)) => Some(parse_path(path)?),
            Some(_) => return Err(invalid("`path`: expected text")),
        };
        let value = find_member(item, "value").cloned();
        // Source: charon ignores members that it does not know, and Microsoft's own requests have some. But a `remove`
        // without its `value` removes all values, so there a misspelled one is refused.
        let is_of_all = kind == OperationKind::Remove && value.is_none();
        reject_members(item, &["op", "path", "value"], |name| is_of_all || is_protecting(name))?;
        match (kind, &path, &value) {
            (OperationKind::Remove, None, _) => return Err(NO_TARGET.with_message("a `remove` needs a `path`")),
            (OperationKind::Add | OperationKind::Replace, _, None) => {
                return Err(INVALID_VALUE.with_message("an `add` or `replace` needs a `value`"));
            }
            _ => operations.push(Operation { kind, path, value: value.unwrap_or_default() }),
        }
    }
    Ok(operations)
}

/// Parses the `op` of an operation.
fn parse_kind(op: Option<&Value>) -> Result<OperationKind, Refusal> {
    let expected = "expected `add`, `remove` or `replace`";
    let message = match op {
        None | Some(Value::Null) => format!("`op` is missing, {expected}"),
        Some(Value::Text(word)) => match word.to_ascii_lowercase().as_str() {
            "add" => return Ok(OperationKind::Add),
            "remove" => return Ok(OperationKind::Remove),
            "replace" => return Ok(OperationKind::Replace),
            _ => format!("unknown `op` {}, {expected}", quote(word)),
        },
        Some(_) => format!("`op`: {expected}"),
    };
    Err(INVALID_SYNTAX.with_message(message))
}

fn is_protecting(name: &str) -> bool {
    PROTECTING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Refuses those unknown members of a message that must not be ignored.
fn reject_members(message: &Value, known: &[&str], is_refused: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    match members(message).iter().find(|(name, value)| !is_known(name) && is_refused(name) && !has_no_value(value)) {
        Some((name, _)) => {
            let message = format!("unknown member {}, expected {}", quote(name), one_of(known));
            Err(INVALID_SYNTAX.with_message(message))
        }
        None => Ok(()),
    }
}

fn parse_path(text: &str) -> Result<Path, Refusal> {
    Path::parse(text).map_err(|error| match error {
        PathError::Path => INVALID_PATH,
        PathError::Filter => INVALID_FILTER,
    })
}

/// Applies operations in order to the attributes of the resource with this id. If one fails, the caller discards all
/// changes.
///
/// # Errors
///
/// The refusal of the first operation that fails.
pub fn apply_patch(
    attributes: &mut Attributes,
    operations: &[Operation],
    schema: &Schema,
    id: &str,
) -> Result<(), Refusal> {
    for Operation { kind, path, value } in operations {
        match path {
            Some(path) => match find_schema_urn(path, schema) {
                Some(urn) => apply_to_schema(attributes, *kind, urn, value, schema)?,
                None => apply_to_attribute(attributes, *kind, path, value, schema)?,
            },
            None => {
                let Value::Object(given) = value else {
                    return Err(INVALID_VALUE.with_message("`value`: expected an object, because `path` is missing"));
                };
                for (name, value) in given.iter().filter(|(_, value)| *value == Value::Null) {
                    if let Some(urn) = schema.find_urn(name) {
                        apply_to_schema(attributes, *kind, urn, value, schema)?;
                    }
                }
                apply_to_attributes(attributes, *kind, schema.flatten_extensions(given)?, schema, Some(id))?;
            }
        }
    }
    Ok(())
}

/// The schema or extension, if the path is its URN.
fn find_schema_urn<'s>(path: &Path, schema: &'s Schema) -> Option<&'s str> {
    let is_bare = path.filter.is_none() && path.name.sub.is_none();
    schema.find_urn(&path.name.attribute).filter(|_| is_bare)
}

/// Applies an operation to the attributes of a schema or extension.
fn apply_to_schema(
    attributes: &mut Attributes,
    kind: OperationKind,
    urn: &str,
    value: &Value,
    schema: &Schema,
) -> Result<(), Refusal> {
    match (kind, value) {
        // RFC 7643, section 2.5: adding `null` adds no value, and replacing with `null` removes all values.
        (OperationKind::Add, Value::Null) => Ok(()),
        (OperationKind::Remove | OperationKind::Replace, Value::Null)
            if schema.extensions.iter().any(|known| known == urn) =>
        {
            attributes.retain(|(name, _)| name.rsplit_once(':').is_none_or(|(of, _)| of != urn));
            Ok(())
        }
        (OperationKind::Add | OperationKind::Replace, Value::Object(_)) => {
            let given = [(urn.to_owned(), value.clone())];
            apply_to_attributes(attributes, kind, schema.flatten_extensions(&given)?, schema, None)
        }
        _ => Err(INVALID_VALUE.with_message(format!("{}: expected an object with attributes", quote(urn)))),
    }
}

/// Applies an operation to several attributes. The id and the schemas of this resource may be among them, because
/// some clients always send them.
fn apply_to_attributes(
    attributes: &mut Attributes,
    kind: OperationKind,
    given: Vec<(String, &Value)>,
    schema: &Schema,
    id: Option<&str>,
) -> Result<(), Refusal> {
    for (name, value) in given {
        let path = parse_path(&name)?;
        let is_identification = |known: &Attribute| match known.name.as_str() {
            "schemas" => true,
            "id" => id.is_some() && value.text() == id,
            _ => false,
        };
        match schema.attribute(&path.name.attribute) {
            None if has_no_value(value) => {}
            None => return Err(unknown_attribute(&name)),
            Some(known) if is_identification(known) => {}
            Some(_) => apply_to_attribute(attributes, kind, &path, value, schema)?,
        }
    }
    Ok(())
}

/// The ids in an attribute's values that the operations change; `None` if an operation changes values without naming
/// them.
pub fn named_values(operations: &[Operation], schema: &Schema, attribute: &str) -> Option<Vec<String>> {
    let is_attribute = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    let ids = |value: &Value| -> Option<Vec<String>> {
        let items = match value {
            Value::List(items) => items.as_slice(),
            item => std::slice::from_ref(item),
        };
        items.iter().map(|item| find_member(item, "value").unwrap_or(item).text().map(str::to_owned)).collect()
    };
    let mut named = Vec::new();
    for Operation { kind, path, value } in operations {
        match path {
            None => {
                for (_, value) in
                    schema.flatten_extensions(members(value)).ok()?.iter().filter(|(name, _)| is_attribute(name))
                {
                    if *kind != OperationKind::Add {
                        return None;
                    }
                    named.extend(ids(value)?);
                }
            }
            Some(Path { name: Name { attribute, sub }, filter }) if is_attribute(attribute) => match (kind, filter) {
                (OperationKind::Add | OperationKind::Remove, None) if sub.is_none() => named.extend(ids(value)?),
                (_, Some(Filter::Compare(name, Operator::Equal, Value::Text(id))))
                    if name.sub.is_none() && name.attribute.eq_ignore_ascii_case("value") =>
                {
                    named.push(id.clone());
                }
                _ => return None,
            },
            Some(_) => {}
        }
    }
    Some(named)
}
