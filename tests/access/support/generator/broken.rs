//! Documents, records and holders with something wrong in them.

use serde_json::{json, Value as Json};

use super::rng::Rng;
use super::smallest::pointers;

/// A change of a whole document that random changes of one place hardly ever make.
pub fn spoil_document(rng: &mut Rng, document: &mut Json) {
    let mut set = |pointer: &[&str], value: Json| {
        let mut place = &mut *document;
        for name in pointer {
            if !place.is_object() {
                *place = json!({});
            }
            place = place.as_object_mut().unwrap().entry(*name).or_insert(json!({}));
        }
        *place = value;
    };
    let deep = |segments: usize| vec!["s"; segments].join("/");
    let many = |count: usize| (0..count).map(|number| (format!("context.n{number}"), json!(number))).collect::<Json>();
    match rng.below(23) {
        0 => set(&["roles", "reader", "inherits"], json!(["writer", "reader"])),
        1 => {
            set(&["roles", "reader", "inherits"], json!(["writer"]));
            set(&["roles", "writer", "inherits"], json!(["owner"]));
            set(&["roles", "owner", "inherits"], json!(["__proto__", "writer", "unknown", "writer"]));
        }
        2 => {
            set(&["resources", "one"], json!("{a}/x/{b}"));
            set(&["resources", "two"], json!("y/{a}/z"));
            set(&["resources", "three"], json!("w/y/z"));
        }
        3 => set(&["everyone", "grants", "many", "when"], many(rng.between(15, 18))),
        4 => set(
            &["limits", "many"],
            json!({ "level": "read", "unless": vec![json!({ "context.n": 1 }); rng.between(15, 18)] }),
        ),
        5 => set(&["levels"], (0..rng.between(0, 17)).map(|number| json!(number.to_string())).collect()),
        6 => set(&["actions"], (0..rng.between(194, 202)).map(|n| (format!("action {n}"), Json::Null)).collect()),
        7 => set(&["everyone", "grants", &deep(rng.between(31, 34))], json!("read")),
        8 => set(&["limits", &format!("{}/**", deep(rng.between(30, 33)))], json!("read")),
        9 => set(&["resources", "deep"], json!(deep(rng.between(31, 34)))),
        10 => set(&["everyone", "roles"], json!([{ "role": "reader", "scope": deep(rng.between(31, 34)) }])),
        11 if rng.chance(25) => {
            let most = rng.between(9_999, 10_001);
            let list: Json = (0..5_000).map(|_| json!("read")).collect();
            set(&["authenticated", "grants", "list"], list);
            (5_000..most)
                .for_each(|number| set(&["authenticated", "grants", &format!("n{number}")], json!([{ "allow": [] }])));
        }
        12 if rng.chance(25) => {
            set(&["limits"], json!({ "a": vec!["none"; rng.between(9_998, 10_000)], "b": "none", "c": [] }))
        }
        13 => set(&["levels"], json!(["none", "read", "none", "read", "", 5])),
        14 => set(&["levels"], json!(["none", "read", "write", "read", ""])),
        15 => set(&["actions"], json!([])),
        16 => set(&["roles"], json!([])),
        17 => set(&["groups"], Json::Null),
        18 => set(&["limits", "a"], json!({ "deny": ["read", 1, "nothing"], "level": "nothing", "unless": [] })),
        19 => set(&["users", "ann", "attributes"], json!({ "description": 1, "": null, "a": { "$schema": [] } })),
        20 => {
            let not = if rng.chance(50) { json!("press") } else { json!({ "ref": "subject.groups" }) };
            set(&["limits", "a", "unless", "subject.groups", "not"], not);
        }
        21 => set(&["users", ""], json!({ "active": null })),
        _ => set(&["resources"], json!({ "a": "{a}/{b}", "b": "{type}/x", "c": "x/{b}", "": "{x}", "d": 1 })),
    }
}

/// A random change at one random place.
pub fn spoil(rng: &mut Rng, whole: &mut Json) {
    let mut places = pointers(whole);
    places.push(String::new());
    let place: &String = rng.pick_of(&places);
    let value = whole.pointer_mut(place).unwrap();
    match value {
        Json::Object(members) if rng.chance(75) => {
            let names: Vec<String> = members.keys().cloned().collect();
            match rng.below(3) {
                0 if !names.is_empty() => {
                    let value = members.remove(rng.pick_of(&names)).unwrap();
                    members.insert(name(rng), value);
                }
                1 if !names.is_empty() => {
                    members.remove(rng.pick_of(&names));
                }
                _ => {
                    members.insert(name(rng), junk(rng));
                }
            }
        }
        Json::Array(list) if rng.chance(75) => {
            let item = if list.is_empty() || rng.chance(60) { junk(rng) } else { rng.pick_of(list).clone() };
            list.push(item);
        }
        value if value.is_string() && rng.chance(60) => *value = json!(name(rng)),
        value => *value = junk(rng),
    }
}

/// A name that is a member of something, a pattern or an attribute path, or none of these.
fn name(rng: &mut Rng) -> String {
    const NAMES: [&str; 70] = [
        "",
        "x",
        "description",
        "$schema",
        "__proto__",
        "constructor",
        "levels",
        "actions",
        "resources",
        "roles",
        "groups",
        "everyone",
        "authenticated",
        "users",
        "limits",
        "grants",
        "inherits",
        "attributes",
        "active",
        "id",
        "role",
        "scope",
        "from",
        "until",
        "allow",
        "when",
        "unless",
        "level",
        "deny",
        "ref",
        "not",
        "atLeast",
        "atMost",
        "none",
        "read",
        "write",
        "view",
        "edit",
        "ann",
        "reader",
        "writer",
        "press",
        "a//b",
        "a/",
        "/a",
        "/",
        "**",
        "**/a",
        "a/**",
        "a/**/b",
        "*",
        "a*",
        "\\",
        "a/\\",
        "\\*",
        "\\\\",
        "{subject}",
        "{subject}x",
        "{x}",
        "a/{x}/b",
        "~/~1",
        "subject.n",
        "subject.groups",
        "resource.n",
        "resource.",
        ".n",
        "subject",
        "context..n",
        "user.n",
        "action.name",
    ];
    match rng.below(60) {
        0 => "l".repeat(4_097),
        1 => "ü".repeat(2_048),
        2 => "ü".repeat(2_049),
        _ => rng.pick(&NAMES).into(),
    }
}

fn junk(rng: &mut Rng) -> Json {
    match rng.below(44) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(5),
        4 => json!(10.5),
        5 => json!(-1),
        6 => json!(20.0),
        7 => json!(1e300),
        8 => json!(9_007_199_254_740_991_u64),
        9 => json!(9_007_199_254_740_992_u64),
        10 => json!([]),
        11 => json!({}),
        12 => json!([null]),
        13 => json!([[]]),
        14 => json!([1, "x", true, null, {}, ["x"], 1e300]),
        15 => json!({ "ref": "subject.n" }),
        16 => json!({ "ref": "subject.groups" }),
        17 => json!({ "ref": name(rng) }),
        18 => json!({ "ref": 5, "description": 5 }),
        19 => json!({ "not": junk(rng) }),
        20 => json!({ "not": { "ref": "subject.groups" } }),
        21 => json!({ "not": { "ref": name(rng), "further": 1 } }),
        22 => json!({ "not": 1, "atMost": 1 }),
        23 => json!({ "atLeast": junk(rng) }),
        24 => json!({ "atMost": junk(rng), "atLeast": { "ref": name(rng) }, "description": "" }),
        25 => json!({ "atLeast": { "ref": "subject.n", "not": 1 } }),
        26 => json!({ "description": "x" }),
        27 => json!({ "allow": junk(rng) }),
        28 => json!({ "allow": [name(rng), 1], "from": junk(rng), "until": junk(rng) }),
        29 => json!({ "allow": "read", "from": 10, "until": rng.pick(&[9, 10, 11].each_ref()) }),
        30 => json!({ "allow": "read", "when": junk(rng), "unless": {} }),
        31 => json!({ "level": name(rng), "unless": junk(rng) }),
        32 => json!({ "deny": junk(rng), "unless": [{}, { (name(rng)): junk(rng) }] }),
        33 => json!({ "level": "read", "deny": 5, "description": null }),
        34 => json!({ "unless": { "context.n": 1 } }),
        35 => json!({ "role": name(rng), "scope": name(rng), "until": 0 }),
        36 => json!({ "role": "reader", "scope": junk(rng), "when": {} }),
        37 => json!({ "scope": "acme", "from": null }),
        38 => json!({ (name(rng)): junk(rng) }),
        39 => json!([name(rng), name(rng)]),
        40 => json!([{ (name(rng)): junk(rng) }]),
        _ => json!(name(rng)),
    }
}
