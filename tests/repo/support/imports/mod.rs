//! Which file of the crate imports which, by `use` and by paths in the code.

#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a broken source ends the test")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::crate_source::{code, files, source};

/// The path of a module, without the crate.
type Module = Vec<String>;

/// The imports of every file, by the module that it is.
pub fn imports() -> BTreeMap<Module, BTreeSet<Module>> {
    let sources: BTreeMap<Module, String> = files(&source())
        .into_iter()
        .filter(|(path, _)| !path.ends_with("tests.rs") && !path.ends_with("properties.rs"))
        .map(|(path, text)| {
            let path = path.strip_prefix(source()).unwrap().with_extension("");
            let mut module: Module = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            module.retain(|part| part != "mod" && part != "lib");
            (module, code(&text))
        })
        .collect();
    let known: BTreeSet<&Module> = sources.keys().collect();
    let of = |(module, text): (&Module, &String)| {
        let mut found = BTreeSet::new();
        for path in paths(text) {
            found.extend(
                resolve(&known, module, &path)
                    .filter(|other| other != module && !other.is_empty() && known.contains(other)),
            );
        }
        (module.clone(), found)
    };
    sources.iter().map(of).collect()
}

/// The modules that lead back to themselves, in groups that lead to each other.
pub fn cycles() -> BTreeSet<BTreeSet<String>> {
    let imports = imports();
    let reached = |start: &Module| {
        let mut seen: BTreeSet<&Module> = BTreeSet::new();
        let mut open: Vec<&Module> = imports[start].iter().collect();
        while let Some(module) = open.pop() {
            if seen.insert(module) {
                open.extend(&imports[module]);
            }
        }
        seen
    };
    let reach: BTreeMap<&Module, BTreeSet<&Module>> = imports.keys().map(|module| (module, reached(module))).collect();
    let group = |module: &Module| {
        let back = reach[module].iter().filter(|other| reach[**other].contains(module));
        back.map(|module| module.join("::")).collect::<BTreeSet<String>>()
    };
    imports.keys().map(group).filter(|group| !group.is_empty()).collect()
}

/// Every path of a text, groups of `use` taken apart.
fn paths(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = text;
    let mut without_uses = String::new();
    while let Some((before, after)) = rest.split_once("use ") {
        without_uses.push_str(before);
        let (list, after) = after.split_once(';').unwrap_or((after, ""));
        if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            without_uses.push_str(list);
        } else {
            expand("", &list.split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
        }
        rest = after;
    }
    without_uses.push_str(rest);
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    paths.extend(without_uses.split(|letter| !is_part(letter)).filter(|path| path.contains("::")).map(str::to_owned));
    paths
}

/// Takes the groups of a `use` apart.
fn expand(prefix: &str, list: &str, paths: &mut Vec<String>) {
    let Some((head, group)) = list.split_once('{') else {
        paths.push(format!("{prefix}{}", list.split(" as ").next().unwrap_or(list).trim()));
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let (mut depth, mut item) = (0_usize, String::new());
    for letter in group.strip_suffix('}').unwrap_or(group).chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, std::mem::take(&mut item).trim(), paths);
                continue;
            }
            _ => {}
        }
        item.push(letter);
    }
    if !item.trim().is_empty() {
        expand(&prefix, item.trim(), paths);
    }
}

/// The module that a path names: its longest beginning that is one.
fn resolve(known: &BTreeSet<&Module>, module: &Module, path: &str) -> Option<Module> {
    let mut parts = path.split("::").peekable();
    let mut found = match *parts.peek()? {
        "crate" => Module::new(),
        "self" | "super" => module.clone(),
        first => {
            let child: Module = module.iter().cloned().chain([first.to_owned()]).collect();
            return known.contains(&child).then(|| longest(known, module.clone(), parts));
        }
    };
    while let Some(step) = parts.next_if(|part| matches!(*part, "crate" | "self" | "super")) {
        if step == "super" {
            found.pop();
        }
    }
    Some(longest(known, found, parts))
}

fn longest<'p>(known: &BTreeSet<&Module>, mut found: Module, parts: impl Iterator<Item = &'p str>) -> Module {
    for part in parts {
        let child: Module = found.iter().cloned().chain([part.to_owned()]).collect();
        if !known.contains(&child) {
            break;
        }
        found = child;
    }
    found
}
