//! Claims of users that are attributes of SCIM.

use crate::document::node::Node;
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::document::value::Value;

/// The claim of an attribute of SCIM begins so.
pub const CLAIM: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// The claim of an attribute of SCIM's enterprise extension begins so.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:";

/// Whether the user is active.
pub const ACTIVE: &str = "urn:ietf:params:scim:schemas:core:2.0:User:active";

/// The claims that bar a user from signing in while they are true: as SCIM names them, and as the console does.
pub const LOCKS: [[&str; 2]; 2] = [
    [
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountLocked",
        "http://wso2.org/claims/identity/accountLocked",
    ],
    [
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountDisabled",
        "http://wso2.org/claims/identity/accountDisabled",
    ],
];

/// The attributes that are one text, and that a client may write: what a claim, which is a text, can say.
pub const TEXTS: [&str; 9] = [
    "externalId",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
];

/// The same of the enterprise extension, with the two that lock an account.
const ENTERPRISE_CLAIMS: [&str; 7] =
    ["employeeNumber", "costCenter", "organization", "division", "department", "accountLocked", "accountDisabled"];

/// A boolean, as JSON or as the text of a claim: `true` or `false` in any case.
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whether claims let their user sign in: it is active, and its account is neither locked nor disabled.
pub fn are_of_active(claims: &[(String, Value)]) -> bool {
    let bars = |(name, value): &(String, Value)| match flag(value) {
        Some(false) => name == ACTIVE,
        Some(true) => is_lock(name),
        None => false,
    };
    !claims.iter().any(bars)
}

fn is_lock(name: &str) -> bool {
    LOCKS.iter().flatten().any(|lock| *lock == name)
}

/// Claims of records, noting every problem: what decides whether a user is active must be a boolean.
pub fn check_flags(node: Node<'_>, problems: &mut Problems) {
    let Some(claims) = node.object(problems) else { return };
    for (name, claim) in claims.iter() {
        let decides = name == ACTIVE || is_lock(name);
        if decides && *claim.value != Value::Null && flag(claim.value).is_none() {
            claim.problem(problems, Code::WrongType, "expected `true` or `false`");
        }
    }
}

/// Claims of a user to be made, noting every problem.
// The product keeps attributes as claims, and SCIM tells and changes them. So a claim sets none that SCIM would not
// let its client set: no password, no identifier, no name.
pub fn check(node: Node<'_>, problems: &mut Problems) {
    let Some(claims) = node.object(problems) else { return };
    for (name, claim) in claims.iter() {
        claim.text(problems);
        for (schema, known) in [(CLAIM, &TEXTS[..]), (ENTERPRISE, &ENTERPRISE_CLAIMS[..])] {
            let is_attribute = name.get(..schema.len()).is_some_and(|start| start.eq_ignore_ascii_case(schema));
            if is_attribute && !name.strip_prefix(schema).is_some_and(|attribute| known.contains(&attribute)) {
                claim.problem(
                    problems,
                    Code::UnknownValue,
                    &fill_quoted("no claim sets <>, behind <> expected {}", &[name, schema, &one_of(known)]),
                );
            }
        }
    }
    check_flags(node, problems);
}
