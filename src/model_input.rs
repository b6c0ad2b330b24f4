//! The input of a model: principals, details of questions, and requests of a product's API.

use crate::document::value::Value;

/// The subject of a question, before it is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// An anonymous user.
    Anonymous,
    /// The user with this id.
    User(&'a str),
    /// The role with this name, as a subject of its own.
    Role(&'a str),
}

impl<'a> Principal<'a> {
    /// The id of a user.
    pub fn user(self) -> Option<&'a str> {
        match self {
            Self::User(id) => Some(id),
            Self::Anonymous | Self::Role(_) => None,
        }
    }
}

impl<'a> From<Option<&'a str>> for Principal<'a> {
    fn from(id: Option<&'a str>) -> Self {
        id.map_or(Self::Anonymous, Self::User)
    }
}

/// The details of a question besides its action and its resource. Each is `null` if there are none.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    /// The attributes of the resource.
    pub attributes: &'a Value,
    /// The context of the request.
    pub context: &'a Value,
    /// The properties of the action.
    pub properties: &'a Value,
    /// The time in seconds since 1970, for models with time bounds.
    pub now: Option<u64>,
}

impl Details<'static> {
    /// No details.
    pub const NONE: Self =
        Self { attributes: &Value::Null, context: &Value::Null, properties: &Value::Null, now: None };
}

impl<'a> From<&'a Value> for Details<'a> {
    fn from(attributes: &'a Value) -> Self {
        Self { attributes, ..Details::NONE }
    }
}

/// A request of a product's own API.
#[derive(Debug)]
pub struct Request<'a> {
    /// The HTTP method, in upper or lower case.
    pub method: &'a str,
    /// The path, still percent-encoded, without the query.
    pub path: &'a str,
    /// The query parameters, decoded, in order.
    pub query: Vec<(&'a str, &'a str)>,
    /// The JSON body; `null` without one.
    pub body: &'a Value,
}

/// A question without its subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The action's name.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The attributes of the resource. `null` if there are none.
    pub attributes: Value,
}
