//! Computes for which rows of a type a subject has an action: a decision in which only the resource is unknown.
//!
//! The result has the `type`, its `shape` as a list of literals and `{"part": NAME}`, and `where`, an expression:
//!
//! | expression | holds if |
//! | --- | --- |
//! | `true`, `false` | always, never; only as the whole expression |
//! | `{"all": […]}`, `{"any": […]}`, `{"not": …}` | all, one, or none of these holds |
//! | `{"attribute": A, "equals": V}` | a member of the attribute equals a member of the other side |
//! | `{"attribute": A, "differs": V}` | both sides have members, all are values of one type, and no two are equal |
//! | `{"attribute": A, "between": {"atLeast"?, "atMost"?}}` | there is a member, and all are numbers within the bounds |
//! | `{"attribute": A, "single": {"atLeast"?, "atMost"?}}` | the attribute is one number, not a list, within the bounds |
//!
//! The other side is a list of values or `{"ref": A}`. A bound is a number or `{"ref": A}`. An attribute is a part, the
//! path, or another attribute of the row. A missing attribute makes a comparison false, never unknown.

mod atom;
mod evaluate;
mod expression;
mod row;
mod serialize;
mod terms;

use self::atom::Atom;
use self::evaluate::PartialEvaluation;
use self::expression::Expression;
use self::row::Row;
use self::terms::{conjunction, disjunction, Term};
use super::access::{Evaluation, Share, Subject};
use super::model::Records;
use super::pattern::Path;
use super::table::{Bounds, SubjectId};
use super::vocabulary::Action;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::Details;
use crate::tables::sort::sort;

/// The rows of a type for which the subject has the action. Attributes in the details are ignored.
///
/// # Errors
///
/// [`Error::UnknownResource`] for a type that no resource can have.
pub(super) fn filter(
    records: &Records,
    subject: &Subject,
    action: Action,
    kind: &str,
    details: Details<'_>,
) -> Result<Value, Error> {
    let row = Row::of_type(records, kind).map_err(|why| Error::UnknownResource { why })?;
    let path = Path::NONE;
    let evaluation = Evaluation::new(records, subject, action, &path, details);
    let partial = PartialEvaluation { row: &row, facts: evaluation.facts };
    let question = Question { evaluation, partial };
    let mut all = vec![question.grants(&subject.shares)];
    all.extend(subject.withins.iter().map(|within| question.grants(&within.shares)));
    all.extend(question.limits());
    let rows = Expression::all(all);
    Ok(Value::object([("type", kind.into()), ("shape", row.shape()), ("where", serialize::expression(&rows, &row))]))
}

/// A question about the rows of a type.
struct Question<'q> {
    evaluation: Evaluation<'q>,
    partial: PartialEvaluation<'q>,
}

impl<'q> Question<'q> {
    /// The rows for which a grant of these shares allows the action.
    fn grants(&self, shares: &'q [Share]) -> Expression<'q> {
        let Self { evaluation, partial } = self;
        let subject_id = evaluation.facts.subject.map_or(SubjectId::Missing, |known| SubjectId::Id(known.id));
        let is_in_bounds = |bounds: Option<Bounds>| bounds.is_none_or(|bounds| bounds.contain(evaluation.now));
        let mut terms = Vec::new();
        for share in shares.iter().filter(|share| is_in_bounds(share.bounds)) {
            let Some((start, scope)) = partial.row.scope_condition(&share.scope) else { continue };
            let Some(table) = evaluation.subject.table(evaluation.records, share) else { continue };
            table.for_each_entry(&mut |matched| {
                if !evaluation.grants_action(matched.entry.named) || !is_in_bounds(matched.bounds()) {
                    return;
                }
                let Some(mut atoms) = partial.row.pattern_condition(matched.pattern, start, subject_id) else { return };
                atoms.extend_from_slice(&scope);
                match matched.conditions() {
                    None => terms.extend(conjunction(atoms)),
                    Some(conditions) => terms.extend(combine_terms(&partial.alternatives(conditions), &atoms)),
                }
            });
        }
        Expression::of_terms(disjunction(terms))
    }

    /// The rows for which no limit denies the action: one expression for each exception.
    fn limits(&self) -> Vec<Expression<'q>> {
        let Self { evaluation, partial } = self;
        let subject_id = evaluation.facts.subject.map_or(SubjectId::Any, |known| SubjectId::Id(known.id));
        let mut limits: Vec<(Vec<Term<'q>>, Term<'q>)> = Vec::new();
        evaluation.records.limits.for_each_entry(&mut |matched| {
            if !evaluation.denies_action(matched.entry.named) {
                return;
            }
            let pattern = partial.row.pattern_condition(matched.pattern, 0, subject_id).and_then(conjunction);
            let unless = matched.conditions().map(|unless| disjunction(partial.alternatives(unless)));
            limits.extend(pattern.map(|pattern| (unless.unwrap_or_default(), pattern)));
        });
        sort(&mut limits, |(unless, _), (other, _)| unless.cmp(other));
        let of_exception = |limits: &[(Vec<Term<'q>>, Term<'q>)]| {
            let unless = limits.first().map(|(unless, _)| unless.clone()).unwrap_or_default();
            let limited = disjunction(limits.iter().map(|(_, pattern)| pattern.clone()).collect());
            Expression::any(vec![Expression::not(Expression::of_terms(limited)), Expression::of_terms(unless)])
        };
        limits.chunk_by(|(unless, _), (other, _)| unless == other).map(of_exception).collect()
    }
}

/// The alternatives, each combined with further comparisons.
fn combine_terms<'q>(alternatives: &[Term<'q>], atoms: &[Atom<'q>]) -> Vec<Term<'q>> {
    alternatives.iter().filter_map(|term| conjunction([term, atoms].concat())).collect()
}
