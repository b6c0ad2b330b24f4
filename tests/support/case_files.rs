//! Loads the case files under `tests/cases`, and runs their cases.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

/// Members of a case that explain it to a reader, and that runners ignore.
pub const NOTES: [&str; 6] = ["kind", "why", "evidence", "deviation", "source", "note"];

/// All cases of a system. Each has another id, so that a failure names one case.
pub fn load_cases(system: &str) -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(system);
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The folder has `sample.mjs` too.
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(file["system"], system);
        cases.extend(file["cases"].as_array().unwrap().clone());
    }
    let mut ids = BTreeSet::new();
    let repeated: Vec<&str> =
        cases.iter().map(|case| case["id"].as_str().unwrap()).filter(|id| !ids.insert(*id)).collect();
    assert!(repeated.is_empty(), "several cases of {system} have the id: {}", repeated.join(", "));
    cases
}

/// Whether a case sends requests, and so needs a directory.
pub fn is_call(case: &Json) -> bool {
    case.get("request").is_some()
}

/// Runs cases, and reports all that fail. `least` guards against files that are not found.
pub fn run_cases(cases: impl Iterator<Item = Json>, least: usize, run_case: impl Fn(&Json) -> Result<(), String>) {
    let mut failures = Vec::new();
    let mut passed = 0_usize;
    for case in cases {
        match run_case(&case) {
            Ok(()) => passed += 1,
            Err(why) => failures.push(format!("{}: {why}", case["id"])),
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
    assert!(passed >= least, "only {passed} cases ran");
}

/// Reports a member of an object that is neither one of these `members` nor one of the `notes`.
pub fn check_members(object: &Json, members: &[&str], notes: &[&str]) -> Result<(), String> {
    let unknown = |name: &&String| !members.contains(&name.as_str()) && !notes.contains(&name.as_str());
    object.as_object().unwrap().keys().find(unknown).map_or(Ok(()), |name| Err(format!("unknown member {name}")))
}
