//! Questions to a sample. Most are about what its grants and limits match, with attributes that their conditions need.

use serde_json::{json, Value as Json};

use super::broken::spoil;
use super::document::{assignment, grants, holder, pattern, user, Names, Sample, TIMES};
use super::rng::Rng;
use super::words::{anything, attributes, number, segment, text, NOT_ACTIONS, ROLES, USERS};

/// What questions to a sample are made of.
pub struct Questions<'w> {
    sample: &'w Sample,
    patterns: Vec<String>,
    /// The conditions of the document: an attribute path, and the right side.
    conditions: Vec<(String, Json)>,
}

impl<'w> Questions<'w> {
    pub fn to(sample: &'w Sample) -> Self {
        let mut questions = Self { sample, patterns: vec!["**".into()], conditions: Vec::new() };
        questions.collect(&sample.document);
        questions
    }

    /// Collects patterns and conditions of a part of the document.
    fn collect(&mut self, value: &Json) {
        for (name, value) in value.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("grants" | "limits", Json::Object(map)) => self.patterns.extend(map.keys().cloned()),
                ("scope", Json::String(scope)) => {
                    let all: Vec<String> = self.patterns.iter().map(|pattern| format!("{scope}/{pattern}")).collect();
                    self.patterns.extend(all.into_iter().take(10));
                }
                ("when" | "unless", Json::Object(map)) => self.collect_conditions(map),
                ("when" | "unless", Json::Array(list)) => {
                    list.iter().filter_map(Json::as_object).for_each(|map| self.collect_conditions(map));
                }
                _ => {}
            }
            self.collect(value);
        }
        for item in value.as_array().into_iter().flatten() {
            self.collect(item);
        }
    }

    fn collect_conditions(&mut self, conditions: &serde_json::Map<String, Json>) {
        self.conditions.extend(conditions.iter().map(|(path, right)| (path.clone(), right.clone())));
    }

    pub fn next(&self, rng: &mut Rng) -> Json {
        let names = &self.sample.names;
        let mut question = json!({ "subject": self.subject(rng), "action": action(rng, names) });
        question["resource"] = self.resource(rng, &question["subject"]);
        for name in ["attributes", "context", "properties"] {
            if rng.chance(75) {
                question[name] = attributes(rng);
            } else if rng.chance(2) {
                let value = anything(rng);
                question[name] = value;
            }
        }
        if !self.conditions.is_empty() && rng.chance(70) {
            for _ in 0..rng.between(1, 4) {
                // What comes from the question itself is not to be replaced by what is given.
                let own = ["resource.path", "resource.type", "resource.org", "resource.id", "action.name"];
                let own: Vec<&(String, Json)> =
                    self.conditions.iter().filter(|(path, _)| own.contains(&path.as_str())).collect();
                let is_own = !own.is_empty() && rng.chance(40);
                let (path, right) =
                    if is_own { rng.pick_of(&own).to_owned() } else { rng.pick_of(&self.conditions) }.clone();
                self.satisfy(rng, &mut question, &path, &right);
            }
        }
        if rng.chance(75) {
            question["now"] = json!(rng.pick_of(&TIMES));
            if rng.chance(3) {
                question["now"] = if rng.chance(50) { number(rng) } else { anything(rng) };
            }
        }
        match rng.below(100) {
            0..75 => {}
            75..88 => question["within"] = within(rng, names),
            88..98 => question["within"] = (0..rng.between(1, 3)).map(|_| within(rng, names)).collect(),
            98 => question["within"] = anything(rng),
            _ => {
                let mut holder = json!([within(rng, names)]);
                spoil(rng, &mut holder);
                question["within"] = holder;
            }
        }
        question
    }

    fn subject(&self, rng: &mut Rng) -> Json {
        let names = &self.sample.names;
        match rng.below(100) {
            0..72 if !names.users.is_empty() => json!(rng.pick_of(&names.users)),
            72..75 => Json::Null,
            75 => json!(""),
            76 => json!(rng.pick(&["ghost", "Ann", "toString"])),
            77 => anything(rng),
            78 => {
                let mut record = record(rng, names);
                spoil(rng, &mut record);
                record
            }
            79..96 => record(rng, names),
            _ => json!(rng.pick(&USERS)),
        }
    }

    fn resource(&self, rng: &mut Rng, subject: &Json) -> Json {
        let names = &self.sample.names;
        let shape = names.shapes.as_ref().filter(|shapes| !shapes.is_empty());
        match (shape, rng.below(100)) {
            (_, 0) => anything(rng),
            (_, 1) => json!({ "type": anything(rng), "id": anything(rng) }),
            (Some(shapes), 2..92) => {
                let (name, shape) = rng.pick_of(shapes);
                resource_of_shape(rng, subject, name, shape)
            }
            (None, 2..12) => {
                let mut resource = json!({ "type": segment(rng), "id": part_value(rng, subject) });
                spoil_parts(rng, &mut resource);
                resource
            }
            _ => {
                let own = match subject {
                    Json::String(id) => &self.sample.document["users"][id],
                    record => record,
                };
                let own: Vec<&String> =
                    own["grants"].as_object().into_iter().flat_map(|grants| grants.keys()).collect();
                let pattern =
                    if own.is_empty() || rng.chance(50) { rng.pick_of(&self.patterns) } else { rng.pick(&own) };
                let path = path(rng, subject, pattern);
                json!(similar_path(rng, &path))
            }
        }
    }

    /// Gives the question the attribute that a condition needs, if the question can have it.
    fn satisfy(&self, rng: &mut Rng, question: &mut Json, path: &str, right: &Json) {
        let mut steps: Vec<&str> = path.split('.').collect();
        steps[0] = match steps[0] {
            "resource" => "attributes",
            "context" => "context",
            "action" => "properties",
            _ => return,
        };
        let value = match right {
            Json::Object(right) if right.contains_key("ref") => {
                let path = right["ref"].as_str().unwrap();
                let id = question["subject"].as_str().unwrap_or("").to_owned();
                let entry = self.sample.document["users"].get(&id);
                match (path.strip_prefix("subject."), entry) {
                    (Some("id"), _) => json!(id),
                    (Some("groups"), Some(entry)) => entry.get("groups").cloned().unwrap_or_default(),
                    (Some(name), Some(entry)) => entry["attributes"].get(name).cloned().unwrap_or_default(),
                    _ => text(rng),
                }
            }
            Json::Object(right) if right.contains_key("not") => match &right["not"] {
                Json::Number(_) => json!(7),
                Json::Bool(flag) => json!(!flag),
                _ => text(rng),
            },
            Json::Object(bounds) => {
                let bound = bounds.values().find(|bound| bound.is_number()).cloned().unwrap_or(json!(1));
                if rng.chance(30) {
                    json!([bound])
                } else {
                    bound
                }
            }
            Json::Array(list) if !list.is_empty() => {
                let value = rng.pick_of(list).clone();
                if rng.chance(20) {
                    json!([null, value])
                } else {
                    value
                }
            }
            value => value.clone(),
        };
        let mut place = question;
        for step in steps {
            if !place.is_object() {
                *place = json!({});
            }
            let members = place.as_object_mut().unwrap();
            place = members.entry(step).or_insert(json!({}));
        }
        *place = value;
    }
}

fn action(rng: &mut Rng, names: &Names) -> Json {
    let name = match rng.below(100) {
        // The lower levels, which more grants give.
        0..40 => rng.pick_of(&names.grantable[..2.min(names.grantable.len())]).clone(),
        40..96 => rng.pick_of(&names.grantable).clone(),
        96 => names.levels[0].clone(),
        97 => return anything(rng),
        _ => rng.pick(&NOT_ACTIONS).into(),
    };
    json!(name)
}

/// A user with a record, who may name roles and groups that the document does not define.
fn record(rng: &mut Rng, names: &Names) -> Json {
    let mut record = user(rng, names);
    record["id"] = json!(rng.pick(&USERS));
    if rng.chance(20) {
        let mut roles = record.get("roles").cloned().unwrap_or(json!([]));
        let others = roles.as_array_mut().unwrap();
        others.push(json!(rng.pick(&ROLES)));
        others.push(json!({ "role": "elsewhere", "scope": "acme" }));
        record["roles"] = roles;
    }
    if rng.chance(20) {
        record["groups"] = json!(["elsewhere", "press"]);
    }
    record
}

/// What a question stays within: more often than other holders one that gives much.
fn within(rng: &mut Rng, names: &Names) -> Json {
    if rng.chance(40) {
        return holder(rng, names);
    }
    let mut holder = json!({ "grants": grants(rng, names, 2) });
    let highest = names.levels.last().unwrap();
    let name = if rng.chance(60) { highest } else { rng.pick_of(&names.grantable) };
    let pattern = if rng.chance(70) { "**".into() } else { pattern(rng, names) };
    holder["grants"][pattern] = json!([name, rng.pick_of(&names.grantable)]);
    if !names.roles.is_empty() && rng.chance(30) {
        holder["roles"] = json!([assignment(rng, names)]);
    }
    holder
}

/// A path that a pattern matches.
fn path(rng: &mut Rng, subject: &Json, pattern: &str) -> String {
    let mut segments = Vec::new();
    for text in pattern.split('/') {
        match text {
            "*" => segments.push(segment(rng)),
            "**" if rng.chance(2) => segments.extend(vec!["a".to_owned(); rng.between(28, 32)]),
            "**" => (0..rng.between(0, 2)).for_each(|_| segments.push(segment(rng))),
            "{subject}" => segments.push(id_or_segment(rng, subject)),
            text => segments.push(text.strip_prefix('\\').unwrap_or(text).to_owned()),
        }
    }
    segments.join("/")
}

fn id_or_segment(rng: &mut Rng, subject: &Json) -> String {
    match subject.as_str().or_else(|| subject["id"].as_str()) {
        Some(id) if rng.chance(75) => id.to_owned(),
        _ if rng.chance(50) => rng.pick(&USERS).into(),
        _ => segment(rng),
    }
}

/// A path, or one that is almost the same.
fn similar_path(rng: &mut Rng, path: &str) -> String {
    match rng.below(90) {
        0 => format!("{path}/"),
        1 => format!("/{path}"),
        2 => path.replacen('/', "//", 1),
        3 => path.to_uppercase(),
        4 => format!("{path}/{}", segment(rng)),
        5 => path.rsplit_once('/').map_or(String::new(), |(start, _)| start.to_owned()),
        6 => path.split_once('/').map_or(String::new(), |(_, end)| end.to_owned()),
        7 => format!("{path} "),
        8 => format!("{}/{path}", segment(rng)),
        9 => format!("\\{path}"),
        10 => vec!["a"; rng.between(31, 33)].join("/"),
        _ => path.to_owned(),
    }
}

/// A resource of a shape, as a path or by its parts.
fn resource_of_shape(rng: &mut Rng, subject: &Json, name: &str, shape: &str) -> Json {
    let mut resource = json!({ "type": name });
    let mut segments = Vec::new();
    for text in shape.split('/') {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => {
                let part = part_value(rng, subject);
                segments.push(part.as_str().map_or_else(|| part.to_string(), str::to_owned));
                resource[name] = part;
            }
            None => segments.push(text.strip_prefix('\\').unwrap_or(text).to_owned()),
        }
    }
    if rng.chance(60) {
        return json!(similar_path(rng, &segments.join("/")));
    }
    spoil_parts(rng, &mut resource);
    resource
}

fn part_value(rng: &mut Rng, subject: &Json) -> Json {
    match rng.below(20) {
        0..2 => json!(rng.pick(&[7, 0, 42, 9_007_199_254_740_991_u64].each_ref())),
        2 => number(rng),
        _ => json!(id_or_segment(rng, subject)),
    }
}

/// Sometimes a part less, a part more, or something that is not a part.
fn spoil_parts(rng: &mut Rng, resource: &mut Json) {
    let members = resource.as_object_mut().unwrap();
    let names: Vec<String> = members.keys().cloned().collect();
    match rng.below(30) {
        0 => {
            members.remove(rng.pick_of(&names));
        }
        1 => {
            members.insert(rng.pick(&["path", "further", "description", "__proto__"]).into(), text(rng));
        }
        2 => {
            members.insert(rng.pick_of(&names).clone(), anything(rng));
        }
        _ => {}
    }
}
