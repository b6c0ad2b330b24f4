//! A failing case made small, so that a person can read it.

use serde_json::Value as Json;

use crate::support::reference::problems::pointer_to;

/// The case with as many members and items left out as possible, so that it still fails.
pub fn smallest(mut case: Json, fails: &dyn Fn(&Json) -> bool) -> Json {
    let mut pointers = pointers(&case);
    let mut next = 0;
    while next < pointers.len() {
        let mut candidate = case.clone();
        remove(&mut candidate, &pointers[next]);
        if fails(&candidate) {
            case = candidate;
            pointers = self::pointers(&case);
            next = 0;
        } else {
            next += 1;
        }
    }
    case
}

/// A pointer to each member and item, however deep.
pub fn pointers(value: &Json) -> Vec<String> {
    let mut pointers = Vec::new();
    collect(value, "", &mut pointers);
    pointers
}

fn collect(value: &Json, path: &str, pointers: &mut Vec<String>) {
    let mut add = |name: &str, value: &Json| {
        let path = pointer_to(path, name);
        pointers.push(path.clone());
        collect(value, &path, pointers);
    };
    match value {
        Json::Array(list) => list.iter().enumerate().for_each(|(index, item)| add(&index.to_string(), item)),
        Json::Object(members) => members.iter().for_each(|(name, member)| add(name, member)),
        _ => {}
    }
}

fn remove(value: &mut Json, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Json::Array(list) => {
            list.remove(name.parse().unwrap());
        }
        Json::Object(members) => {
            members.remove(&name.replace("~1", "/").replace("~0", "~")).unwrap();
        }
        _ => unreachable!("a pointer leads to a member"),
    }
}
