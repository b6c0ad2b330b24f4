//! Changes of a resource, attribute by attribute (RFC 7644, section 3.5.2).

use super::super::answers::{
    Refusal, INVALID_FILTER, INVALID_PATH, INVALID_SYNTAX, INVALID_VALUE, MUTABILITY, NO_TARGET, PASSWORD_STAYS,
};
use super::super::stored::{list, members};
use super::filter::{Filter, Name, Operator};
use super::matching;
use super::path::{Path, Unreadable};
use super::schema::{is_of, member, Attribute, Kind, Mutability, Schema};
use super::values::{distinct, is_named, merged};
use crate::value::Value;

/// The schema of the message.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Add,
    Remove,
    Replace,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub does: Does,
    /// Without one the value has the attributes.
    pub path: Option<Path>,
    pub value: Value,
}

/// The attributes of a resource.
pub type Attributes = Vec<(String, Value)>;

/// Reads the operations of a message.
///
/// # Errors
///
/// `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget`.
pub fn read(message: &Value) -> Result<Vec<Operation>, Refusal> {
    is_of(message, PATCH_OP)?;
    let Some(Value::List(items)) = member(message, "operations") else { return Err(INVALID_SYNTAX) };
    if items.is_empty() {
        return Err(INVALID_SYNTAX);
    }
    let mut operations = Vec::new();
    for item in items {
        let word = member(item, "op").and_then(Value::text).unwrap_or_default();
        let does = match word.to_ascii_lowercase().as_str() {
            "add" => Does::Add,
            "remove" => Does::Remove,
            "replace" => Does::Replace,
            _ => return Err(INVALID_SYNTAX),
        };
        let path = match member(item, "path") {
            None | Some(Value::Null) => None,
            Some(Value::Text(path)) => Some(read_path(path)?),
            Some(_) => return Err(INVALID_SYNTAX),
        };
        let value = member(item, "value").cloned();
        match (does, &path, &value) {
            (Does::Remove, None, _) => return Err(NO_TARGET),
            (Does::Add | Does::Replace, _, None) => return Err(INVALID_VALUE),
            _ => operations.push(Operation { does, path, value: value.unwrap_or_default() }),
        }
    }
    Ok(operations)
}

fn read_path(text: &str) -> Result<Path, Refusal> {
    Path::read(text).map_err(|unreadable| match unreadable {
        Unreadable::Path => INVALID_PATH,
        Unreadable::Filter => INVALID_FILTER,
    })
}

/// Applies operations in their order, to the attributes of the resource with this identifier. Whoever calls throws
/// all away if one fails.
///
/// # Errors
///
/// The refusal of the first that fails.
pub fn apply(attributes: &mut Attributes, operations: &[Operation], schema: &Schema, id: &str) -> Result<(), Refusal> {
    for Operation { does, path, value } in operations {
        match path {
            Some(path) => one(attributes, *does, path, value, schema)?,
            None => {
                let Value::Object(given) = value else { return Err(INVALID_VALUE) };
                for (name, value) in given {
                    let path = read_path(name)?;
                    // What no schema knows is left out, as in a whole resource. So is what says which resource this
                    // is: some clients always send it.
                    let says_which = |known: &Attribute| match known.name.as_str() {
                        "schemas" => true,
                        "id" => value.text() == Some(id),
                        _ => false,
                    };
                    if schema.attribute(&path.name.attribute).is_some_and(|known| !says_which(known)) {
                        one(attributes, *does, &path, value, schema)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The identifiers that the operations name of an attribute's values, if they name each one they touch; else
/// nothing.
pub fn named_values(operations: &[Operation], schema: &Schema, attribute: &str) -> Option<Vec<String>> {
    let is_it = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    let ids = |value: &Value| -> Option<Vec<String>> {
        let items = match value {
            Value::List(items) => items.as_slice(),
            item => std::slice::from_ref(item),
        };
        items.iter().map(|item| member(item, "value")?.text().map(str::to_owned)).collect()
    };
    let mut named = Vec::new();
    for Operation { does, path, value } in operations {
        match path {
            None => {
                for (_, value) in members(value).iter().filter(|(name, _)| is_it(name)) {
                    if *does != Does::Add {
                        return None;
                    }
                    named.extend(ids(value)?);
                }
            }
            Some(Path { name: Name { attribute, part }, filter }) if is_it(attribute) => match (does, filter) {
                (Does::Add | Does::Remove, None) if part.is_none() => named.extend(ids(value)?),
                (_, Some(Filter::Compare(name, Operator::Equal, Value::Text(id))))
                    if name.part.is_none() && name.attribute.eq_ignore_ascii_case("value") =>
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

fn one(attributes: &mut Attributes, does: Does, path: &Path, value: &Value, schema: &Schema) -> Result<(), Refusal> {
    let Path { name, filter } = path;
    let attribute = schema.attribute(&name.attribute).ok_or(INVALID_PATH)?;
    let part = match &name.part {
        Some(part) => Some(attribute.part(part).ok_or(INVALID_PATH)?),
        None => None,
    };
    if [Some(attribute), part].into_iter().flatten().any(|known| known.mutability == Mutability::ReadOnly) {
        return Err(MUTABILITY);
    }
    if let Some(filter) = filter {
        if !attribute.is_multi || attribute.kind != Kind::Complex {
            return Err(INVALID_PATH);
        }
        matching::check_of_value(filter, attribute)?;
    }
    let is_nothing = *value == Value::Null;
    if attribute.mutability == Mutability::WriteOnly && (does == Does::Remove || is_nothing) {
        return Err(PASSWORD_STAYS);
    }
    // RFC 7643, section 2.5: `null` is what has no value. To add that changes nothing.
    if does == Does::Add && is_nothing {
        return Ok(());
    }
    let before = attributes.iter().find(|(known, _)| *known == attribute.name).map(|(_, value)| value);
    let before = before.cloned().unwrap_or_default();
    // RFC 7644, section 3.5.2.3: a replacement by nothing takes the value away.
    let does = if does == Does::Replace && is_nothing { Does::Remove } else { does };
    let after = match filter {
        Some(filter) => filtered(attribute, &before, filter, |values| changed(does, attribute, part, values, value))?,
        None => whole(does, attribute, part, &before, value)?,
    };
    // A change within values can make them the same.
    let is_within = part.is_some() || (filter.is_some() && does != Does::Remove);
    let after = match with_one_primary(&before, after) {
        Value::List(values) if is_within => Value::List(distinct(values, attribute)),
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

/// A change of the values that a filter picks.
fn filtered(
    attribute: &Attribute,
    before: &Value,
    filter: &Filter,
    change: impl Fn(&Value) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let (mut after, mut found) = (Vec::new(), false);
    for value in list(before) {
        if matching::holds_of_value(filter, value, attribute) {
            found = true;
            after.push(change(value)?);
        } else {
            after.push(value.clone());
        }
    }
    if found {
        Ok(some(after))
    } else {
        Err(NO_TARGET)
    }
}

/// A change of one value that was picked.
fn changed(
    does: Does,
    attribute: &Attribute,
    part: Option<&Attribute>,
    before: &Value,
    value: &Value,
) -> Result<Value, Refusal> {
    match (does, part) {
        (Does::Remove, None) => Ok(Value::Null),
        (Does::Replace, None) => attribute.taken_one(value),
        (Does::Add, None) => Ok(merged(before, &attribute.taken_one(value)?)),
        (_, Some(part)) => with_part(does, part, before, value),
    }
}

/// A change of an attribute as a whole, or of a part in all its values.
fn whole(
    does: Does,
    attribute: &Attribute,
    part: Option<&Attribute>,
    before: &Value,
    value: &Value,
) -> Result<Value, Refusal> {
    match (part, attribute.is_multi) {
        (Some(part), false) => with_part(does, part, before, value),
        (Some(part), true) => {
            if list(before).is_empty() {
                return Err(NO_TARGET);
            }
            let after: Result<Vec<_>, _> = list(before).iter().map(|item| with_part(does, part, item, value)).collect();
            Ok(some(after?))
        }
        (None, false) => match does {
            Does::Remove => Ok(Value::Null),
            Does::Add if attribute.kind == Kind::Complex => Ok(merged(before, &attribute.taken_one(value)?)),
            // RFC 7644, section 3.5.2.3: parts that are not named stay.
            Does::Replace if attribute.kind == Kind::Complex => {
                Ok(merged(&without_nulls(before, value), &attribute.taken_one(value)?))
            }
            Does::Add | Does::Replace => attribute.taken_one(value),
        },
        (None, true) => {
            let given = match value {
                Value::Object(_) | Value::Text(_) => attribute.taken(&Value::List(vec![value.clone()]))?,
                value => attribute.taken(value)?,
            };
            match does {
                Does::Replace => Ok(given),
                Does::Remove if *value == Value::Null => Ok(Value::Null),
                // Some clients name in `value` what is to go, and mean no other: an empty list names none.
                Does::Remove => {
                    let goes = |item: &Value| list(&given).iter().any(|gone| is_named(item, gone, attribute));
                    Ok(some(list(before).iter().filter(|item| !goes(item)).cloned().collect()))
                }
                Does::Add => {
                    // What is given has no two that stand for the same.
                    let (mut after, count) = (list(before).to_vec(), list(before).len());
                    for item in list(&given) {
                        match after.iter_mut().take(count).find(|known| is_named(known, item, attribute)) {
                            Some(known) => *known = merged(known, item),
                            None => after.push(item.clone()),
                        }
                    }
                    Ok(some(after))
                }
            }
        }
    }
}

/// An object with another part, or without it; `null` when nothing is left.
fn with_part(does: Does, part: &Attribute, before: &Value, value: &Value) -> Result<Value, Refusal> {
    let known = before.get(&part.name);
    let value = match does {
        Does::Remove => Value::Null,
        Does::Add | Does::Replace => part.taken(value)?,
    };
    if part.mutability == Mutability::Immutable && known.is_some_and(|known| *known != value) {
        return Err(MUTABILITY);
    }
    let mut after: Attributes = members(before).iter().filter(|(name, _)| *name != part.name).cloned().collect();
    if value != Value::Null {
        after.push((part.name.clone(), value));
    }
    Ok(if after.is_empty() { Value::Null } else { Value::Object(after) })
}

/// An object without the parts that another says are nothing.
fn without_nulls(before: &Value, given: &Value) -> Value {
    let stays = |(name, _): &&(String, Value)| member(given, name) != Some(&Value::Null);
    Value::Object(members(before).iter().filter(stays).cloned().collect())
}

fn some(mut values: Vec<Value>) -> Value {
    values.retain(|value| *value != Value::Null);
    if values.is_empty() {
        Value::Null
    } else {
        Value::List(values)
    }
}

/// RFC 7644, section 3.5.2: where a change makes a value the primary one, the one before is it no more.
fn with_one_primary(before: &Value, after: Value) -> Value {
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let Value::List(mut values) = after else { return after };
    let was = |value: &Value| list(before).contains(value);
    if let Some(newest) = values.iter().rposition(|value| is_primary(value) && !was(value)) {
        for (index, value) in values.iter_mut().enumerate() {
            if let (true, Value::Object(parts)) = (index != newest, value) {
                for (_, flag) in parts.iter_mut().filter(|(name, _)| name == "primary") {
                    *flag = Value::Bool(false);
                }
            }
        }
    }
    Value::List(values)
}
