//! SCIM patch: parses the operations of a `PATCH` and applies them to the attributes of a resource (RFC 7644, section
//! 3.5.2).

use super::super::responses::{
    Refusal, INVALID_FILTER, INVALID_PATH, INVALID_SYNTAX, INVALID_VALUE, MUTABILITY, NO_TARGET, PASSWORD_STAYS,
};
use super::super::stored::{list, members};
use super::attribute::{local_name, Attribute, Kind, Mutability};
use super::filter::{Filter, Name, Operator};
use super::matching;
use super::path::{Path, PathError};
use super::schema::{check_schema, find_member, has_no_value, unknown_attribute, Schema};
use super::values::{is_identified_by, merge, merge_duplicates};
use crate::document::problem::{one_of, quote};
use crate::document::value::Value;

/// The schema of the message.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    Add,
    Remove,
    Replace,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub kind: OperationKind,
    /// Without a path, the value contains the attributes.
    pub path: Option<Path>,
    pub value: Value,
}

/// The attributes of a resource.
pub type Attributes = Vec<(String, Value)>;

/// Parses the operations of a message.
///
/// # Errors
///
/// `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget`.
pub fn parse_patch(message: &Value) -> Result<Vec<Operation>, Refusal> {
    check_schema(message, PATCH_OP)?;
    reject_unknown_members(message, &["schemas", "Operations"])?;
    let Some(Value::List(items)) = find_member(message, "operations") else { return Err(INVALID_SYNTAX) };
    if items.is_empty() {
        return Err(INVALID_SYNTAX);
    }
    let mut operations = Vec::new();
    for item in items {
        // A misspelled member would be ignored, and a `remove` without its `value` removes all values.
        reject_unknown_members(item, &["op", "path", "value"])?;
        let word = find_member(item, "op").and_then(Value::text).unwrap_or_default();
        let kind = match word.to_ascii_lowercase().as_str() {
            "add" => OperationKind::Add,
            "remove" => OperationKind::Remove,
            "replace" => OperationKind::Replace,
            _ => return Err(INVALID_SYNTAX),
        };
        let path = match find_member(item, "path") {
            None | Some(Value::Null) => None,
            Some(Value::Text(path)) => Some(parse_path(path)?),
            Some(_) => return Err(INVALID_SYNTAX),
        };
        let value = find_member(item, "value").cloned();
        match (kind, &path, &value) {
            (OperationKind::Remove, None, _) => return Err(NO_TARGET),
            (OperationKind::Add | OperationKind::Replace, _, None) => return Err(INVALID_VALUE),
            _ => operations.push(Operation { kind, path, value: value.unwrap_or_default() }),
        }
    }
    Ok(operations)
}

/// Refuses unknown members of a message.
fn reject_unknown_members(message: &Value, known: &[&str]) -> Result<(), Refusal> {
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    match members(message).iter().find(|(name, value)| !is_known(name) && !has_no_value(value)) {
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
                    return Err(INVALID_VALUE.with_message("`value`: expected an object where there is no `path`"));
                };
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
        (OperationKind::Remove, Value::Null) if schema.extensions.iter().any(|known| known == urn) => {
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

fn apply_to_attribute(
    attributes: &mut Attributes,
    kind: OperationKind,
    path: &Path,
    value: &Value,
    schema: &Schema,
) -> Result<(), Refusal> {
    let Path { name, filter } = path;
    let is_unknown =
        |name: &str| INVALID_PATH.with_message(format!("`path`: unknown attribute {}", quote(local_name(name))));
    let attribute = schema.attribute(&name.attribute).ok_or_else(|| is_unknown(&name.attribute))?;
    let sub = match &name.sub {
        Some(sub) => {
            Some(attribute.sub_attribute(sub).ok_or_else(|| is_unknown(&format!("{}.{sub}", name.attribute)))?)
        }
        None => None,
    };
    if [Some(attribute), sub].into_iter().flatten().any(|known| known.mutability == Mutability::ReadOnly) {
        return Err(MUTABILITY);
    }
    let mut filter = filter.clone();
    if let Some(filter) = &mut filter {
        if !attribute.is_multi || attribute.kind != Kind::Complex {
            return Err(INVALID_PATH);
        }
        matching::check_value_filter(filter, attribute)?;
    }
    let is_nothing = *value == Value::Null;
    if attribute.mutability == Mutability::WriteOnly && (kind == OperationKind::Remove || is_nothing) {
        return Err(PASSWORD_STAYS);
    }
    // RFC 7643, section 2.5: `null` is no value, so adding it changes nothing.
    if kind == OperationKind::Add && is_nothing {
        return Ok(());
    }
    let before = attributes.iter().find(|(known, _)| *known == attribute.name).map(|(_, value)| value);
    let before = before.cloned().unwrap_or_default();
    // RFC 7644, section 3.5.2.3: replacing a value with `null` removes it.
    let kind = if kind == OperationKind::Replace && is_nothing { OperationKind::Remove } else { kind };
    let after = match &filter {
        Some(filter) => {
            let change = |before: &Value| apply_to_value(kind, attribute, sub, before, value);
            apply_to_matches(kind, attribute, &before, filter, change)?
        }
        None => apply_to_all_values(kind, attribute, sub, &before, value)?,
    };
    // A change of sub-attributes can make values equal.
    let is_within = sub.is_some() || (filter.is_some() && kind != OperationKind::Remove);
    let after = match with_one_primary(&before, after) {
        Value::List(values) if is_within => Value::List(merge_duplicates(values, attribute)),
        after => after,
    };
    if attribute.is_required && after == Value::Null {
        return Err(MUTABILITY);
    }
    attributes.retain(|(known, _)| *known != attribute.name);
    if after != Value::Null {
        attributes.push((attribute.name.clone(), after));
    }
    Ok(())
}

/// Applies an operation to the values that match a filter. Removing values that do not exist changes nothing.
fn apply_to_matches(
    kind: OperationKind,
    attribute: &Attribute,
    before: &Value,
    filter: &Filter,
    change: impl Fn(&Value) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let (mut after, mut found) = (Vec::new(), kind == OperationKind::Remove);
    for value in list(before) {
        if matching::value_is_match(filter, value, attribute) {
            found = true;
            after.push(change(value)?);
        } else {
            after.push(value.clone());
        }
    }
    if !found {
        // Source: charon, and what Microsoft Entra ID expects: if no value matches, the value that the filter
        // describes is created.
        let made = value_of_filter(filter, attribute).map(|made| change(&Value::Object(made))).transpose()?;
        let is_match = |made: &Value| matching::value_is_match(filter, made, attribute);
        after.push(made.filter(is_match).ok_or(NO_TARGET)?);
    }
    Ok(non_empty_list(after))
}

/// The value that a filter describes, if it only compares sub-attributes with `eq` and `and`.
fn value_of_filter(filter: &Filter, attribute: &Attribute) -> Option<Attributes> {
    match filter {
        Filter::And(filters) => {
            let mut all = Attributes::new();
            for filter in filters {
                for (name, value) in value_of_filter(filter, attribute)? {
                    if all.iter().any(|(known, _)| *known == name) {
                        return None;
                    }
                    all.push((name, value));
                }
            }
            Some(all)
        }
        Filter::Compare(name, Operator::Equal, value) if name.sub.is_none() && *value != Value::Null => {
            let sub = attribute.sub_attribute(&name.attribute).filter(|sub| sub.mutability != Mutability::ReadOnly)?;
            Some(vec![(sub.name.clone(), value.clone())])
        }
        _ => None,
    }
}

/// Applies an operation to one value.
fn apply_to_value(
    kind: OperationKind,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    before: &Value,
    value: &Value,
) -> Result<Value, Refusal> {
    match (kind, sub) {
        (OperationKind::Remove, None) => Ok(Value::Null),
        (OperationKind::Replace, None) => attribute.parse_single_value(value),
        (OperationKind::Add, None) => Ok(merge(before, &attribute.parse_single_value(value)?)),
        (_, Some(sub)) => with_sub_attribute(kind, sub, before, value),
    }
}

/// Applies an operation to all values of an attribute, or to a sub-attribute of all its values.
fn apply_to_all_values(
    kind: OperationKind,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    before: &Value,
    value: &Value,
) -> Result<Value, Refusal> {
    match (sub, attribute.is_multi) {
        (Some(sub), false) => with_sub_attribute(kind, sub, before, value),
        (Some(sub), true) => {
            if list(before).is_empty() && kind != OperationKind::Remove {
                return Err(NO_TARGET);
            }
            let after: Result<Vec<_>, _> =
                list(before).iter().map(|item| with_sub_attribute(kind, sub, item, value)).collect();
            Ok(non_empty_list(after?))
        }
        (None, false) => match kind {
            OperationKind::Remove => Ok(Value::Null),
            // A text is the whole value: another manager has another name.
            OperationKind::Add | OperationKind::Replace if matches!(value, Value::Text(_)) => {
                attribute.parse_single_value(value)
            }
            OperationKind::Add if attribute.kind == Kind::Complex => {
                Ok(merge(before, &attribute.parse_single_value(value)?))
            }
            // RFC 7644, section 3.5.2.3: other sub-attributes keep their values.
            OperationKind::Replace if attribute.kind == Kind::Complex => {
                Ok(merge(&without_nulls(before, value), &attribute.parse_single_value(value)?))
            }
            OperationKind::Add | OperationKind::Replace => attribute.parse_single_value(value),
        },
        (None, true) => {
            let given = match value {
                Value::Object(_) | Value::Text(_) => attribute.parse_value(&Value::List(vec![value.clone()]))?,
                value => attribute.parse_value(value)?,
            };
            match kind {
                OperationKind::Replace => Ok(given),
                OperationKind::Remove if *value == Value::Null => Ok(Value::Null),
                // Some clients send the values to remove in `value`, and an empty list removes none.
                OperationKind::Remove => {
                    let is_removed =
                        |item: &Value| list(&given).iter().any(|gone| is_identified_by(item, gone, attribute));
                    Ok(non_empty_list(list(before).iter().filter(|item| !is_removed(item)).cloned().collect()))
                }
                OperationKind::Add => {
                    // The given values have no duplicates.
                    let (mut after, count) = (list(before).to_vec(), list(before).len());
                    for item in list(&given) {
                        match after.iter_mut().take(count).find(|known| is_identified_by(known, item, attribute)) {
                            Some(known) => *known = merge(known, item),
                            None => after.push(item.clone()),
                        }
                    }
                    Ok(non_empty_list(after))
                }
            }
        }
    }
}

/// An object with a changed or removed sub-attribute; `null` if it becomes empty.
fn with_sub_attribute(kind: OperationKind, sub: &Attribute, before: &Value, value: &Value) -> Result<Value, Refusal> {
    let known = before.get(&sub.name);
    let value = match kind {
        OperationKind::Remove => Value::Null,
        OperationKind::Add | OperationKind::Replace => sub.parse_value(value)?,
    };
    if sub.mutability == Mutability::Immutable && known.is_some_and(|known| *known != value) {
        return Err(MUTABILITY);
    }
    let mut after: Attributes = members(before).iter().filter(|(name, _)| *name != sub.name).cloned().collect();
    if value != Value::Null {
        after.push((sub.name.clone(), value));
    }
    Ok(if after.is_empty() { Value::Null } else { Value::Object(after) })
}

/// An object without the sub-attributes that are `null` in the other object.
fn without_nulls(before: &Value, given: &Value) -> Value {
    let is_kept = |(name, _): &&(String, Value)| find_member(given, name) != Some(&Value::Null);
    Value::Object(members(before).iter().filter(is_kept).cloned().collect())
}

fn non_empty_list(mut values: Vec<Value>) -> Value {
    values.retain(|value| *value != Value::Null);
    if values.is_empty() {
        Value::Null
    } else {
        Value::List(values)
    }
}

/// RFC 7644, section 3.5.2: if a change makes a value primary, the previous primary value loses this mark.
fn with_one_primary(before: &Value, after: Value) -> Value {
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let Value::List(mut values) = after else { return after };
    let was = |value: &Value| list(before).contains(value);
    if let Some(newest) = values.iter().rposition(|value| is_primary(value) && !was(value)) {
        for (index, value) in values.iter_mut().enumerate() {
            if let (true, Value::Object(sub_attributes)) = (index != newest, value) {
                for (_, flag) in sub_attributes.iter_mut().filter(|(name, _)| name == "primary") {
                    *flag = Value::Bool(false);
                }
            }
        }
    }
    Value::List(values)
}
