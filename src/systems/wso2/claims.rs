//! User claims that are SCIM attributes.

use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;

/// Prefix of the claims for SCIM's core attributes.
pub const CLAIM: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// Prefix of the claims for attributes of SCIM's enterprise extension.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:";

/// The claim that says whether the user is active.
pub const ACTIVE: &str = "urn:ietf:params:scim:schemas:core:2.0:User:active";

/// The claims that prevent sign-in while they are true: the names that SCIM uses, and those of the console.
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

/// The attributes with a single text value that a client may write. Claims are texts, so only these can be set by
/// claims.
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

/// The same for the enterprise extension, with the two that lock an account.
const ENTERPRISE_CLAIMS: [&str; 8] = [
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "country",
    "accountLocked",
    "accountDisabled",
];

/// Parses a boolean: a JSON boolean, or `true` or `false` in any case as text.
pub fn parse_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whether claims allow sign-in: the user is active, and the account is neither locked nor disabled.
pub fn allow_sign_in(claims: &[(String, Value)]) -> bool {
    let bars = |(name, value): &(String, Value)| match parse_flag(value) {
        Some(false) => name == ACTIVE,
        Some(true) => is_lock(name),
        None => false,
    };
    !claims.iter().any(bars)
}

fn is_lock(name: &str) -> bool {
    LOCKS.iter().flatten().any(|lock| *lock == name)
}

/// Checks the claims of records: a claim that decides whether a user is active must be a boolean.
pub fn check_claim_flags(node: Node<'_>, problems: &mut Problems) {
    let Some(claims) = node.object(problems) else { return };
    for (name, claim) in claims.iter() {
        let decides = name == ACTIVE || is_lock(name);
        if decides && *claim.value != Value::Null && parse_flag(claim.value).is_none() {
            claim.problem(problems, Code::WrongType, "expected `true` or `false`");
        }
    }
}

/// Checks the claims of a new user.
// The product stores attributes as claims, and SCIM reads and writes them. A claim therefore sets no attribute that
// SCIM clients cannot set: no password, no identifier, no name.
pub fn check_new_claims(node: Node<'_>, problems: &mut Problems) {
    let Some(claims) = node.object(problems) else { return };
    for (name, claim) in claims.iter() {
        claim.text(problems);
        for (schema, known) in [(CLAIM, &TEXTS[..]), (ENTERPRISE, &ENTERPRISE_CLAIMS[..])] {
            let is_attribute = name.get(..schema.len()).is_some_and(|start| start.eq_ignore_ascii_case(schema));
            if is_attribute && !name.strip_prefix(schema).is_some_and(|attribute| known.contains(&attribute)) {
                claim.problem_with(
                    problems,
                    Code::UnknownValue,
                    "a claim cannot set <>, expected <> followed by {}",
                    &[name, schema, &one_of(known)],
                );
            }
        }
    }
    check_claim_flags(node, problems);
}
