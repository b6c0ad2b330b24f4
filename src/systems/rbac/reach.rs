//! Computes the resources for which a subject has an action.

use super::access::{denies_action, grants_action, Share, Subject};
use super::model::Records;
use super::object::Members;
use super::pattern::{escape_literal, push_segment, read_segment, Segment, SEGMENTS_MAX};
use super::pointer::scoped_pattern;
use super::serialize::{put_bounds, put_conditions};
use super::table::Bounds;
use super::vocabulary::Action;
use crate::document::value::Value;
use crate::tables::bytes::find_byte;
use crate::tables::text::split;

/// The patterns of an action, with `{subject}` replaced: `grants`, of which one must match and apply; `limits`, of
/// which none may match and apply; and for each `within` its grants, of which one must match and apply as well.
pub(super) fn reach(records: &Records, subject: &Subject, action: Action) -> Value {
    let id = subject.identity.user(records).map(|user| &*user.id);
    let grants = |shares: &[Share]| {
        let mut list = Vec::new();
        for share in shares {
            let Some(table) = subject.table(records, share) else { continue };
            table.for_each_entry(&mut |matched| {
                let pattern = replace_subject(&scoped_pattern(share, matched), id.map_or(Subjects::None, Subjects::Id));
                let bounds = Bounds::intersect(share.bounds, matched.bounds());
                // The bounds of an assignment and of a grant may have no time in common.
                let counts = bounds.is_none_or(|bounds| bounds.from < bounds.until);
                if let Some(pattern) = pattern.filter(|_| counts && grants_action(records, action, matched.entry.named))
                {
                    let mut members = Members::default();
                    members.text("pattern", &pattern);
                    put_conditions(&mut members, "when", matched.conditions());
                    put_bounds(&mut members, bounds);
                    list.push(members.object());
                }
            });
        }
        Value::List(list)
    };
    let mut limits = Vec::new();
    records.limits.for_each_entry(&mut |matched| {
        let pattern = replace_subject(matched.pattern, id.map_or(Subjects::Any, Subjects::Id));
        if let Some(pattern) = pattern.filter(|_| denies_action(records, action, matched.entry.named)) {
            let mut members = Members::default();
            members.text("pattern", &pattern);
            put_conditions(&mut members, "unless", matched.conditions());
            limits.push(members.object());
        }
    });
    let mut withins = Vec::new();
    for within in &subject.withins {
        withins.push(grants(&within.shares));
    }
    let mut members = Members::default();
    members.put("grants", grants(&subject.shares));
    members.put("limits", Value::List(limits));
    members.put("within", Value::List(withins));
    members.object()
}

/// The replacement of `{subject}`.
#[derive(Clone, Copy)]
enum Subjects<'s> {
    /// This id.
    Id(&'s str),
    /// Any one segment.
    Any,
    /// Nothing.
    None,
}

/// The pattern with `{subject}` replaced. Returns `None` if it matches nothing.
fn replace_subject(pattern: &str, subjects: Subjects<'_>) -> Option<String> {
    let mut filled = String::new();
    for (place, text) in split(pattern, b'/').enumerate() {
        let segment = read_segment(text);
        if place >= SEGMENTS_MAX {
            // With a scope, a pattern can have more segments than a path. A final `**` can still match no segment.
            return if place == SEGMENTS_MAX && segment == Segment::Rest { Some(filled) } else { None };
        }
        match (segment, subjects) {
            (Segment::Subject, Subjects::Id(id)) if find_byte(id.as_bytes(), b'/').is_some() => return None,
            (Segment::Subject, Subjects::Id(id)) => push_segment(&mut filled, &escape_literal(id)),
            (Segment::Subject, Subjects::Any) => push_segment(&mut filled, "*"),
            (Segment::Subject, Subjects::None) => return None,
            (Segment::Any | Segment::Rest | Segment::Literal(_), _) => push_segment(&mut filled, text),
        }
    }
    Some(filled)
}
