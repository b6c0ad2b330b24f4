//! SCIM patch: applies one operation to the values of one attribute (RFC 7644, section 3.5.2).

use super::super::responses::{Refusal, INVALID_PATH, MUTABILITY, NO_TARGET, PASSWORD_STAYS};
use super::super::stored::{list_items, members};
use super::attribute::{local_name, Attribute, Attributes, Kind, Mutability};
use super::filter::{Filter, Operator};
use super::matching;
use super::path::Path;
use super::schema::{find_member, Schema};
use super::values::{is_identified_by, merge, merge_duplicates};
use crate::document::value::Value;
use crate::tables::text::quote;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    Add,
    Remove,
    Replace,
}

/// Applies an operation to the attribute or sub-attribute at a path.
///
/// # Errors
///
/// The refusal of the operation.
pub fn apply_to_attribute(
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
        return Err(MUTABILITY.with_message(format!("{} cannot be changed", quote(&name.text()))));
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
    // RFC 7643, section 2.5: adding `null` adds no value, so it changes nothing.
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
        return Err(MUTABILITY.with_message(format!("{} is required and cannot be removed", quote(&name.text()))));
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
    let (mut after, mut is_matched) = (Vec::new(), kind == OperationKind::Remove);
    for value in list_items(before) {
        if matching::value_is_match(filter, value, attribute) {
            is_matched = true;
            after.push(change(value)?);
        } else {
            after.push(value.clone());
        }
    }
    if !is_matched {
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
            if list_items(before).is_empty() && kind != OperationKind::Remove {
                return Err(NO_TARGET);
            }
            let after: Result<Vec<_>, _> =
                list_items(before).iter().map(|item| with_sub_attribute(kind, sub, item, value)).collect();
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
            let values = match value {
                Value::Object(_) | Value::Text(_) => attribute.parse_value(&Value::List(vec![value.clone()]))?,
                value => attribute.parse_value(value)?,
            };
            match kind {
                OperationKind::Replace => Ok(values),
                OperationKind::Remove if *value == Value::Null => Ok(Value::Null),
                // Some clients send the values to remove in `value`, and an empty list removes none.
                OperationKind::Remove => {
                    let is_removed =
                        |item: &Value| list_items(&values).iter().any(|gone| is_identified_by(item, gone, attribute));
                    Ok(non_empty_list(list_items(before).iter().filter(|item| !is_removed(item)).cloned().collect()))
                }
                OperationKind::Add => {
                    // The given values have no duplicates.
                    let (mut after, count) = (list_items(before).to_vec(), list_items(before).len());
                    for item in list_items(&values) {
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
        return Err(MUTABILITY.with_message(format!("{} cannot be changed", quote(&sub.name))));
    }
    let mut after: Attributes = members(before).iter().filter(|(name, _)| *name != sub.name).cloned().collect();
    if value != Value::Null {
        after.push((sub.name.clone(), value));
    }
    Ok(if after.is_empty() { Value::Null } else { Value::Object(after) })
}

/// An object without the sub-attributes that are `null` in the other object.
fn without_nulls(before: &Value, values: &Value) -> Value {
    let is_kept = |(name, _): &&(String, Value)| find_member(values, name) != Some(&Value::Null);
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
    let was = |value: &Value| list_items(before).contains(value);
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
