//! Names and values that are often taken for something else.

use serde_json::{json, Value as Json};

use super::rng::Rng;

pub const LEVELS: [&str; 14] =
    ["none", "see", "use", "run", "__proto__", "constructor", "ü", "0", "a.b", "x/y", "*", "toString", "Read", "READ"];
pub const ACTIONS: [&str; 14] = [
    "view",
    "edit",
    "delete",
    "publish",
    "approve",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "påge",
    "edit ",
    "READ",
    "a/b",
    "**",
    "1",
];
pub const NOT_ACTIONS: [&str; 8] = ["wirte", "", "toString", "Write", "write ", "valueOf", "\u{0}", "[object Object]"];
pub const ROLES: [&str; 7] = ["reader", "writer", "owner", "__proto__", "constructor", "r*", "ann"];
pub const GROUPS: [&str; 5] = ["press", "law", "__proto__", "reader", "ü"];
pub const USERS: [&str; 10] = ["ann", "bob", "cy", "docs", "__proto__", "constructor", "x/y", "*", "{subject}", "42"];
pub const ATTRIBUTES: [&str; 15] =
    ["n", "n", "s", "s", "flag", "tags", "owner", "deep", "id", "org", "type", "path", "name", "groups", "__proto__"];

const SEGMENTS: [&str; 7] = ["docs", "a", "b", "acme", "globex", "42", "ann"];
const ODD_SEGMENTS: [&str; 18] = [
    "*",
    "**",
    "***",
    "{subject}",
    "{id}",
    "{",
    "\\",
    "\\*",
    "\\\\",
    "a*",
    "a.b",
    ".",
    "..",
    "ü",
    "A",
    "__proto__",
    " ",
    "%2F",
];

/// A segment of a path.
pub fn segment(rng: &mut Rng) -> String {
    match rng.below(100) {
        0..80 => rng.pick(&SEGMENTS).into(),
        80..98 => rng.pick(&ODD_SEGMENTS).into(),
        98 => rng.pick(&USERS[..6]).into(),
        _ => "long".repeat(rng.between(1, 60)),
    }
}

/// A segment of a path as it is written in a pattern, scope or shape.
pub fn written(segment: &str, rng: &mut Rng) -> String {
    let needs = segment.contains('*') || segment.starts_with(['{', '\\']);
    if needs || rng.chance(3) {
        format!("\\{segment}")
    } else {
        segment.to_owned()
    }
}

pub fn number(rng: &mut Rng) -> Json {
    let small = [json!(0), json!(1), json!(2), json!(3), json!(5), json!(10), json!(1.0), json!(0.5), json!(-1)];
    let odd = [
        json!(9_007_199_254_740_991_u64),
        json!(9_007_199_254_740_992_u64),
        json!(9_007_199_254_740_993_u64),
        json!(-9_007_199_254_740_991_i64),
        json!(-9_007_199_254_740_992_i64),
        json!(1e300),
        json!(-0.0),
        json!(1e-9),
        json!(9_007_199_254_740_990.5),
        json!(u64::MAX),
    ];
    if rng.chance(85) { rng.pick_of(&small) } else { rng.pick_of(&odd) }.clone()
}

/// A number that conditions and bounds can have.
pub fn number_in_range(rng: &mut Rng) -> Json {
    loop {
        let number = number(rng);
        if number.as_f64().unwrap().abs() <= 9_007_199_254_740_991.0 {
            return number;
        }
    }
}

pub fn text(rng: &mut Rng) -> Json {
    json!(rng.pick(&["x", "y", "z", "1", "", "ann", "bob", "acme", "X", "ü", "u\u{308}", "true", "null", "__proto__"]))
}

pub fn anything(rng: &mut Rng) -> Json {
    match rng.below(12) {
        0 => Json::Null,
        1 => json!(rng.chance(50)),
        2 => number(rng),
        3 | 4 => text(rng),
        5 => json!([]),
        6 => json!([number(rng), text(rng)]),
        7 => json!([text(rng), [text(rng)]]),
        8 => json!([number(rng), null]),
        9 => json!({ "n": number(rng), "__proto__": text(rng) }),
        10 => json!([{ "n": 1 }, 1]),
        _ => json!({}),
    }
}

/// The value of an attribute: mostly of the type that its name suggests.
pub fn attribute(name: &str, rng: &mut Rng) -> Json {
    if rng.chance(15) {
        return anything(rng);
    }
    match name {
        "n" if rng.chance(12) => json!([number(rng)]),
        "n" => number(rng),
        "flag" => json!(rng.chance(50)),
        "tags" if rng.chance(50) => json!([number(rng), number(rng)]),
        "tags" => json!([text(rng), text(rng)]),
        "groups" => json!([rng.pick(&GROUPS)]),
        "org" => json!(segment(rng)),
        "owner" | "id" => json!(rng.pick(&USERS)),
        "deep" => json!({ "n": number(rng), "s": text(rng), "deep": { "n": number(rng), "tags": [text(rng)] } }),
        _ => text(rng),
    }
}

/// Attributes of a subject, resource, context or action.
pub fn attributes(rng: &mut Rng) -> Json {
    let mut attributes = json!({});
    for name in rng.pick_some(&ATTRIBUTES, 8) {
        attributes[name] = attribute(name, rng);
    }
    attributes
}
