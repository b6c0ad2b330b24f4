//! The answer to a question.

use serde_json::{json, Map, Value as Json};

use super::condition::{conditions_hold, is_whole};
use super::pattern::{
    matches, path_segments, pattern_segments, scope_segments, shape_parts, Part, Place, Segment, SEGMENTS_MOST,
};
use super::problems::{levels, member, pointer_to, reachable, record_problems, within_problems, Problems};

/// A yes or no, with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub allow: bool,
    pub level: String,
    pub needs: Option<String>,
    pub rule: &'static str,
}

/// A wrong question.
#[derive(Clone, Debug, PartialEq)]
pub enum QuestionError {
    UnknownAction,
    UnknownResource,
    /// With pointers into the question. A code is empty if the rules do not say which it is.
    BadQuestion(Problems),
}

/// Answers a question on a document that has no problems.
pub fn decide(document: &Json, question: &Json) -> Result<Decision, QuestionError> {
    let action = question["action"].as_str().filter(|action| is_action(document, action));
    let action = action.ok_or(QuestionError::UnknownAction)?;
    let resource = resource(document, &question["resource"]).ok_or(QuestionError::UnknownResource)?;
    let problems = question_problems(document, question);
    if !problems.is_empty() {
        return Err(QuestionError::BadQuestion(problems));
    }

    let levels = levels(document);
    let asker = Caller::new(document, &question["subject"]);
    let least = least_level(document, action);
    let facts = facts_for(question, action, &resource, &asker);
    let now = question.get("now").and_then(Json::as_f64);
    let path = path_segments(&resource.path).unwrap_or_default();
    let asked = QuestionFacts { levels: &levels, action, least, path: &path, user: asker.id(), facts: &facts, now };

    // (1) the grants of the subject.
    let grants = subject_grants(document, &asker);
    let giving = grants.iter().filter(|grant| asked.applies(grant) && asked.gives(grant));
    let shares: Vec<&str> = giving.map(|grant| grant.share).collect();
    let mut level = asked.level(&grants);

    // (2) the grants of each `within`.
    let mut is_within = true;
    for holder in within(question) {
        let mut grants = Vec::new();
        add_holder(document, holder, ["within", "within"], &mut grants);
        is_within = is_within && grants.iter().any(|grant| asked.applies(grant) && asked.gives(grant));
        level = level.min(asked.level(&grants));
    }

    // (3) the limits.
    let mut is_limited = false;
    for limit in collect_limits(document) {
        if !asked.limit_applies(&limit) {
            continue;
        }
        if let Some(cap) = limit.level {
            let cap = levels.iter().position(|level| level == cap).unwrap();
            is_limited = is_limited || cap < least.unwrap_or(levels.len() - 1);
            level = level.min(cap);
        }
        is_limited = is_limited || limit.denied.contains(&action);
    }

    let allow = !shares.is_empty() && is_within && !is_limited;
    let rule = if allow {
        let order = ["grant", "role", "group", "authenticated", "everyone"];
        order.into_iter().find(|share| shares.contains(share)).unwrap()
    } else if !shares.is_empty() && !is_limited {
        "within"
    } else if !shares.is_empty() {
        "limit"
    } else {
        match asker {
            Caller::NotSignedIn => "not-signed-in",
            Caller::Unknown => "unknown-user",
            Caller::Inactive => "inactive-user",
            Caller::Active { .. } => "no-grant",
        }
    };
    let needs = least.map(|least| levels[least].clone());
    Ok(Decision { allow, level: levels[level].clone(), needs, rule })
}

// The question.

/// What attribute paths find in a question that is not wrong.
pub fn facts_of(document: &Json, question: &Json) -> Json {
    let resource = resource(document, &question["resource"]).unwrap();
    facts_for(question, question["action"].as_str().unwrap(), &resource, &Caller::new(document, &question["subject"]))
}

fn is_action(document: &Json, name: &str) -> bool {
    let is_level = levels(document)[1..].iter().any(|level| level == name);
    is_level || member(document, "actions", name).is_some()
}

/// The place of the action's least level, if it has one.
fn least_level(document: &Json, action: &str) -> Option<usize> {
    let levels = levels(document);
    let level = member(document, "actions", action).map_or(Some(action), Json::as_str)?;
    levels.iter().position(|name| name == level)
}

struct Resource {
    path: String,
    /// The type and the parts, if the document has `resources`.
    parts: Map<String, Json>,
}

/// The resource of a question; none if it is unknown.
fn resource(document: &Json, asked: &Json) -> Option<Resource> {
    let shapes = document.get("resources").map(|shapes| shapes.as_object().unwrap());
    match (asked, shapes) {
        (Json::String(path), None) => Some(Resource { path: path.clone(), parts: Map::new() }),
        (Json::String(path), Some(shapes)) => shapes
            .iter()
            .find_map(|(name, shape)| resource_of_path(path, name, &shape_parts(shape.as_str().unwrap()).unwrap())),
        (Json::Object(asked), None) => {
            let name = asked.get("type")?.as_str().filter(|name| !name.is_empty() && !name.contains('/'))?;
            let id = part_text(asked.get("id")?)?;
            (asked.len() == 2).then(|| Resource { path: format!("{name}/{id}"), parts: Map::new() })
        }
        (Json::Object(asked), Some(shapes)) => {
            let name = asked.get("type")?.as_str()?;
            let shape = shape_parts(shapes.get(name)?.as_str().unwrap()).unwrap();
            let mut segments = Vec::new();
            let mut parts = Map::from_iter([("type".to_owned(), json!(name))]);
            for segment in &shape {
                segments.push(match segment {
                    Part::Literal(text) => text.clone(),
                    Part::Named(name) => {
                        let part = part_text(asked.get(name)?)?;
                        parts.insert(name.clone(), json!(part));
                        part
                    }
                });
            }
            let is_whole = asked.keys().all(|name| parts.contains_key(name));
            is_whole.then(|| Resource { path: segments.join("/"), parts })
        }
        _ => None,
    }
}

/// The resource of a path that fits a shape.
fn resource_of_path(path: &str, name: &str, shape: &[Part]) -> Option<Resource> {
    let segments = path_segments(path)?;
    let mut parts = Map::from_iter([("type".to_owned(), json!(name))]);
    if segments.len() != shape.len() || segments.len() > SEGMENTS_MOST {
        return None;
    }
    for (segment, part) in segments.iter().zip(shape) {
        match part {
            Part::Literal(text) if text != segment => return None,
            Part::Literal(_) => {}
            Part::Named(name) => {
                parts.insert(name.clone(), json!(segment));
            }
        }
    }
    Some(Resource { path: path.to_owned(), parts })
}

/// A part of a resource: a non-empty string without `/`, or the digits of a whole number.
fn part_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() && !text.contains('/') => Some(text.clone()),
        value if is_whole(value) => Some(format!("{:.0}", value.as_f64()?.abs())),
        _ => None,
    }
}

fn question_problems(document: &Json, question: &Json) -> Problems {
    let mut problems = Problems::new();
    let mut add = |path: &str, code: &str| problems.insert((path.to_owned(), code.to_owned()));
    match question.get("subject") {
        None | Some(Json::Null | Json::String(_) | Json::Object(_)) => {}
        Some(_) => {
            add("/subject", "wrong_type");
        }
    }
    for name in ["attributes", "context", "properties"] {
        if question.get(name).is_some_and(|value| !value.is_object()) {
            add(&pointer_to("", name), "wrong_type");
        }
    }
    if question.get("now").is_some_and(|now| !is_whole(now)) {
        add("/now", "");
    }
    if question.get("within").and_then(Json::as_array).is_some_and(Vec::is_empty) {
        add("/within", "");
    }
    if let Some(record @ Json::Object(_)) = question.get("subject") {
        problems.extend(record_problems(document, record, "/subject"));
    }
    match question.get("within") {
        None => {}
        Some(Json::Array(list)) => {
            for (index, holder) in list.iter().enumerate() {
                problems.extend(within_problems(document, holder, &pointer_to("/within", &index.to_string())));
            }
        }
        Some(holder) => problems.extend(within_problems(document, holder, "/within")),
    }
    problems
}

fn within(question: &Json) -> Vec<&Json> {
    match question.get("within") {
        None => Vec::new(),
        Some(Json::Array(list)) => list.iter().collect(),
        Some(holder) => vec![holder],
    }
}

/// The subject of a question.
enum Caller<'q> {
    NotSignedIn,
    Unknown,
    Inactive,
    Active { id: &'q str, entry: &'q Json },
}

impl<'q> Caller<'q> {
    fn new(document: &'q Json, subject: &'q Json) -> Self {
        let (id, entry) = match subject {
            Json::Object(record) => (record["id"].as_str().unwrap(), subject),
            Json::String(id) if !id.is_empty() => match member(document, "users", id) {
                Some(entry) => (id.as_str(), entry),
                None => return Self::Unknown,
            },
            _ => return Self::NotSignedIn,
        };
        match entry.get("active") {
            Some(Json::Bool(false)) => Self::Inactive,
            _ => Self::Active { id, entry },
        }
    }

    fn id(&self) -> Option<&'q str> {
        match self {
            Self::Active { id, .. } => Some(id),
            Self::NotSignedIn | Self::Unknown | Self::Inactive => None,
        }
    }
}

/// What attribute paths find.
fn facts_for(question: &Json, action: &str, resource: &Resource, asker: &Caller) -> Json {
    let given = |name: &str| question.get(name).and_then(Json::as_object).cloned().unwrap_or_default();
    let mut of_resource = given("attributes");
    of_resource.extend(resource.parts.clone());
    of_resource.insert("path".into(), json!(resource.path));
    let mut of_action = given("properties");
    of_action.insert("name".into(), json!(action));
    let mut facts = json!({ "resource": of_resource, "action": of_action, "context": given("context") });
    if let Caller::Active { id, entry } = asker {
        let mut of_subject = entry.get("attributes").and_then(Json::as_object).cloned().unwrap_or_default();
        of_subject.insert("id".into(), json!(id));
        of_subject.insert("groups".into(), entry.get("groups").cloned().unwrap_or(json!([])));
        facts["subject"] = Json::Object(of_subject);
    }
    facts
}

// Grants and limits.

/// `from` and `until`.
type Bounds = (Option<f64>, Option<f64>);

struct Grant<'d> {
    share: &'static str,
    pattern: Vec<Segment>,
    names: Vec<&'d str>,
    when: Option<&'d Json>,
    bounds: Vec<Bounds>,
}

struct Limit<'d> {
    pattern: Vec<Segment>,
    level: Option<&'d str>,
    denied: Vec<&'d str>,
    unless: Option<&'d Json>,
}

fn time_bounds(members: &Json) -> Bounds {
    (members.get("from").and_then(Json::as_f64), members.get("until").and_then(Json::as_f64))
}

/// A value, or the members of a list.
fn one_or_more(value: &Json) -> Vec<&Json> {
    value.as_array().map_or(vec![value], |list| list.iter().collect())
}

fn names(value: &Json) -> Vec<&str> {
    one_or_more(value).into_iter().filter_map(Json::as_str).collect()
}

fn subject_grants<'d>(document: &'d Json, asker: &Caller<'d>) -> Vec<Grant<'d>> {
    let mut grants = Vec::new();
    if let Caller::Active { entry, .. } = asker {
        add_holder(document, entry, ["grant", "role"], &mut grants);
        for group in names(entry.get("groups").unwrap_or(&json!([]))) {
            if let Some(group) = member(document, "groups", group) {
                add_holder(document, group, ["group", "group"], &mut grants);
            }
        }
        if let Some(holder) = document.get("authenticated") {
            add_holder(document, holder, ["authenticated", "authenticated"], &mut grants);
        }
    }
    if let Some(holder) = document.get("everyone") {
        add_holder(document, holder, ["everyone", "everyone"], &mut grants);
    }
    grants
}

/// Adds the grants of a holder and those of its roles, each with the share that it is named by.
fn add_holder<'d>(document: &'d Json, holder: &'d Json, shares: [&'static str; 2], grants: &mut Vec<Grant<'d>>) {
    add_grants(holder, shares[0], &[], None, grants);
    for assignment in holder.get("roles").and_then(Json::as_array).into_iter().flatten() {
        let name = assignment.as_str().unwrap_or_else(|| assignment["role"].as_str().unwrap());
        let scope = assignment.get("scope").map(|scope| scope_segments(scope.as_str().unwrap()).unwrap());
        for role in reachable(document, name) {
            if let Some(role) = member(document, "roles", &role) {
                let scope = scope.clone().unwrap_or_default();
                add_grants(role, shares[1], &scope, Some(time_bounds(assignment)), grants);
            }
        }
    }
}

fn add_grants<'d>(
    holder: &'d Json,
    share: &'static str,
    scope: &[Segment],
    assigned: Option<Bounds>,
    grants: &mut Vec<Grant<'d>>,
) {
    for (pattern, list) in holder.get("grants").and_then(Json::as_object).into_iter().flatten() {
        let pattern: Vec<Segment> = scope.iter().cloned().chain(pattern_segments(pattern).unwrap()).collect();
        for grant in one_or_more(list) {
            let mut grant_bounds = vec![time_bounds(grant)];
            grant_bounds.extend(assigned);
            grants.push(Grant {
                share,
                pattern: pattern.clone(),
                names: names(grant.get("allow").unwrap_or(grant)),
                when: grant.get("when"),
                bounds: grant_bounds,
            });
        }
    }
}

fn collect_limits(document: &Json) -> Vec<Limit<'_>> {
    let mut limits = Vec::new();
    for (pattern, list) in document.get("limits").and_then(Json::as_object).into_iter().flatten() {
        for limit in one_or_more(list) {
            limits.push(Limit {
                pattern: pattern_segments(pattern).unwrap(),
                level: limit.as_str().or_else(|| limit.get("level")?.as_str()),
                denied: limit.get("deny").map_or(Vec::new(), names),
                unless: limit.get("unless"),
            });
        }
    }
    limits
}

/// What is asked, with all that decides whether a grant or limit applies.
struct QuestionFacts<'q> {
    levels: &'q [String],
    action: &'q str,
    least: Option<usize>,
    /// Empty if nothing matches the path.
    path: &'q [&'q str],
    user: Option<&'q str>,
    facts: &'q Json,
    now: Option<f64>,
}

impl QuestionFacts<'_> {
    fn applies(&self, grant: &Grant) -> bool {
        !self.path.is_empty()
            && matches(&grant.pattern, self.path, Place::Grant, self.user)
            && grant.when.is_none_or(|when| conditions_hold(when, self.facts))
            && grant.bounds.iter().all(|bounds| self.is_in_time(*bounds))
    }

    fn is_in_time(&self, (from, until): Bounds) -> bool {
        match self.now {
            None => from.is_none() && until.is_none(),
            Some(now) => from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until),
        }
    }

    fn gives(&self, grant: &Grant) -> bool {
        for name in &grant.names {
            let level = self.levels.iter().position(|level| level == name);
            if *name == self.action || matches!((level, self.least), (Some(level), Some(least)) if level >= least) {
                return true;
            }
        }
        false
    }

    /// The highest level that applying grants name.
    fn level(&self, grants: &[Grant]) -> usize {
        let mut highest = 0;
        for grant in grants.iter().filter(|grant| self.applies(grant)) {
            for name in &grant.names {
                highest = highest.max(self.levels.iter().position(|level| level == name).unwrap_or(0));
            }
        }
        highest
    }

    fn limit_applies(&self, limit: &Limit) -> bool {
        !self.path.is_empty()
            && matches(&limit.pattern, self.path, Place::Limit, self.user)
            && !limit.unless.is_some_and(|unless| conditions_hold(unless, self.facts))
    }
}
