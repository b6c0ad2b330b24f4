//! What is published, and what a value must be to fit it: one document says both.
//!
//! Source: RFC 7643, sections 5 to 8.

use std::sync::OnceLock;

use super::super::super::claims::parse_flag;
use super::super::responses::{Refusal, INVALID_SYNTAX, INVALID_VALUE};
use super::super::stored::{list, members};
use super::attribute::{attributes, common, local, Attribute, Kind, Mutability};
use super::values::distinct;
use crate::directory::prelude::{Fault, Interrupt};
use crate::document::problem::quote;
use crate::document::value::Value;

const PUBLISHED: &str = include_str!("published.json");

/// What the service says of itself, and its schemas.
pub struct Published {
    document: Value,
    pub users: Schema,
    pub groups: Schema,
}

/// Parsed once, since no request changes it.
static PARSED: OnceLock<Option<Published>> = OnceLock::new();

/// The attributes of a kind of resource: those of its schema, the common ones, and those of its extensions.
///
/// While a request is at work, the attributes of an extension stand beside the others, under names that begin with the
/// extension's URN. Only in bodies they are in an object of their own.
pub struct Schema {
    pub urn: String,
    /// The URNs of its extensions.
    pub extensions: Vec<String>,
    attributes: Vec<Attribute>,
}

impl Published {
    /// The document, parsed at the first request.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn get() -> Result<&'static Self, Interrupt> {
        Ok(PARSED.get_or_init(Self::parse).as_ref().ok_or(Fault::Internal)?)
    }

    fn parse() -> Option<Self> {
        let document = Value::parse(PUBLISHED).ok()?;
        let (users, groups) = (Schema::read(&document, "User")?, Schema::read(&document, "Group")?);
        Some(Self { document, users, groups })
    }

    /// A part of it: `config`, `resourceTypes` or `schemas`.
    pub fn part(&self, name: &str) -> &Value {
        self.document.get(name).unwrap_or(&Value::Null)
    }
}

impl Schema {
    /// The schema of `User` or `Group`, with its extensions.
    fn read(published: &Value, name: &str) -> Option<Self> {
        let named = |items: &'static str, member: &'static str, text: &str| {
            let is_it = |item: &&Value| item.get(member).and_then(Value::text) == Some(text);
            list(published.get(items)?).iter().find(is_it)
        };
        let schema = named("schemas", "name", name)?;
        let mut attributes = attributes(schema.get("attributes"));
        attributes.extend(common());
        let mut extensions = Vec::new();
        let listed = named("resourceTypes", "name", name)?.get("schemaExtensions");
        for urn in listed.map(list).unwrap_or_default().iter().filter_map(|item| item.get("schema")?.text()) {
            for mut attribute in self::attributes(named("schemas", "id", urn)?.get("attributes")) {
                attribute.name = format!("{urn}:{}", attribute.name);
                attributes.push(attribute);
            }
            extensions.push(urn.to_owned());
        }
        let urn = schema.get("id").and_then(Value::text).unwrap_or_default().to_owned();
        Some(Self { urn, extensions, attributes })
    }
}

impl Attribute {
    /// A value of this attribute, all of it; `null` where it comes to nothing.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn taken(&self, value: &Value) -> Result<Value, Refusal> {
        if !self.is_multi || matches!(value, Value::Null) {
            return self.taken_one(value);
        }
        let Value::List(items) = value else { return Err(self.mistyped("a list")) };
        let mut taken = Vec::new();
        for item in items {
            match self.taken_one(item)? {
                // A value that says nothing is a mistake of whoever sends it, not one value less.
                Value::Null => return Err(self.mistyped("a list without empty values")),
                item => taken.push(item),
            }
        }
        let taken = distinct(taken, self);
        if taken.iter().filter(|item| item.get("primary") == Some(&Value::Bool(true))).count() > 1 {
            return Err(self.mistyped("at most one primary value"));
        }
        Ok(if taken.is_empty() { Value::Null } else { Value::List(taken) })
    }

    /// One value of this attribute.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn taken_one(&self, value: &Value) -> Result<Value, Refusal> {
        match (self.kind, value) {
            (_, Value::Null) | (Kind::Text | Kind::Time, Value::Text(_)) => Ok(value.clone()),
            // Source: charon, and what Microsoft Entra ID sends: `"False"`.
            (Kind::Boolean, value) => {
                parse_flag(value).map(Value::Bool).ok_or_else(|| self.mistyped("`true` or `false`"))
            }
            (Kind::Complex, Value::Object(given)) => {
                let given = given.iter().map(|(name, value)| (name.clone(), value)).collect();
                let taken = taken_members(given, Some(&self.name), |name| self.part(name))?;
                Ok(if taken.is_empty() { Value::Null } else { Value::Object(taken) })
            }
            // Source: the product takes the text alone for the part `value`.
            (Kind::Complex, Value::Text(_)) => match self.part("value") {
                Some(part) => Ok(Value::object([("value", part.taken_one(value)?)])),
                None => Err(self.mistyped("an object")),
            },
            (Kind::Complex, _) => Err(self.mistyped("an object")),
            (Kind::Text | Kind::Time, _) => Err(self.mistyped("text")),
        }
    }

    /// The refusal of a value, which may be a secret and stays out of it.
    fn mistyped(&self, expected: &str) -> Refusal {
        INVALID_VALUE.with_message(format!("{}: expected {expected}", quote(local(&self.name))))
    }
}

impl Schema {
    /// The attribute of this name, which may have a schema before it. One of an extension may go without, as
    /// Microsoft Entra ID asks for `manager`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let name = within(name, &self.urn).unwrap_or(name);
        let named = |is_it: &dyn Fn(&str) -> bool| self.attributes.iter().find(|attribute| is_it(&attribute.name));
        named(&|known| known.eq_ignore_ascii_case(name))
            .or_else(|| named(&|known| known.rsplit_once(':').is_some_and(|(_, last)| last.eq_ignore_ascii_case(name))))
    }

    /// The URN, in its own spelling, if this is the name of the schema or of one of its extensions.
    pub fn urn_named(&self, name: &str) -> Option<&str> {
        let mut urns = std::iter::once(&self.urn).chain(&self.extensions);
        urns.find(|urn| urn.eq_ignore_ascii_case(name)).map(String::as_str)
    }

    /// The members of a body, with those in the objects that are named after a schema beside the others.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`.
    pub fn flattened<'v>(&self, given: &'v [(String, Value)]) -> Result<Vec<(String, &'v Value)>, Refusal> {
        let mut flat = Vec::new();
        for (name, value) in given {
            match (self.urn_named(name), value) {
                (None, value) => flat.push((name.clone(), value)),
                (Some(_), Value::Null) => {}
                (Some(urn), Value::Object(inner)) => {
                    // Clients that write an extension as a resource name its schema in it.
                    let inner = inner.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"));
                    flat.extend(inner.map(|(name, value)| (format!("{urn}:{name}"), value)));
                }
                (Some(urn), _) => {
                    return Err(INVALID_SYNTAX.with_message(format!("{}: expected an object", quote(urn))));
                }
            }
        }
        Ok(flat)
    }

    /// The attributes that a body brings, in the spelling of the schema. What nobody may write is left out (RFC 7644,
    /// section 3.3); what no schema knows is refused, as it would be lost.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn taken(&self, body: &Value) -> Result<Vec<(String, Value)>, Refusal> {
        let Value::Object(given) = body else { return Err(INVALID_SYNTAX) };
        is_of(body, &self.urn)?;
        taken_members(self.flattened(given)?, None, |name| self.attribute(name))
    }
}

/// What follows a schema and a colon, if a name begins so.
fn within<'n>(name: &'n str, urn: &str) -> Option<&'n str> {
    let start = name.get(..urn.len()).filter(|start| start.eq_ignore_ascii_case(urn))?;
    name.get(start.len()..)?.strip_prefix(':')
}

/// The refusal of an attribute that no schema knows.
pub fn unknown(name: &str) -> Refusal {
    INVALID_SYNTAX.with_message(format!(
        "unknown attribute {}: leave it out, the known ones are listed at `/scim2/Schemas`",
        quote(local(name))
    ))
}

/// Whether a value is none: `null`, or what holds nothing (RFC 7643, section 2.5).
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.iter().all(is_nothing),
        Value::Object(given) => given.iter().all(|(_, value)| is_nothing(value)),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

/// A member of a message. Its name ignores case, as clients write it in both.
pub fn member<'v>(message: &'v Value, name: &str) -> Option<&'v Value> {
    members(message).iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Whether a message is of this schema. One that names none is taken for what is expected: the product's own
/// documents send an empty list.
///
/// # Errors
///
/// `invalidSyntax`.
pub fn is_of(message: &Value, urn: &str) -> Result<(), Refusal> {
    let is_it = |given: &Value| given.text().is_some_and(|given| given.eq_ignore_ascii_case(urn));
    match member(message, "schemas") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::List(schemas)) if schemas.is_empty() || schemas.iter().any(is_it) => Ok(()),
        Some(_) => Err(INVALID_SYNTAX.with_message(format!("`schemas`: expected a list with {}", quote(urn)))),
    }
}

/// Members as attributes, or as the parts of one.
fn taken_members<'a>(
    given: Vec<(String, &Value)>,
    of: Option<&str>,
    known: impl Fn(&str) -> Option<&'a Attribute>,
) -> Result<Vec<(String, Value)>, Refusal> {
    let mut taken: Vec<(String, Value)> = Vec::new();
    for (name, value) in given {
        let attribute = match known(&name) {
            None if is_nothing(value) => continue,
            None => return Err(unknown(&of.map_or(name.clone(), |of| format!("{of}.{name}")))),
            Some(known) if known.mutability == Mutability::ReadOnly => continue,
            Some(known) => known,
        };
        if taken.iter().any(|(known, _)| *known == attribute.name) {
            return Err(INVALID_SYNTAX.with_message(format!("{} is given twice", quote(local(&attribute.name)))));
        }
        let value = attribute.taken(value)?;
        if value != Value::Null {
            taken.push((attribute.name.clone(), value));
        }
    }
    Ok(taken)
}
