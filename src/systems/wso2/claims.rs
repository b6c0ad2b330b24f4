//! Claims of users that are attributes of SCIM.

use crate::node::Node;
use crate::problem::{one_of, quote, Code, Problems};
use crate::text::fill;

/// The claim of an attribute of SCIM begins so.
pub const CLAIM: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

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

/// Claims of a user to be made, noting every problem.
// The product keeps attributes as claims, and SCIM tells and changes them. So a claim sets none that SCIM would not
// let its client set: no password, no identifier, no name.
pub fn check(node: Node<'_>, problems: &mut Problems) {
    let Some(claims) = node.object(problems) else { return };
    for (name, claim) in claims.iter() {
        claim.text(problems);
        let is_attribute = name.get(..CLAIM.len()).is_some_and(|start| start.eq_ignore_ascii_case(CLAIM));
        if is_attribute && !name.strip_prefix(CLAIM).is_some_and(|attribute| TEXTS.contains(&attribute)) {
            claim.problem(
                problems,
                Code::UnknownValue,
                &fill("no claim sets {}, behind {} expected {}", &[&quote(name), &quote(CLAIM), &one_of(&TEXTS)]),
            );
        }
    }
}
