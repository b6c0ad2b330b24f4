//! What ARCHITECTURE.md says is absent, is absent.

#![expect(clippy::unwrap_used, reason = "a file that can not be read ends the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use latchwork::{vocabulary, SystemName, Word};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a folder, with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The code of a file, without its comments and unit tests: those may name what they like.
fn code(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or("");
    shipped.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_system_of_the_list_has_a_room() {
    for name in SystemName::WORDS {
        assert!(source().join("systems").join(name).join("mod.rs").exists(), "{name}");
    }
}

#[test]
fn a_room_knows_no_other_room() {
    for name in SystemName::WORDS {
        for (path, text) in files(&source().join("systems").join(name)) {
            for other in SystemName::WORDS.iter().filter(|other| *other != name) {
                assert!(!code(&text).contains(&format!("{other}::")), "{} names {other}", path.display());
            }
            assert!(!code(&text).contains("crate::systems"), "{} looks out of its room", path.display());
        }
    }
}

#[test]
fn the_core_knows_no_product_outside_of_the_list() {
    let rooms = source().join("systems");
    for (path, text) in files(&source()).into_iter().filter(|(path, _)| !path.starts_with(&rooms)) {
        let code = code(&text);
        for name in SystemName::WORDS {
            assert!(!code.to_lowercase().contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn only_the_doors_name_the_bindings_to_javascript() {
    let doors = source().join("js");
    for (path, text) in files(&source()).into_iter().filter(|(path, _)| !path.starts_with(&doors)) {
        for binding in ["wasm_bindgen", "js_sys", "serde_wasm_bindgen"] {
            assert!(!code(&text).contains(binding), "{} names {binding}", path.display());
        }
    }
}

/// The features with doors, each with the room that it opens, as `src/js/mod.rs` lists them.
fn doors() -> Vec<(String, String)> {
    let list = fs::read_to_string(source().join("js/mod.rs")).unwrap();
    let list = code(&list);
    let lines: Vec<&str> = list.lines().filter(|line| !line.is_empty()).collect();
    let pairs = lines.chunks(2).filter_map(|pair| {
        let feature = pair.first()?.strip_prefix("#[cfg(feature = \"")?.strip_suffix("\")]")?;
        Some((feature.to_owned(), pair.last()?.strip_prefix("mod ")?.strip_suffix(';')?.to_owned()))
    });
    pairs.collect()
}

#[test]
fn every_feature_with_doors_is_a_module_of_the_package() {
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("xtask/src/main.rs");
    let build = fs::read_to_string(build).unwrap();
    let built: BTreeSet<&str> =
        build.lines().filter_map(|line| line.trim().strip_prefix("feature: \"")?.strip_suffix("\",")).collect();
    let doors = doors();
    assert!(doors.len() > 2);
    assert_eq!(doors.iter().map(|(feature, _)| feature.as_str()).collect::<BTreeSet<_>>(), built);
}

#[test]
fn the_doors_of_a_module_know_no_other_doors() {
    let doors = doors();
    let js = source().join("js");
    for (_, room) in &doors {
        let mut own = files(&js)
            .into_iter()
            .filter(|(path, _)| path.starts_with(js.join(room)) || path.ends_with(format!("js/{room}.rs")))
            .peekable();
        assert!(own.peek().is_some(), "{room} has no doors");
        for (path, text) in own {
            for (_, other) in doors.iter().filter(|(_, other)| other != room) {
                for way in [format!("super::{other}"), format!("js::{other}")] {
                    assert!(!code(&text).contains(&way), "{} names {way}", path.display());
                }
            }
        }
    }
}

#[test]
fn every_file_lies_where_its_module_says() {
    for (path, text) in files(&source()) {
        assert!(!code(&text).contains("#[path"), "{}", path.display());
    }
}

/// Leave to change something comes from a decision, a secret that was right, or the operator; and from nowhere else.
#[test]
fn a_permit_is_made_in_three_places() {
    let directory = source().join("directory");
    let makers = [
        ("Permit(", "permit.rs"),
        ("Permit::decided()", "world.rs"),
        ("Permit::operator()", "tasks.rs"),
        ("Verified {", "world.rs"),
    ];
    for (path, text) in files(&source()) {
        let code = code(&text);
        for (maker, place) in makers {
            let is_its_place = path == directory.join(place) || path == directory.join("permit.rs");
            assert!(is_its_place || !code.contains(maker), "{} makes leave by {maker}", path.display());
        }
    }
    for (maker, place) in makers {
        assert!(code(&fs::read_to_string(directory.join(place)).unwrap()).contains(maker), "{place} has no {maker}");
    }
}

/// Whoever changes something shows leave to: no other way leads to a commit.
#[test]
fn every_change_takes_a_permit() {
    let world = code(&fs::read_to_string(source().join("directory/world.rs")).unwrap());
    let flat = world.split_whitespace().collect::<Vec<_>>().join(" ");
    for method in ["put", "create", "delete", "mail"] {
        let (_, rest) = flat.split_once(&format!("pub fn {method}(&mut self, ")).unwrap();
        assert!(rest.starts_with("permit: &Permit") || rest.starts_with("_permit: &Permit"), "{method}");
    }
}

/// What is committed with a refusal is the brake's count, and nothing else.
#[test]
fn only_the_brake_notes_what_takes_no_permit() {
    for (path, text) in files(&source()) {
        let (code, is_world) = (code(&text), path == source().join("directory/world.rs"));
        let notes = ["world.note(", "world.hold(", "changes.note("].into_iter().filter(|note| code.contains(note));
        for note in notes {
            let is_its_place = path == source().join("directory/brake.rs") || is_world && note == "changes.note(";
            assert!(is_its_place, "{} has {note}", path.display());
        }
    }
}

#[test]
fn every_rule_has_its_words_and_no_words_are_without_a_rule() {
    for name in SystemName::WORDS {
        let text = fs::read_to_string(source().join("systems").join(name).join("words.json")).unwrap();
        let words: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        let explained: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        let rules: BTreeSet<&str> = vocabulary(name).unwrap().rules.iter().copied().collect();
        assert_eq!(explained, rules, "{name}");
        for (rule, entry) in &words {
            let members: Vec<&String> = entry.as_object().unwrap().keys().collect();
            assert_eq!(members, ["document", "heading", "text"], "{name}: {rule}");
            let said =
                |member: &str| entry.get(member).and_then(|text| text.as_str()).is_some_and(|text| text.len() > 3);
            assert!(["document", "heading", "text"].into_iter().all(said), "{name}: {rule}");
        }
    }
}

#[test]
fn nothing_reads_the_clock_the_environment_or_chance() {
    for (path, text) in files(&source()) {
        for world in ["std::time", "std::env", "std::fs", "std::net", "getrandom", "RandomState", "HashMap"] {
            assert!(!code(&text).contains(world), "{} names {world}", path.display());
        }
    }
}
