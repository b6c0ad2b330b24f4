//! The request bodies of `UserAdmin` operations.

use super::super::domain::{is_blank, INTERNAL};
use super::super::forms;
use super::super::Kind;
use super::responses::{
    malformed_body_response, ErrorFormat, EMPTY_ROLE, NO_JSON, NO_JSON_TEXT, NO_QUERY, OTHER_DOMAIN, UNKNOWN_DOMAIN,
};
use super::settings::Settings;
use super::stored::list_items;
use crate::directory::prelude::{BodyError, Call, Interrupt};
use crate::document::node::Node;
use crate::document::problem::{Code, Problem, Problems};
use crate::document::value::Value;

pub const FORMAT: ErrorFormat = ErrorFormat::Services;

/// A request body: as sent, and as validated for its operation.
pub struct Form {
    pub sent: Value,
    pub validated: Value,
}

impl Form {
    /// Parses a body. The operation itself checks names and passwords, in its own order.
    pub fn parse(call: &Call<'_>, settings: &Settings, kind: Option<Kind>) -> Result<Self, Interrupt> {
        // A filter in the query would be ignored silently.
        if !call.query.is_empty() {
            return Err(FORMAT.refuse(NO_QUERY));
        }
        call.require_body()?;
        let media = call.header("content-type").unwrap_or("application/json");
        let media = media.split(';').next().unwrap_or_default().trim();
        if !call.body.is_empty() && !media.eq_ignore_ascii_case("application/json") {
            return Err(FORMAT.refuse(NO_JSON));
        }
        let sent = match call.json() {
            Ok(sent) => sent,
            Err(BodyError::Absent) => Value::Object(Vec::new()),
            Err(BodyError::Malformed) => return Err(FORMAT.refuse(NO_JSON_TEXT)),
        };
        let mut problems = Problems::default();
        let node = Node { value: &sent };
        let validated = match kind {
            Some(kind) => forms::validate(&settings.records, kind, node, &mut problems),
            None => {
                if let Some(members) = node.object(&mut problems) {
                    members.check_names(&[], &mut problems);
                }
                Value::Null
            }
        };
        if let Some(problem) = problems.into_list(&sent).iter().find(|problem| is_about_form(problem)) {
            return Err(malformed_body_response(problem).into());
        }
        Ok(Self { sent, validated })
    }

    pub fn text(&self, name: &str) -> &str {
        self.sent.get(name).and_then(Value::text).unwrap_or_default()
    }

    pub fn texts(&self, name: &str) -> Vec<String> {
        collect_texts(self.sent.get(name))
    }

    pub fn validated_text(&self, name: &str) -> &str {
        self.validated.get(name).and_then(Value::text).unwrap_or_default()
    }

    pub fn limit(&self) -> usize {
        match self.validated.get("limit") {
            Some(Value::Number(digits)) => digits.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The name of an internal role with its domain. The handler that creates the role checks the name.
    // As in `forms`: upstream creates `Internal/foo/bar` for `foo/bar`. We treat an unknown domain `foo` as an error,
    // as everywhere else.
    pub fn internal_role_name(&self, settings: &Settings) -> Result<String, Interrupt> {
        let role = settings.role(self.text("roleName")).ok_or_else(|| FORMAT.refuse(UNKNOWN_DOMAIN))?;
        match role.domain_text() {
            "PRIMARY" | INTERNAL => Ok(format!("{INTERNAL}/{}", role.local)),
            _ if is_blank(role.local) => Err(FORMAT.refuse(EMPTY_ROLE)),
            _ => Err(FORMAT.refuse(OTHER_DOMAIN)),
        }
    }
}

/// Whether a problem is about the form of a body, not about a name or password in it.
fn is_about_form(problem: &Problem) -> bool {
    let of_permission = problem.path.starts_with("/permissions") || problem.path.starts_with("/rawResources");
    match problem.code {
        Code::TooShort | Code::BadFormat | Code::Reserved | Code::UnknownDomain | Code::WeakPassword => false,
        Code::Mismatch => false,
        Code::TooLong => of_permission,
        _ => true,
    }
}

pub fn collect_texts(value: Option<&Value>) -> Vec<String> {
    let items = value.map(list_items).unwrap_or_default();
    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}
