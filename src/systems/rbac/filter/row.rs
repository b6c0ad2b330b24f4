//! The rows of a type: the shape of their paths, and which of them a pattern matches.

use super::super::model::Records;
use super::super::pattern::{parse_literal, read_segment, Segment as Written};
use super::super::table::SubjectId;
use super::atom::{Atom, Reference, Scalar, Test};
use super::terms::sorted;
use crate::document::limits::NAME_MAX;
use crate::document::problem::one_of;
use crate::document::value::Value;
use crate::tables::text::{concat, fill, quote};

/// One segment of a shape.
#[derive(Clone, Copy)]
pub(super) enum Segment<'s> {
    /// This text in each row.
    Literal(&'s str),
    /// The part of this name.
    Part(&'s str),
}

/// The rows of a type.
pub(super) struct Row<'s> {
    kind: &'s str,
    segments: Vec<Segment<'s>>,
    /// Whether the document has `resources`, so that the type and the parts are attributes.
    has_types: bool,
}

impl<'s> Row<'s> {
    /// The rows of the type with this name. If no path can be of that type, what to ask for instead.
    pub(super) fn of_type(records: &'s Records, kind: &'s str) -> Result<Self, String> {
        let Some(types) = &records.types else {
            let is_segment = !kind.is_empty() && !kind.contains('/') && kind.len().saturating_add(2) <= NAME_MAX;
            return match is_segment {
                true => {
                    Ok(Self { kind, segments: vec![Segment::Literal(kind), Segment::Part("id")], has_types: false })
                }
                false => Err("without `resources` in the document, the type of a resource is one segment".into()),
            };
        };
        let Some(resource_type) = types.list.iter().find(|known| &*known.name == kind) else {
            let names: Vec<String> = types.list.iter().map(|known| quote(&known.name)).collect();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err(match known.is_empty() {
                true => fill("unknown type {}: `resources` of the document has no types", &[&quote(kind)]),
                false => fill("unknown type {}, expected {}", &[&quote(kind), &one_of(&known)]),
            });
        };
        let segments = resource_type.shape.split('/').zip(&resource_type.parts).map(|(text, part)| match part {
            Some(name) => Segment::Part(name),
            None => Segment::Literal(parse_literal(text).unwrap_or("")),
        });
        Ok(Self { kind, segments: segments.collect(), has_types: true })
    }

    /// The shape in the form of the result.
    pub(super) fn shape(&self) -> Value {
        let segment = |segment: &Segment<'_>| match segment {
            Segment::Literal(text) => (*text).into(),
            Segment::Part(name) => Value::object([("part", (*name).into())]),
        };
        Value::List(self.segments.iter().map(segment).collect())
    }

    /// The name of the type, if it is an attribute of the resource.
    pub(super) fn kind(&self) -> Option<&'s str> {
        self.has_types.then_some(self.kind)
    }

    /// The part that is an attribute of this name.
    pub(super) fn part_reference(&self, name: &str) -> Option<Reference<'s>> {
        self.place(name).filter(|_| self.has_types).map(Reference::Part)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.segments.iter().position(|segment| matches!(segment, Segment::Part(part) if *part == name))
    }

    /// The name of a reference in the expression.
    pub(super) fn name(&self, reference: Reference<'_>) -> String {
        match reference {
            Reference::Path => "resource.path".into(),
            Reference::Part(place) => match self.segments.get(place) {
                Some(Segment::Part(name)) => concat(&["resource.", name]),
                Some(Segment::Literal(_)) | None => String::new(),
            },
            Reference::Attribute(names) => {
                // Without `resources`, a row has an attribute `id` besides its part `id`.
                let is_part = self.place(names.split('.').next().unwrap_or_default()).is_some();
                concat(&[if is_part { "attributes." } else { "resource." }, names])
            }
        }
    }

    /// Whether a row can have this value there.
    fn can_be(&self, reference: Reference<'_>, value: &Scalar<'_>) -> bool {
        match (reference, value) {
            (Reference::Attribute(_), _) => true,
            (Reference::Part(_), Scalar::Text(text)) => !text.is_empty() && !text.contains('/'),
            (Reference::Path, Scalar::Text(text)) => {
                text.split('/').count() == self.segments.len()
                    && text.split('/').zip(&self.segments).all(|(text, segment)| match segment {
                        Segment::Literal(literal) => text == *literal,
                        Segment::Part(_) => !text.is_empty(),
                    })
            }
            (Reference::Part(_) | Reference::Path, Scalar::Flag(_) | Scalar::Number(_)) => false,
        }
    }

    /// The comparison that a member equals one of these values. Returns `None` if no row can have one of them.
    pub(super) fn equals<'q>(&self, left: Reference<'q>, mut values: Vec<Scalar<'q>>) -> Option<Atom<'q>> {
        values.retain(|value| self.can_be(left, value));
        (!values.is_empty()).then(|| Atom { left, test: Test::Equals(sorted(values)) })
    }

    /// The comparisons that no member equals one of these values, which have one type. Returns `None` if no row can
    /// satisfy them.
    pub(super) fn differs<'q>(&self, left: Reference<'q>, mut values: Vec<Scalar<'q>>) -> Option<Vec<Atom<'q>>> {
        if left.is_text() && !values.iter().all(|value| matches!(value, Scalar::Text(_))) {
            return None;
        }
        values.retain(|value| self.can_be(left, value));
        let test = (!values.is_empty()).then(|| Test::Differs(sorted(values)));
        Some(test.into_iter().map(|test| Atom { left, test }).collect())
    }

    /// The condition for rows in a scope, and the number of segments that the scope takes. Returns `None` if no row can
    /// be in it.
    pub(super) fn scope_condition<'q>(&self, scope: &'q str) -> Option<(usize, Vec<Atom<'q>>)> {
        let mut atoms = Vec::new();
        if scope.is_empty() {
            return Some((0, atoms));
        }
        let mut count = 0_usize;
        for text in scope.split('/') {
            self.require_segment(count, parse_literal(text).ok()?, &mut atoms)?;
            count = count.saturating_add(1);
        }
        Some((count, atoms))
    }

    /// The condition for rows that a pattern beginning at a segment matches. Returns `None` if it matches none.
    pub(super) fn pattern_condition<'q>(
        &self,
        pattern: &'q str,
        start: usize,
        subject_id: SubjectId<'q>,
    ) -> Option<Vec<Atom<'q>>> {
        let mut atoms = Vec::new();
        let mut at = start;
        for text in pattern.split('/') {
            match (read_segment(text), subject_id) {
                (Written::Rest, _) => return Some(atoms),
                (Written::Any, _) | (Written::Subject, SubjectId::Any) => self.segments.get(at).map(drop)?,
                (Written::Literal(text), _) | (Written::Subject, SubjectId::Id(text)) => {
                    self.require_segment(at, text, &mut atoms)?
                }
                (Written::Subject, SubjectId::Missing) => return None,
            }
            at = at.saturating_add(1);
        }
        (at == self.segments.len()).then_some(atoms)
    }

    /// Adds the condition that a row's segment at this index is this text. Returns `None` if it never is.
    fn require_segment<'q>(&self, place: usize, text: &'q str, atoms: &mut Vec<Atom<'q>>) -> Option<()> {
        match self.segments.get(place)? {
            Segment::Literal(literal) => (*literal == text).then_some(()),
            Segment::Part(_) => {
                atoms.push(self.equals(Reference::Part(place), vec![Scalar::Text(text)])?);
                Some(())
            }
        }
    }
}
