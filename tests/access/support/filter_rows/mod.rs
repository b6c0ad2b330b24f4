//! Evaluates an expression of `filter` on a row, by its documentation alone.

use serde_json::{Map, Value as Json};

/// A row: the columns that are parts of its path, and its other columns. Each may be missing.
#[derive(Clone, Debug)]
pub struct Row {
    pub parts: Map<String, Json>,
    pub attributes: Map<String, Json>,
}

const NUMBER_MOST: f64 = 9_007_199_254_740_991.0;

/// Whether a filter keeps a row.
pub fn keeps(filter: &Json, row: &Row) -> bool {
    let mut segments = Vec::new();
    for segment in filter["shape"].as_array().unwrap() {
        match segment {
            Json::String(literal) => segments.push(literal.clone()),
            part => match row.parts.get(part["part"].as_str().unwrap()).and_then(part_text) {
                Some(text) => segments.push(text),
                None => return false,
            },
        }
    }
    let seen = Seen { shape: filter["shape"].as_array().unwrap(), segments, row };
    seen.holds(&filter["where"])
}

/// The text of a part; none if the column cannot be one.
fn part_text(column: &Json) -> Option<String> {
    match column {
        Json::String(text) if !text.is_empty() && !text.contains('/') => Some(text.clone()),
        Json::Number(number) => {
            let number = number.as_f64()?;
            let is_whole = (0.0..=NUMBER_MOST).contains(&number) && number.fract() == 0.0;
            is_whole.then(|| format!("{number:.0}").trim_start_matches('-').to_owned())
        }
        _ => None,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Scalar {
    Text(String),
    Flag(bool),
    Number(f64),
}

impl Scalar {
    fn kind(&self) -> u8 {
        match self {
            Self::Text(_) => 0,
            Self::Flag(_) => 1,
            Self::Number(_) => 2,
        }
    }
}

fn scalar(value: &Json) -> Option<Scalar> {
    match value {
        Json::String(text) => Some(Scalar::Text(text.clone())),
        Json::Bool(flag) => Some(Scalar::Flag(*flag)),
        Json::Number(number) => {
            let number = number.as_f64()?;
            (number.abs() <= NUMBER_MOST).then_some(Scalar::Number(number))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A row with its path.
struct Seen<'r> {
    shape: &'r [Json],
    segments: Vec<String>,
    row: &'r Row,
}

impl Seen<'_> {
    fn holds(&self, expression: &Json) -> bool {
        if let Json::Bool(holds) = expression {
            return *holds;
        }
        let members = expression.as_object().unwrap();
        let list = |name: &str| members.get(name).and_then(Json::as_array);
        if let Some(all) = list("all") {
            return all.iter().all(|one| self.holds(one));
        }
        if let Some(any) = list("any") {
            return any.iter().any(|one| self.holds(one));
        }
        if let Some(not) = members.get("not") {
            return !self.holds(not);
        }
        let left = members["attribute"].as_str().unwrap();
        if let Some(operand) = members.get("equals") {
            let (left, right) = (self.members(left), self.operand(operand));
            return left.iter().flatten().any(|left| right.iter().flatten().any(|right| left == right));
        }
        if let Some(operand) = members.get("differs") {
            return differ(&self.members(left), &self.operand(operand));
        }
        if let Some(bounds) = members.get("single") {
            return self.number(left).is_some_and(|number| self.is_within(number, bounds));
        }
        let left = self.members(left);
        let is_within = |member: &Option<Scalar>| matches!(member, Some(Scalar::Number(number)) if self.is_within(*number, &members["between"]));
        !left.is_empty() && left.iter().all(is_within)
    }

    /// The members of an attribute: none for those that are not values.
    fn members(&self, reference: &str) -> Vec<Option<Scalar>> {
        match self.value(reference) {
            None | Some(Json::Null | Json::Object(_)) => Vec::new(),
            Some(Json::Array(list)) => list.iter().map(scalar).collect(),
            Some(value) => vec![scalar(&value)],
        }
    }

    fn operand(&self, operand: &Json) -> Vec<Option<Scalar>> {
        match operand.as_array() {
            Some(list) => list.iter().map(scalar).collect(),
            None => self.members(operand["ref"].as_str().unwrap()),
        }
    }

    fn number(&self, reference: &str) -> Option<f64> {
        match scalar(&self.value(reference)?)? {
            Scalar::Number(number) => Some(number),
            _ => None,
        }
    }

    fn is_within(&self, number: f64, bounds: &Json) -> bool {
        let bound = |name: &str| {
            let bound = bounds.get(name)?;
            Some(bound.as_f64().or_else(|| self.number(bound["ref"].as_str()?)))
        };
        let least = bound("atLeast").is_none_or(|least| least.is_some_and(|least| number >= least));
        let most = bound("atMost").is_none_or(|most| most.is_some_and(|most| number <= most));
        least && most
    }

    fn value(&self, reference: &str) -> Option<Json> {
        let (root, names) = reference.split_once('.').unwrap();
        if reference == "resource.path" {
            return Some(Json::from(self.segments.join("/")));
        }
        let place = self.shape.iter().position(|segment| segment["part"] == names);
        if let Some(place) = place.filter(|_| root == "resource") {
            return Some(Json::from(self.segments[place].as_str()));
        }
        assert!(["resource", "attributes"].contains(&root), "{reference}");
        let mut names = names.split('.');
        let mut value = self.row.attributes.get(names.next().unwrap())?;
        for name in names {
            value = value.as_object()?.get(name)?;
        }
        Some(value.clone())
    }
}

fn differ(left: &[Option<Scalar>], right: &[Option<Scalar>]) -> bool {
    let all: Option<Vec<Scalar>> = left.iter().chain(right).cloned().collect();
    let Some(all) = all.filter(|_| !left.is_empty() && !right.is_empty()) else { return false };
    all.iter().all(|value| value.kind() == all[0].kind()) && !left.iter().any(|value| right.contains(value))
}
