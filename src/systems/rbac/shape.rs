//! Types of resources: the shapes of their paths, and the path of a resource that is given by its parts.

use super::fields::Fields;
use super::length_limits::{check_length, check_segments};
use super::model::{Records, Type, Types};
use super::pattern::{parse_literal, push_segment, Fault, Path, PathMemory};
use super::table::draft::{Draft, Qualifiers};
use super::table::{Named, SubjectId};
use super::time::integer;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::bytes::find_byte;
use crate::tables::text::{fill, number, quote, split};

/// Attributes that the question itself gives to a resource.
pub(super) const RESERVED: [&str; 2] = ["type", "path"];

/// A shape in its segments: a literal, or the name of a part.
type Segments<'v> = Vec<Result<&'v str, &'v str>>;

/// Parses the shapes of all types.
pub(super) fn parse_types(fields: &Fields<'_>, problems: &mut Problems) -> Types {
    let mut shapes = Vec::with_capacity(fields.list().len());
    for (name, node) in fields.list() {
        let Some(text) = node.text(problems) else { continue };
        check_length(text, *node, problems);
        check_segments(text, *node, problems);
        match parse_shape(text) {
            Ok(segments) => shapes.push((*name, text, segments, *node)),
            Err(message) => node.problem(problems, Code::BadResource, message),
        }
    }
    check_ambiguous(&shapes, problems);
    let mut patterns = Vec::new();
    for (_, _, segments, _) in &shapes {
        patterns.push(shape_pattern(segments));
    }
    let mut draft = Draft::default();
    let mut list = Vec::with_capacity(shapes.len());
    for ((name, text, segments, _), pattern) in shapes.iter().zip(&patterns) {
        let place = u32::try_from(list.len()).unwrap_or(u32::MAX);
        draft.add(pattern, Named::Level(0), place, &Qualifiers::default());
        let mut parts: Vec<Option<Box<str>>> = Vec::new();
        for segment in segments {
            parts.push(segment.err().map(Into::into));
        }
        list.push(Type { name: (*name).into(), shape: (*text).into(), parts: parts.into() });
    }
    Types { list, shapes: draft.build() }
}

/// Parses the segments of a shape, or returns what is wrong with it.
fn parse_shape(text: &str) -> Result<Segments<'_>, &'static str> {
    let mut segments: Segments<'_> = Vec::new();
    for segment in split(text, b'/') {
        let part = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        segments.push(match part {
            Some("") => return Err("a part needs a name between `{` and `}`"),
            Some(name) if find_byte(name.as_bytes(), b'.').is_some() => {
                return Err("the name of a part cannot contain a dot")
            }
            Some(name) if RESERVED.contains(&name) => {
                return Err("`type` and `path` are names of every resource: choose another")
            }
            Some(name) if segments.contains(&Err(name)) => {
                return Err("two parts of this shape have the same name: rename one")
            }
            Some(name) => Err(name),
            None => Ok(parse_literal(segment).map_err(|fault| match fault {
                Fault::Empty => "a segment is empty: expected a name, or a part such as `{id}`",
                Fault::Unescaped | Fault::RestNotLast => fault.message(),
            })?),
        });
    }
    Ok(segments)
}

/// The pattern that matches the paths of a shape.
fn shape_pattern(segments: &Segments<'_>) -> String {
    let mut pattern = String::new();
    for (place, segment) in segments.iter().enumerate() {
        if place > 0 {
            pattern.push('/');
        }
        match segment {
            // The leading `\` is removed when the pattern is parsed.
            Ok(literal) => {
                pattern.push('\\');
                pattern.push_str(literal);
            }
            Err(_) => pattern.push('*'),
        }
    }
    pattern
}

/// Reports shapes that match the same path.
fn check_ambiguous(shapes: &[(&str, &str, Segments<'_>, Node<'_>)], problems: &mut Problems) {
    let is_ambiguous = |segments: &Segments<'_>, others: &Segments<'_>| {
        let differ = |(a, b): (&Result<&str, &str>, &Result<&str, &str>)| matches!((a, b), (Ok(a), Ok(b)) if a != b);
        segments.len() == others.len() && !segments.iter().zip(others).any(differ)
    };
    for (place, (_, _, segments, node)) in shapes.iter().enumerate() {
        let mut others = shapes.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, shape)| shape);
        if let Some((other, ..)) = others.find(|(_, _, others, _)| is_ambiguous(segments, others)) {
            let message =
                "a path can fit this shape and that of {}: let them differ in a segment that is a name in both";
            node.problem_with(problems, Code::AmbiguousResource, message, &[&quote(other)]);
        }
    }
}

impl Records {
    /// The type whose shape a path matches.
    pub(super) fn type_of(&self, path: &Path<'_>) -> Option<&Type> {
        let types = self.types.as_ref()?;
        let mut matching = None;
        types.shapes.visit_matches(path, 0, SubjectId::Any, &mut |matched| matching = Some(matched.entry.item));
        types.list.get(usize::try_from(matching?).ok()?)
    }

    /// Whether a resource with this path is known.
    pub(super) fn knows_resource(&self, resource: &str) -> bool {
        self.types.is_none()
            || Path::parse(resource, &mut PathMemory::default()).is_some_and(|path| self.type_of(&path).is_some())
    }

    /// The name of the last part of a type's shape, if there is one.
    #[cfg(feature = "tools")]
    pub(super) fn last_part(&self, kind: &str) -> Option<&str> {
        match &self.types {
            None => Some("id"),
            Some(types) => types.list.iter().find(|known| &*known.name == kind)?.parts.last()?.as_deref(),
        }
    }

    /// The path of a resource that is given by its parts, or what is wrong with them.
    pub(super) fn path(&self, parts: &Value) -> Result<String, String> {
        let Value::Object(members) = parts else {
            return Err("expected a path, or an object with `type` and the parts of the resource".into());
        };
        let Some(name) = parts.get("type").and_then(Value::text) else {
            return Err("a resource that is given by its parts needs a `type`, a string".into());
        };
        let mut path = String::new();
        let mut names = vec!["type"];
        match &self.types {
            None if name.is_empty() || find_byte(name.as_bytes(), b'/').is_some() => {
                return Err("without `resources` in the document, the type of a resource is one segment".into())
            }
            None => {
                path.push_str(name);
                push_part(&mut path, parts, "id")?;
                names.push("id");
            }
            Some(types) => {
                let Some(kind) = types.list.iter().find(|known| &*known.name == name) else {
                    return Err(fill("unknown type <>", &[name]));
                };
                for (segment, part) in split(&kind.shape, b'/').zip(&kind.parts) {
                    match part {
                        Some(part) => {
                            push_part(&mut path, parts, part)?;
                            names.push(part);
                        }
                        None => push_segment(&mut path, parse_literal(segment).unwrap_or("")),
                    }
                }
            }
        }
        for (member, _) in members {
            if !names.contains(&member.as_str()) {
                return Err(fill("the type <> has no part <>", &[name, member]));
            }
        }
        Ok(path)
    }
}

fn push_part(path: &mut String, parts: &Value, name: &str) -> Result<(), String> {
    match parts.get(name) {
        Some(Value::Text(text)) if !text.is_empty() && find_byte(text.as_bytes(), b'/').is_none() => {
            push_segment(path, text)
        }
        Some(value) => match integer(value) {
            Some(integer) => push_segment(path, &number(integer)),
            None => return Err(fill("expected a name without `/`, or a whole number, as the part <>", &[name])),
        },
        None => return Err(fill("the part <> is missing", &[name])),
    }
    Ok(())
}
