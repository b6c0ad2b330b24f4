//! Computes the holders of an action: users of the document, every active user, or everyone.

use super::access::{decide, resolve, resolve_record, Evaluation, Subject};
use super::attributes::{Attribute, AttributeValue, Facts, Root, UserFacts};
use super::condition::{Conditions, Operand, Scalar, Test};
use super::model::{Holder, Records, User};
use super::pattern::{Path, PathMemory};
use super::table::{Match, SubjectId};
use super::vocabulary::Action;
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::system::{Details, Principal};
use crate::tables::sort::sort;
use crate::tables::text::number;

/// Who has the action: `users`, the sorted ids of users of the document; `authenticated`, whether every active user has
/// it, in the document or with a record; `everyone`, whether an anonymous caller has it.
pub(super) fn holders(records: &Records, action: Action, resource: &str, details: Details<'_>) -> Value {
    let may = |subject: &Subject| decide(records, subject, action, resource, details).allow;
    let users = records.users.iter().filter(|user| may(&resolve(records, Principal::User(&user.id))));
    let users: Vec<&str> = users.map(|user| &*user.id).collect();
    // A further attribute, role, group or grant never takes anything away. So among users with one id, a user with
    // nothing but the id may do the least, and only ids that are compared with something can differ from the others.
    let ids = Path::parse(resource, &mut PathMemory::default())
        .map(|path| compared_ids(records, action, &path, details))
        .unwrap_or_default();
    let authenticated = ids.iter().chain([&unused_text(&ids)]).all(|id| may(&resolve_record(records, bare_user(id))));
    let everyone = may(&resolve(records, Principal::Anonymous));
    Value::object([
        ("users", Value::texts(&users)),
        ("authenticated", authenticated.into()),
        ("everyone", everyone.into()),
    ])
}

/// An active user who has only an id.
pub(super) fn bare_user(id: &str) -> User {
    let holder = Holder::default();
    User { id: id.into(), is_active: true, holder, groups: Box::default(), attributes: Value::Null }
}

/// A short text that is not in the list.
pub(super) fn unused_text(texts: &[String]) -> String {
    let mut at = 0_u32;
    loop {
        let text = number(at);
        if !texts.contains(&text) {
            return text;
        }
        at = at.saturating_add(1);
    }
}

/// All ids with which patterns and conditions compare the user's id in this question, each once.
fn compared_ids(records: &Records, action: Action, path: &Path<'_>, details: Details<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    (0..path.len()).for_each(|place| ids.push(path.segment(place).to_owned()));
    // Every active user gets the same values, except for the id itself.
    let anyone = resolve_record(records, bare_user("any"));
    let evaluation = Evaluation::new(records, &anyone, action, path, details);
    let facts =
        Facts { subject: Some(UserFacts { id: "", groups: &[], attributes: &Value::Null }), ..evaluation.facts };
    let mut collect =
        |matched: Match<'_>| matched.conditions().into_iter().for_each(|all| push_compared_ids(all, &facts, &mut ids));
    for share in &anyone.shares {
        let (Some(start), Some(table)) = (path.scope_length(&share.scope), anyone.table(records, share)) else {
            continue;
        };
        table.visit_matches(path, start, SubjectId::Any, &mut collect);
    }
    records.limits.visit_matches(path, 0, SubjectId::Any, &mut collect);
    ids.retain(|id| !id.is_empty() && id.len() <= NAME_MAX);
    sort(&mut ids, Ord::cmp);
    ids.dedup();
    ids
}

/// Adds the texts with which conditions compare `subject.id`.
fn push_compared_ids(conditions: &Conditions, facts: &Facts<'_>, ids: &mut Vec<String>) {
    for condition in conditions.alternatives.iter().flatten() {
        let (Test::Equals(right) | Test::Differs(right)) = &condition.test else { continue };
        match right {
            Operand::Values(values) if is_id(&condition.attribute) => {
                ids.extend(values.iter().filter_map(|value| match value {
                    Scalar::Text(text) => Some((**text).to_owned()),
                    Scalar::Flag(_) | Scalar::Number(..) => None,
                }));
            }
            Operand::Values(_) => {}
            Operand::Attribute(other) if is_id(&condition.attribute) => push_texts(facts.attribute_value(other), ids),
            Operand::Attribute(other) if is_id(other) => push_texts(facts.attribute_value(&condition.attribute), ids),
            Operand::Attribute(_) => {}
        }
    }
}

fn is_id(attribute: &Attribute) -> bool {
    attribute.root == Root::Subject && &*attribute.names == "id"
}

fn push_texts(value: AttributeValue<'_>, ids: &mut Vec<String>) {
    match value {
        AttributeValue::Text(text) => ids.push(text.to_owned()),
        AttributeValue::Value(Value::Text(text)) => ids.push(text.clone()),
        AttributeValue::Value(Value::List(list)) => ids.extend(list.iter().filter_map(Value::text).map(str::to_owned)),
        AttributeValue::Missing | AttributeValue::Groups(_) | AttributeValue::Value(_) => {}
    }
}
