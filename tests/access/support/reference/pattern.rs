//! Patterns, scopes and shapes, and the paths that they match.

/// The most segments that a path, pattern, scope or shape has.
pub const SEGMENTS_MOST: usize = 32;

/// One segment of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    Literal(String),
    /// `*`: exactly one segment.
    One,
    /// `**`: no segment or more, at the end.
    Rest,
    /// `{subject}`: the id of the asking user.
    Subject,
}

/// Where a pattern is written.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Grant,
    Limit,
}

/// The segments of a path; none if no pattern and no shape matches it.
pub fn path_segments(path: &str) -> Option<Vec<&str>> {
    let segments: Vec<&str> = path.split('/').collect();
    if segments.iter().any(|segment| segment.is_empty()) || segments.len() > SEGMENTS_MOST {
        return None;
    }
    Some(segments)
}

/// The literal that a segment stands for; none if it is not a valid literal.
fn literal(segment: &str) -> Option<String> {
    let escaped = segment.strip_prefix('\\');
    if escaped.is_none() && (segment.contains('*') || segment.starts_with('{')) {
        return None;
    }
    let text = escaped.unwrap_or(segment);
    if text.is_empty() {
        return None;
    }
    Some(text.to_owned())
}

/// The segments of a pattern; none if it is not valid.
pub fn pattern_segments(pattern: &str) -> Option<Vec<Segment>> {
    let texts: Vec<&str> = pattern.split('/').collect();
    let mut segments = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let is_last = index == texts.len() - 1;
        segments.push(match *text {
            "*" => Segment::One,
            "**" if is_last => Segment::Rest,
            "{subject}" => Segment::Subject,
            text => Segment::Literal(literal(text)?),
        });
    }
    Some(segments)
}

/// The segments of a scope, all of them literals; none if it is not valid.
pub fn scope_segments(scope: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    for text in scope.split('/') {
        segments.push(Segment::Literal(literal(text)?));
    }
    Some(segments)
}

/// Whether a pattern matches a path for this user.
pub fn matches(pattern: &[Segment], path: &[&str], place: Place, user: Option<&str>) -> bool {
    let mut rest = path;
    for segment in pattern {
        if *segment == Segment::Rest {
            return true;
        }
        let Some((first, others)) = rest.split_first() else { return false };
        let fits = match segment {
            Segment::Literal(text) => text == first,
            Segment::One | Segment::Rest => true,
            Segment::Subject => match user {
                Some(id) => id == *first,
                None => place == Place::Limit,
            },
        };
        if !fits {
            return false;
        }
        rest = others;
    }
    rest.is_empty()
}

/// One segment of a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Literal(String),
    /// `{name}`: one segment, with its name.
    Named(String),
}

/// The segments of a shape; none if it is not valid.
pub fn shape_parts(shape: &str) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    for text in shape.split('/') {
        let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let part = match name {
            Some(name) if name.is_empty() || name.contains('.') || name == "type" || name == "path" => return None,
            Some(name) => Part::Named(name.to_owned()),
            None => Part::Literal(literal(text)?),
        };
        if name.is_some() && parts.contains(&part) {
            return None;
        }
        parts.push(part);
    }
    Some(parts)
}

/// Whether one path can fit both shapes.
pub fn is_ambiguous(one: &[Part], other: &[Part]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    for (a, b) in one.iter().zip(other) {
        if matches!((a, b), (Part::Literal(a), Part::Literal(b)) if a != b) {
            return false;
        }
    }
    true
}
