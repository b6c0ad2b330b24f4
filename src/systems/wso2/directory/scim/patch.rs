//! Changes of a resource, attribute by attribute (RFC 7644, section 3.5.2).

use super::super::responses::{
    Refusal, INVALID_FILTER, INVALID_PATH, INVALID_SYNTAX, INVALID_VALUE, MUTABILITY, NO_TARGET, PASSWORD_STAYS,
};
use super::super::stored::{list, members};
use super::attribute::{local, Attribute, Kind, Mutability};
use super::filter::{Filter, Name, Operator};
use super::matching;
use super::path::{Path, Unreadable};
use super::schema::{is_nothing, is_of, member, unknown, Schema};
use super::values::{distinct, is_named, merged};
use crate::document::problem::{one_of, quote};
use crate::document::value::Value;

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
    only(message, &["schemas", "Operations"])?;
    let Some(Value::List(items)) = member(message, "operations") else { return Err(INVALID_SYNTAX) };
    if items.is_empty() {
        return Err(INVALID_SYNTAX);
    }
    let mut operations = Vec::new();
    for item in items {
        // What is misspelled would be missing, and a `remove` without its `value` removes all.
        only(item, &["op", "path", "value"])?;
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

/// Refuses members of a message that it does not have.
fn only(message: &Value, known: &[&str]) -> Result<(), Refusal> {
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    match members(message).iter().find(|(name, value)| !is_known(name) && !is_nothing(value)) {
        Some((name, _)) => {
            let message = format!("unknown member {}, expected {}", quote(name), one_of(known));
            Err(INVALID_SYNTAX.with_message(message))
        }
        None => Ok(()),
    }
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
            Some(path) => match schema_of(path, schema) {
                Some(urn) => within_schema(attributes, *does, urn, value, schema)?,
                None => one(attributes, *does, path, value, schema)?,
            },
            None => {
                let Value::Object(given) = value else {
                    return Err(INVALID_VALUE.with_message("`value`: expected an object where there is no `path`"));
                };
                each(attributes, *does, schema.flattened(given)?, schema, Some(id))?;
            }
        }
    }
    Ok(())
}

/// The schema or extension that a path is of, as a whole.
fn schema_of<'s>(path: &Path, schema: &'s Schema) -> Option<&'s str> {
    let is_whole = path.filter.is_none() && path.name.part.is_none();
    schema.urn_named(&path.name.attribute).filter(|_| is_whole)
}

/// A change of the attributes of a schema or extension.
fn within_schema(
    attributes: &mut Attributes,
    does: Does,
    urn: &str,
    value: &Value,
    schema: &Schema,
) -> Result<(), Refusal> {
    match (does, value) {
        (Does::Remove, Value::Null) if schema.extensions.iter().any(|known| known == urn) => {
            attributes.retain(|(name, _)| name.rsplit_once(':').is_none_or(|(of, _)| of != urn));
            Ok(())
        }
        (Does::Add | Does::Replace, Value::Object(_)) => {
            let given = [(urn.to_owned(), value.clone())];
            each(attributes, does, schema.flattened(&given)?, schema, None)
        }
        _ => Err(INVALID_VALUE.with_message(format!("{}: expected an object with attributes", quote(urn)))),
    }
}

/// A change of several attributes. What says which resource this is may be among them, as some clients always send it.
fn each(
    attributes: &mut Attributes,
    does: Does,
    given: Vec<(String, &Value)>,
    schema: &Schema,
    id: Option<&str>,
) -> Result<(), Refusal> {
    for (name, value) in given {
        let path = read_path(&name)?;
        let says_which = |known: &Attribute| match known.name.as_str() {
            "schemas" => true,
            "id" => id.is_some() && value.text() == id,
            _ => false,
        };
        match schema.attribute(&path.name.attribute) {
            None if is_nothing(value) => {}
            None => return Err(unknown(&name)),
            Some(known) if says_which(known) => {}
            Some(_) => one(attributes, does, &path, value, schema)?,
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
        items.iter().map(|item| member(item, "value").unwrap_or(item).text().map(str::to_owned)).collect()
    };
    let mut named = Vec::new();
    for Operation { does, path, value } in operations {
        match path {
            None => {
                for (_, value) in schema.flattened(members(value)).ok()?.iter().filter(|(name, _)| is_it(name)) {
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
    let is_unknown =
        |name: &str| INVALID_PATH.with_message(format!("`path`: unknown attribute {}", quote(local(name))));
    let attribute = schema.attribute(&name.attribute).ok_or_else(|| is_unknown(&name.attribute))?;
    let part = match &name.part {
        Some(part) => Some(attribute.part(part).ok_or_else(|| is_unknown(&format!("{}.{part}", name.attribute)))?),
        None => None,
    };
    if [Some(attribute), part].into_iter().flatten().any(|known| known.mutability == Mutability::ReadOnly) {
        return Err(MUTABILITY);
    }
    let mut filter = filter.clone();
    if let Some(filter) = &mut filter {
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
    let after = match &filter {
        Some(filter) => {
            let change = |before: &Value| changed(does, attribute, part, before, value);
            filtered(does, attribute, &before, filter, change)?
        }
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

/// A change of the values that a filter picks. To remove what is not there changes nothing.
fn filtered(
    does: Does,
    attribute: &Attribute,
    before: &Value,
    filter: &Filter,
    change: impl Fn(&Value) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let (mut after, mut found) = (Vec::new(), does == Does::Remove);
    for value in list(before) {
        if matching::holds_of_value(filter, value, attribute) {
            found = true;
            after.push(change(value)?);
        } else {
            after.push(value.clone());
        }
    }
    if !found {
        // Source: charon, and what Microsoft Entra ID expects: a value that the filter describes is made.
        let made = described(filter, attribute).map(|made| change(&Value::Object(made))).transpose()?;
        let is_it = |made: &Value| matching::holds_of_value(filter, made, attribute);
        after.push(made.filter(is_it).ok_or(NO_TARGET)?);
    }
    Ok(some(after))
}

/// The one value that a filter describes, if it is a conjunction of parts that equal something.
fn described(filter: &Filter, attribute: &Attribute) -> Option<Attributes> {
    match filter {
        Filter::And(filters) => {
            let mut all = Attributes::new();
            for filter in filters {
                for (name, value) in described(filter, attribute)? {
                    if all.iter().any(|(known, _)| *known == name) {
                        return None;
                    }
                    all.push((name, value));
                }
            }
            Some(all)
        }
        Filter::Compare(name, Operator::Equal, value) if name.part.is_none() && *value != Value::Null => {
            let part = attribute.part(&name.attribute).filter(|part| part.mutability != Mutability::ReadOnly)?;
            Some(vec![(part.name.clone(), value.clone())])
        }
        _ => None,
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
            if list(before).is_empty() && does != Does::Remove {
                return Err(NO_TARGET);
            }
            let after: Result<Vec<_>, _> = list(before).iter().map(|item| with_part(does, part, item, value)).collect();
            Ok(some(after?))
        }
        (None, false) => match does {
            Does::Remove => Ok(Value::Null),
            // Text is the whole value: another manager has another name.
            Does::Add | Does::Replace if matches!(value, Value::Text(_)) => attribute.taken_one(value),
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
