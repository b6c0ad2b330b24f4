//! Evaluates filters on resources, and checks filters against the schemas.
//!
//! Source: RFC 7644, section 3.4.2.2. An attribute that the resource or the schemas do not have has no value. Of
//! several values one match is sufficient. `ne` is the negation of `eq`.

use std::cmp::Ordering;

use super::super::super::claims::parse_flag;
use super::super::super::domain::split_name;
use super::super::super::stores::PRIMARY;
use super::super::responses::{Refusal, INVALID_FILTER};
use super::super::stored::list_items;
use super::attribute::{local_name, Attribute, Kind};
use super::filter::{Filter, Name, Operator};
use super::schema::Schema;
use crate::directory::prelude::time;
use crate::document::value::Value;
use crate::tables::letters::to_lowercase;
use crate::tables::text::quote;

/// Refuses a filter that orders values without an order, or compares a time or boolean with another type. Converts
/// the compared values to the type of the attribute, because clients may omit the quotes or add them.
///
/// # Errors
///
/// `invalidFilter`.
pub fn check_filter(filter: &mut Filter, schema: &Schema) -> Result<(), Refusal> {
    check_in(filter, &|name| schema.attribute(name))
}

/// Checks a filter on the values of an attribute, which may only use its sub-attributes.
///
/// # Errors
///
/// `invalidFilter`.
pub fn check_value_filter(filter: &mut Filter, attribute: &Attribute) -> Result<(), Refusal> {
    check_attributes_known_in(filter, &|name| attribute.sub_attribute(name).map(|sub| vec![sub]))?;
    check_in(filter, &|name| attribute.sub_attribute(name))
}

/// Refuses attributes that no resource kind has. An attribute of another kind has no value (RFC 7644, section
/// 3.4.2.1).
///
/// # Errors
///
/// `invalidFilter`.
pub fn check_attributes_known(filter: &Filter, schemas: [&Schema; 2]) -> Result<(), Refusal> {
    check_attributes_known_in(filter, &|name| {
        let known: Vec<_> = schemas.into_iter().filter_map(|schema| schema.attribute(name)).collect();
        (!known.is_empty()).then_some(known)
    })
}

fn check_attributes_known_in<'a>(
    filter: &Filter,
    known: &dyn Fn(&str) -> Option<Vec<&'a Attribute>>,
) -> Result<(), Refusal> {
    let unknown = |name: &str| {
        INVALID_FILTER.with_message(format!("unknown attribute {} in the filter", quote(local_name(name))))
    };
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().try_for_each(|filter| check_attributes_known_in(filter, known))
        }
        Filter::Not(filter) => check_attributes_known_in(filter, known),
        Filter::Present(Name { attribute, sub })
        | Filter::Compare(Name { attribute, sub }, ..)
        | Filter::PartOfName(Name { attribute, sub }, ..) => {
            let attributes = known(attribute).ok_or_else(|| unknown(attribute))?;
            match sub {
                Some(sub) if attributes.iter().all(|attribute| attribute.sub_attribute(sub).is_none()) => {
                    Err(unknown(&format!("{attribute}.{sub}")))
                }
                _ => Ok(()),
            }
        }
        Filter::Value(name, filter) => {
            let attributes = known(&name.attribute).ok_or_else(|| unknown(&name.attribute))?;
            check_attributes_known_in(filter, &|sub| {
                let sub_attributes: Vec<_> =
                    attributes.iter().filter_map(|attribute| attribute.sub_attribute(sub)).collect();
                (!sub_attributes.is_empty()).then_some(sub_attributes)
            })
        }
    }
}

fn check_in<'a>(filter: &mut Filter, known: &dyn Fn(&str) -> Option<&'a Attribute>) -> Result<(), Refusal> {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter_mut().try_for_each(|filter| check_in(filter, known)),
        Filter::Not(filter) => check_in(filter, known),
        Filter::Present(_) | Filter::PartOfName(..) => Ok(()),
        Filter::Compare(name, operator, value) => {
            let attribute = known(&name.attribute);
            let compared = attribute.and_then(|attribute| compared_attribute(attribute, name));
            let unordered = match (compared, &*value) {
                (None, _) if attribute.is_some() => Some("an attribute that has only sub-attributes"),
                (Some(Attribute { kind: Kind::Boolean, .. }), _) | (_, Value::Bool(_)) => Some("a boolean"),
                (_, Value::Null) => Some("`null`"),
                _ => None,
            };
            if let Some(unordered) = unordered.filter(|_| operator.needs_order()) {
                let message = format!("{}: `{}` cannot compare {unordered}", quote(&name.text()), operator.word());
                return Err(INVALID_FILTER.with_message(message));
            }
            match compared {
                Some(compared) => convert_value(value, *operator, compared),
                None => Ok(()),
            }
        }
        Filter::Value(name, filter) => match known(&name.attribute) {
            Some(attribute) if name.sub.is_none() => check_in(filter, &|name| attribute.sub_attribute(name)),
            Some(_) => {
                let message = format!("{}: brackets follow the name of an attribute", quote(&name.text()));
                Err(INVALID_FILTER.with_message(message))
            }
            None => Ok(()),
        },
    }
}

/// Converts the compared value to the attribute's type.
fn convert_value(value: &mut Value, operator: Operator, attribute: &Attribute) -> Result<(), Refusal> {
    let expected = |what: &str| {
        INVALID_FILTER.with_message(format!("{}: expected {what} in the filter", quote(local_name(&attribute.name))))
    };
    *value = match (attribute.kind, &*value) {
        (_, Value::Null) => Value::Null,
        (Kind::Boolean, given) => parse_flag(given).map(Value::Bool).ok_or_else(|| expected("`true` or `false`"))?,
        (Kind::Time, given) if !operator.is_substring() => {
            let time = given.text().filter(|text| parse_time(text).is_some());
            Value::from(time.ok_or_else(|| expected("a time such as `2020-01-01T00:00:00Z`"))?)
        }
        // A value without quotes.
        (_, Value::Number(digits)) => Value::from(&**digits),
        (_, Value::Bool(flag)) => Value::from(if *flag { "true" } else { "false" }),
        (_, given) => given.clone(),
    };
    Ok(())
}

/// The attribute that a comparison is about: the named sub-attribute, or `value` of a complex attribute.
fn compared_attribute<'a>(attribute: &'a Attribute, name: &Name) -> Option<&'a Attribute> {
    match &name.sub {
        Some(sub) => attribute.sub_attribute(sub),
        None if attribute.kind == Kind::Complex => attribute.sub_attribute("value"),
        None => Some(attribute),
    }
}

/// Whether the resource matches the filter.
pub fn is_match(filter: &Filter, resource: &Value, schema: &Schema) -> bool {
    is_match_in(filter, resource, &|name| schema.attribute(name))
}

/// Whether a value of an attribute matches the filter.
pub fn value_is_match(filter: &Filter, value: &Value, attribute: &Attribute) -> bool {
    is_match_in(filter, value, &|name| attribute.sub_attribute(name))
}

fn is_match_in<'a>(filter: &Filter, object: &Value, known: &dyn Fn(&str) -> Option<&'a Attribute>) -> bool {
    match filter {
        Filter::And(filters) => filters.iter().all(|filter| is_match_in(filter, object, known)),
        Filter::Or(filters) => filters.iter().any(|filter| is_match_in(filter, object, known)),
        Filter::Not(filter) => !is_match_in(filter, object, known),
        Filter::Present(name) => known(&name.attribute).is_some_and(|attribute| {
            let values = attribute_values(object, attribute);
            match &name.sub {
                None => values.into_iter().any(is_present),
                Some(sub) => attribute
                    .sub_attribute(sub)
                    .is_some_and(|sub| values.iter().filter_map(|value| value.get(&sub.name)).any(is_present)),
            }
        }),
        Filter::Compare(name, Operator::NotEqual, value) => !has_value(name, value, object, known),
        Filter::Compare(name, Operator::Equal, value) => has_value(name, value, object, known),
        Filter::Compare(name, operator, value) => {
            any_value(name, object, known, |got, compared| compare_values(*operator, got, value, compared))
        }
        Filter::PartOfName(name, operator, part) => any_value(name, object, known, |got, compared| {
            got.text().is_some_and(|got| has_part(*operator, got, part, compared))
        }),
        Filter::Value(name, filter) => known(&name.attribute).is_some_and(|attribute| {
            attribute_values(object, attribute).iter().any(|value| value_is_match(filter, value, attribute))
        }),
    }
}

/// Whether a value is not empty.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => items.iter().any(is_present),
        Value::Object(sub_attributes) => sub_attributes.iter().any(|(_, sub)| is_present(sub)),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn has_value<'a>(name: &Name, value: &Value, object: &Value, known: &dyn Fn(&str) -> Option<&'a Attribute>) -> bool {
    let is_equal = |got: &Value, compared: &Attribute| compare_values(Operator::Equal, got, value, compared);
    match value {
        Value::Null => !any_value(name, object, known, |_, _| true),
        _ => any_value(name, object, known, is_equal),
    }
}

/// Whether a condition holds for at least one of the compared values.
fn any_value<'a>(
    name: &Name,
    object: &Value,
    known: &dyn Fn(&str) -> Option<&'a Attribute>,
    condition: impl Fn(&Value, &Attribute) -> bool,
) -> bool {
    let Some(attribute) = known(&name.attribute) else { return false };
    let Some(compared) = compared_attribute(attribute, name) else { return false };
    attribute_values(object, attribute).into_iter().any(|value| {
        let got = if attribute.kind == Kind::Complex { value.get(&compared.name) } else { Some(value) };
        got.is_some_and(|got| condition(got, compared))
    })
}

fn attribute_values<'v>(object: &'v Value, attribute: &Attribute) -> Vec<&'v Value> {
    match object.get(&attribute.name) {
        None | Some(Value::Null) => Vec::new(),
        Some(value) if attribute.is_multi => list_items(value).iter().collect(),
        Some(value) => vec![value],
    }
}

/// Whether a name has a part: the resource's whole name (RFC 7644), or its name without the domain (the product). If the
/// part has a domain of its own, only names in this domain have it without the domain.
fn has_part(operator: Operator, name: &str, part: &str, attribute: &Attribute) -> bool {
    let is_part = |got: &str, wanted: &str| compare_values(operator, &got.into(), &wanted.into(), attribute);
    let (domain, local) = split_name(name);
    let is_local = match split_name(part) {
        (None, part) => is_part(local, part),
        (Some(wanted), part) => domain.unwrap_or(PRIMARY).eq_ignore_ascii_case(wanted) && is_part(local, part),
    };
    is_local || is_part(name, part)
}

fn compare_values(operator: Operator, got: &Value, wanted: &Value, attribute: &Attribute) -> bool {
    let (got, wanted) = match (got, wanted) {
        (Value::Text(got), Value::Text(wanted)) => (got, wanted),
        _ => return operator == Operator::Equal && got == wanted,
    };
    if attribute.kind == Kind::Time && !operator.is_substring() {
        let times = parse_time(got).zip(parse_time(wanted));
        return times.is_some_and(|(got, wanted)| is_in_order(operator, got.cmp(&wanted)));
    }
    let fold = |text: &str| if attribute.is_exact { text.to_owned() } else { to_lowercase(text) };
    let (got, wanted) = (fold(got), fold(wanted));
    match operator {
        Operator::Contains => got.contains(&wanted),
        Operator::StartsWith => got.starts_with(&wanted),
        Operator::EndsWith => got.ends_with(&wanted),
        _ => is_in_order(operator, got.cmp(&wanted)),
    }
}

/// Parses a time to milliseconds since 1970. A time without an offset is in UTC.
// Source: RFC 7643, section 2.3.5. In XML Schema's `dateTime` the offset is optional.
fn parse_time(text: &str) -> Option<i64> {
    time::parse(text).or_else(|| time::parse(&format!("{text}Z")))
}

fn is_in_order(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::NotEqual | Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}

#[cfg(test)]
mod tests;
