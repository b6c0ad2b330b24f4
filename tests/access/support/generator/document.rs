//! Documents that have no problems.

use serde_json::{json, Map, Value as Json};

use super::rng::Rng;
use super::words::{
    attribute, attributes, number_in_range, segment, text, written, ACTIONS, ATTRIBUTES, GROUPS, LEVELS, ROLES, USERS,
};

/// Shapes of which none is ambiguous with another.
const SHAPES: [(&str, &str); 9] = [
    ("doc", "{org}/docs/{id}"),
    ("post", "posts/{id}"),
    ("acme", "acme/{id}"),
    ("home", "docs"),
    ("__proto__", "a/{b}/c/{constructor}"),
    ("odd", "\\*/{*}"),
    ("x/y", "\\{id}/{n}"),
    ("deep", "globex/b/{name}/{id}/a/{s}"),
    ("ü", "a/b/\\c/{__proto__}/{s}"),
];

/// Times that bounds and questions have.
pub const TIMES: [u64; 7] = [0, 9, 10, 15, 20, 30, 9_007_199_254_740_991];

/// The names that a document defines.
#[derive(Clone, Debug)]
pub struct Names {
    pub levels: Vec<String>,
    /// Levels but the first, and actions: all that can be granted and asked for.
    pub grantable: Vec<String>,
    pub roles: Vec<String>,
    pub groups: Vec<String>,
    pub users: Vec<String>,
    /// Whether there are few grants, most of them with conditions, so that each condition decides alone.
    pub is_lean: bool,
    /// Shapes as in the document, if it has `resources`.
    pub shapes: Option<Vec<(String, String)>>,
}

/// A document and the names in it.
#[derive(Clone, Debug)]
pub struct Sample {
    pub document: Json,
    pub names: Names,
}

pub fn sample(rng: &mut Rng) -> Sample {
    let mut document = json!({});
    let levels = levels(rng, &mut document);
    let grantable = grantable(rng, &levels, &mut document);
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let mut names = Names {
        levels,
        grantable,
        roles: owned(some_of(rng, &ROLES, 5)),
        groups: owned(rng.pick_some(&GROUPS, 3)),
        users: owned(some_of(rng, &USERS, 5)),
        is_lean: rng.chance(45),
        shapes: None,
    };
    if names.is_lean {
        names.roles.truncate(2);
        names.groups.truncate(1);
        names.users.truncate(2);
    }
    if rng.chance(35) {
        let shapes = if rng.chance(95) { some_of(rng, &SHAPES, 6) } else { Vec::new() };
        let shapes: Vec<(String, String)> =
            shapes.into_iter().map(|(name, shape)| (name.to_owned(), shape.to_owned())).collect();
        document["resources"] = shapes.iter().map(|(name, shape)| (name.clone(), json!(shape))).collect();
        names.shapes = Some(shapes);
    }
    if !names.roles.is_empty() {
        document["roles"] = json!({});
    }
    for (index, name) in names.roles.iter().enumerate() {
        let mut role = json!({ "grants": grants(rng, &names, 3) });
        if rng.chance(50) {
            role["inherits"] = json!(rng.pick_some(&names.roles[..index], 2));
        }
        document["roles"][name] = described(rng, role);
    }
    if !names.groups.is_empty() {
        document["groups"] = json!({});
    }
    for name in &names.groups {
        document["groups"][name] = holder(rng, &names);
    }
    for name in ["everyone", "authenticated"] {
        if rng.chance(if names.is_lean { 25 } else { 60 }) {
            document[name] = holder(rng, &names);
        }
    }
    if !names.users.is_empty() {
        document["users"] = json!({});
    }
    for id in &names.users {
        document["users"][id] = user(rng, &names);
    }
    if rng.chance(65) {
        document["limits"] = limits(rng, &names);
    }
    Sample { document: described(rng, document), names }
}

/// Up to `most` different members of a list, hardly ever none.
fn some_of<T: Clone>(rng: &mut Rng, list: &[T], most: usize) -> Vec<T> {
    let some = rng.pick_some(list, most);
    if some.is_empty() {
        rng.pick_some(list, most)
    } else {
        some
    }
}

/// A name to grant: many of them the highest level.
fn granted(rng: &mut Rng, names: &Names) -> Json {
    json!(if rng.chance(40) { names.levels.last().unwrap() } else { rng.pick_of(&names.grantable) })
}

/// Sometimes with the members that decide nothing.
fn described(rng: &mut Rng, mut object: Json) -> Json {
    if rng.chance(8) {
        object["description"] = text(rng);
    }
    if rng.chance(4) {
        object["$schema"] = text(rng);
    }
    object
}

fn levels(rng: &mut Rng, document: &mut Json) -> Vec<String> {
    let mut levels: Vec<String> = match rng.below(10) {
        0..5 => return ["none", "read", "write", "admin"].map(str::to_owned).to_vec(),
        5 => (0..15).map(|level| format!("level {level}")).collect(),
        _ => rng.pick_some(&LEVELS, 6).into_iter().map(str::to_owned).collect(),
    };
    if levels.len() < 2 {
        levels = vec!["no".into(), "yes".into()];
    }
    document["levels"] = json!(levels);
    levels
}

fn grantable(rng: &mut Rng, levels: &[String], document: &mut Json) -> Vec<String> {
    let mut grantable = levels[1..].to_vec();
    let mut actions = Map::new();
    let mut names: Vec<String> = rng.pick_some(&ACTIONS, 6).into_iter().map(str::to_owned).collect();
    if rng.chance(2) {
        names = (0..200 - levels.len()).map(|number| format!("action {number}")).collect();
    }
    for name in names.into_iter().filter(|name| !levels.contains(name)) {
        let least = if rng.chance(30) { Json::Null } else { json!(rng.pick_of(&levels[1..])) };
        actions.insert(name.clone(), least);
        grantable.push(name);
    }
    if !actions.is_empty() || rng.chance(20) {
        document["actions"] = Json::Object(actions);
    }
    grantable
}

pub fn user(rng: &mut Rng, names: &Names) -> Json {
    let mut user = holder(rng, names);
    if rng.chance(60) {
        user["groups"] = json!(rng.pick_some(&names.groups, 2));
    }
    if rng.chance(80) {
        user["attributes"] = attributes(rng);
    }
    if rng.chance(30) {
        user["active"] = json!(rng.chance(80));
    }
    user
}

pub fn holder(rng: &mut Rng, names: &Names) -> Json {
    let mut holder = json!({});
    if !names.roles.is_empty() && rng.chance(65) {
        let assignments: Vec<Json> = (0..rng.between(0, 3)).map(|_| assignment(rng, names)).collect();
        holder["roles"] = json!(assignments);
    }
    if rng.chance(80) {
        holder["grants"] = grants(rng, names, 4);
    }
    described(rng, holder)
}

pub fn assignment(rng: &mut Rng, names: &Names) -> Json {
    let role = json!(rng.pick_of(&names.roles));
    if rng.chance(50) {
        return role;
    }
    let mut assignment = json!({ "role": role });
    if rng.chance(50) {
        assignment["scope"] = json!(scope(rng));
    }
    add_bounds(rng, 20, &mut assignment);
    described(rng, assignment)
}

pub fn scope(rng: &mut Rng) -> String {
    let segments = if rng.chance(2) { 32 } else { rng.between(1, 2) };
    let segments: Vec<String> = (0..segments)
        .map(|_| {
            let segment = if rng.chance(80) { rng.pick(&["acme", "globex", "a"]).to_owned() } else { segment(rng) };
            written(&segment, rng)
        })
        .collect();
    segments.join("/")
}

fn add_bounds(rng: &mut Rng, percent: usize, object: &mut Json) {
    if rng.chance(percent) {
        let from = rng.below(TIMES.len());
        let until = rng.below(TIMES.len());
        if rng.chance(70) {
            object["from"] = json!(TIMES[from]);
        }
        if object.get("from").is_none() || (rng.chance(60) && from < until) {
            object["until"] = json!(TIMES[until]);
        }
    }
}

pub fn grants(rng: &mut Rng, names: &Names, most: usize) -> Json {
    let mut grants = json!({});
    let most = if names.is_lean { 1 } else { most };
    for _ in 0..rng.between(0, most) {
        grants[pattern(rng, names)] = match rng.below(10) {
            0..8 => grant(rng, names),
            _ => (0..rng.between(0, 3)).map(|_| grant(rng, names)).collect(),
        };
    }
    grants
}

pub fn grant(rng: &mut Rng, names: &Names) -> Json {
    if rng.chance(if names.is_lean { 25 } else { 60 }) {
        return granted(rng, names);
    }
    let allow = if rng.chance(70) { granted(rng, names) } else { json!(rng.pick_some(&names.grantable, 3)) };
    let mut grant = json!({ "allow": allow });
    if rng.chance(if names.is_lean { 85 } else { 60 }) {
        grant["when"] = conditions(rng, names, 0);
    }
    add_bounds(rng, 20, &mut grant);
    described(rng, grant)
}

pub fn limits(rng: &mut Rng, names: &Names) -> Json {
    let mut limits = json!({});
    for _ in 0..rng.between(0, 3) {
        limits[pattern(rng, names)] = match rng.below(10) {
            0..8 => limit(rng, names),
            _ => (0..rng.between(0, 3)).map(|_| limit(rng, names)).collect(),
        };
    }
    limits
}

pub fn limit(rng: &mut Rng, names: &Names) -> Json {
    let level = json!(rng.pick_of(&names.levels));
    let mut limit = match rng.below(10) {
        0..2 => return level,
        2..6 => json!({ "level": level }),
        6..8 => json!({ "deny": rng.pick_of(&names.grantable) }),
        _ => json!({ "deny": rng.pick_some(&names.grantable, 3) }),
    };
    if rng.chance(75) {
        limit["unless"] = conditions(rng, names, 1);
    }
    described(rng, limit)
}

/// A pattern; where there are shapes, mostly one that fits one of them.
pub fn pattern(rng: &mut Rng, names: &Names) -> String {
    if rng.chance(22) {
        return "**".into();
    }
    let shape = names.shapes.as_ref().filter(|shapes| !shapes.is_empty()).filter(|_| rng.chance(75));
    let mut segments: Vec<String> = match shape {
        Some(shapes) => rng.pick_of(shapes).1.split('/').map(str::to_owned).collect(),
        None if rng.chance(2) => vec!["a".into(); rng.between(30, 32)],
        None => (0..rng.between(1, 3)).map(|_| written_segment(rng)).collect(),
    };
    for segment in &mut segments {
        if segment.starts_with('{') || rng.chance(30) {
            *segment = match rng.below(10) {
                0..6 => "*".into(),
                6..8 => "{subject}".into(),
                _ => written_segment(rng),
            };
        }
    }
    if rng.chance(25) {
        segments.truncate(rng.between(1, segments.len()));
        if segments.len() == 32 {
            segments.pop();
        }
        segments.push("**".into());
    }
    segments.join("/")
}

fn written_segment(rng: &mut Rng) -> String {
    let segment = segment(rng);
    written(&segment, rng)
}

/// Conditions with at least this many in each object.
pub fn conditions(rng: &mut Rng, names: &Names, least: usize) -> Json {
    if rng.chance(80) {
        return all_of(rng, names, least);
    }
    (0..rng.between(1, 3)).map(|_| all_of(rng, names, least)).collect()
}

fn all_of(rng: &mut Rng, names: &Names, least: usize) -> Json {
    let mut conditions = json!({});
    let count = if rng.chance(8) { 0 } else { rng.between(1, 2) };
    for _ in 0..count.max(least) {
        let path = attribute_path(rng);
        conditions[&path] = right_side(rng, names, &path);
    }
    conditions
}

fn attribute_path(rng: &mut Rng) -> String {
    const FIXED: [&str; 16] = [
        "subject.id",
        "subject.id",
        "subject.id",
        "subject.groups",
        "subject.groups",
        "resource.path",
        "resource.type",
        "resource.org",
        "resource.org",
        "resource.id",
        "resource.id",
        "action.name",
        "action.name",
        "subject.id.length",
        "resource.tags.0",
        "context.__proto__.n",
    ];
    if rng.chance(40) {
        return rng.pick(&FIXED).into();
    }
    let begin = rng.pick(&["subject", "resource", "resource", "context", "action"]);
    let name = rng.pick(&ATTRIBUTES);
    match rng.below(12) {
        0 => format!("{begin}.deep.{name}"),
        1 => format!("{begin}.deep.deep.n"),
        _ => format!("{begin}.{name}"),
    }
}

fn right_side(rng: &mut Rng, names: &Names, path: &str) -> Json {
    let is_groups = path == "subject.groups";
    match rng.below(100) {
        0..30 => scalar(rng, names, path),
        30..50 => list(rng, names, path),
        50..70 => json!({ "ref": attribute_path(rng) }),
        70..85 if !is_groups => match rng.below(3) {
            0 => json!({ "not": scalar(rng, names, path) }),
            1 => json!({ "not": list(rng, names, path) }),
            _ => loop {
                let other = attribute_path(rng);
                if other != "subject.groups" {
                    break json!({ "not": { "ref": other } });
                }
            },
        },
        _ => {
            let mut bounds = json!({});
            let which = rng.below(3);
            for name in [["atLeast"].as_slice(), &["atMost"], &["atLeast", "atMost"]][which] {
                bounds[name] = match rng.below(10) {
                    0..6 => number_in_range(rng),
                    6..8 => json!({ "ref": rng.pick(&["subject.n", "resource.n", "context.n"]) }),
                    _ => json!({ "ref": attribute_path(rng) }),
                };
            }
            bounds
        }
    }
}

fn list(rng: &mut Rng, names: &Names, path: &str) -> Json {
    (0..rng.between(0, 3)).map(|_| scalar(rng, names, path)).collect()
}

/// A value that the attribute of this path could have.
fn scalar(rng: &mut Rng, names: &Names, path: &str) -> Json {
    let name = path.rsplit('.').next().unwrap();
    match path {
        "subject.groups" if rng.chance(80) => json!(rng.pick(&GROUPS)),
        "subject.id" if rng.chance(80) && !names.users.is_empty() => json!(rng.pick_of(&names.users)),
        "action.name" if rng.chance(80) => json!(rng.pick_of(&names.grantable)),
        "resource.type" if rng.chance(80) => json!(rng.pick_of(&SHAPES).0),
        "resource.org" | "resource.id" if rng.chance(80) => json!(segment(rng)),
        _ => loop {
            let value = attribute(name, rng);
            let is_in_range = value.as_f64().is_none_or(|number| number.abs() <= 9_007_199_254_740_991.0);
            if is_in_range && !(value.is_null() || value.is_array() || value.is_object()) {
                return value;
            }
            if rng.chance(40) {
                return if rng.chance(50) { text(rng) } else { number_in_range(rng) };
            }
        },
    }
}
