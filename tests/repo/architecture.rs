//! The structure that ARCHITECTURE.md describes: what a file may name, import and contain.

#![expect(clippy::unwrap_used, reason = "a file that can not be read ends the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::crate_source::{code, files, places, places_of, source};
use crate::support::imports::cycles;
use latchwork::{open, SystemName, Word};

#[test]
fn every_listed_model_has_a_folder() {
    for name in SystemName::WORDS {
        assert!(source().join("systems").join(name).join("mod.rs").exists(), "{name}");
    }
}

/// `scripts/lint` and `cargo xtask wasm` take the models from the feature `models`.
#[test]
fn every_listed_model_is_a_feature_of_models() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let list = manifest.lines().find_map(|line| line.strip_prefix("models = [")?.strip_suffix(']')).unwrap();
    let models: Vec<&str> = list.split(", ").map(|model| model.trim_matches('"')).collect();
    assert_eq!(models, SystemName::WORDS);
    for model in models {
        assert!(manifest.contains(&format!("\n{model} = [\"engine\"")), "{model}");
    }
}

#[test]
fn a_model_does_not_name_another_model() {
    for name in SystemName::WORDS {
        for (path, text) in files(&source().join("systems").join(name)) {
            for other in SystemName::WORDS.iter().filter(|other| *other != name) {
                assert!(!code(&text).contains(&format!("{other}::")), "{} names {other}", path.display());
            }
            assert!(!code(&text).contains("crate::systems"), "{} uses the list of models", path.display());
        }
    }
}

#[test]
fn the_engine_names_models_only_in_the_list() {
    let models = source().join("systems");
    for (path, text) in files(&source()).into_iter().filter(|(path, _)| !path.starts_with(&models)) {
        let code = code(&text);
        for name in SystemName::WORDS {
            assert!(!code.to_lowercase().contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn only_exports_use_javascript_bindings() {
    let exports = source().join("wasm");
    for (path, text) in files(&source()).into_iter().filter(|(path, _)| !path.starts_with(&exports)) {
        for binding in ["wasm_bindgen", "js_sys", "serde_wasm_bindgen"] {
            assert!(!code(&text).contains(binding), "{} names {binding}", path.display());
        }
    }
}

/// The features with exports, each with its module, as `src/wasm/mod.rs` lists them.
fn exports() -> Vec<(String, String)> {
    let list = fs::read_to_string(source().join("wasm/mod.rs")).unwrap();
    let list = code(&list);
    let lines: Vec<&str> = list.lines().filter(|line| !line.is_empty()).collect();
    let pairs = lines.chunks(2).filter_map(|pair| {
        let feature = pair.first()?.strip_prefix("#[cfg(feature = \"")?.strip_suffix("\")]")?;
        Some((feature.to_owned(), pair.last()?.strip_prefix("mod ")?.strip_suffix(';')?.to_owned()))
    });
    pairs.collect()
}

#[test]
fn every_feature_with_exports_is_built_as_a_module() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("xtask/src/modules.rs");
    let table = fs::read_to_string(table).unwrap();
    let built: BTreeSet<&str> = table
        .split('"')
        .flat_map(|features| features.split(','))
        .filter(|feature| *feature == "js" || feature.ends_with("-js"))
        .collect();
    let exports = exports();
    assert!(exports.len() > 2);
    assert_eq!(exports.iter().map(|(feature, _)| feature.as_str()).collect::<BTreeSet<_>>(), built);
}

#[test]
fn the_exports_of_a_module_do_not_use_those_of_another() {
    let exports = exports();
    let js = source().join("wasm");
    for (_, module) in &exports {
        let mut own = files(&js)
            .into_iter()
            .filter(|(path, _)| path.starts_with(js.join(module)) || path.ends_with(format!("wasm/{module}.rs")))
            .peekable();
        assert!(own.peek().is_some(), "{module} has no exports");
        for (path, text) in own {
            for (_, other) in exports.iter().filter(|(_, other)| other != module) {
                for path_of_other in [format!("super::{other}"), format!("wasm::{other}")] {
                    assert!(!code(&text).contains(&path_of_other), "{} names {path_of_other}", path.display());
                }
            }
        }
    }
}

#[test]
fn no_file_imports_itself_through_others() {
    let cycles = cycles();
    assert!(cycles.is_empty(), "{cycles:#?}");
}

#[test]
fn every_module_is_in_the_file_of_its_name() {
    for (path, text) in files(&source()) {
        assert!(!code(&text).contains("#[path"), "{}", path.display());
    }
}

/// Only these files create a proof of authorization: for a decision, a verified secret or the operator.
#[test]
fn proofs_of_authorization_come_from_decisions_secrets_or_the_operator() {
    let directory = source().join("directory");
    let makers = [
        ("Authorized(", "authorized.rs"),
        ("Authorized::decided()", "transaction/decisions.rs"),
        ("Authorized::operator()", "first_records.rs"),
        ("Verified {", "transaction/decisions.rs"),
        ("Verified {", "attempt.rs"),
    ];
    for (path, text) in files(&source()) {
        let code = code(&text);
        for (maker, _) in makers {
            let places = makers.iter().filter(|(other, _)| *other == maker).map(|(_, place)| directory.join(place));
            let is_its_place = places.chain([directory.join("authorized.rs")]).any(|place| place == path);
            assert!(is_its_place || !code.contains(maker), "{} authorizes by {maker}", path.display());
        }
    }
    for (maker, place) in makers {
        assert!(code(&fs::read_to_string(directory.join(place)).unwrap()).contains(maker), "{place} has no {maker}");
    }
}

/// Each function that adds a write to the commit takes a proof of authorization.
#[test]
fn every_write_needs_a_proof_of_authorization() {
    let tx = code(&fs::read_to_string(source().join("directory/transaction/writes.rs")).unwrap());
    let flat = tx.split_whitespace().collect::<Vec<_>>().join(" ");
    for method in ["put", "create", "delete", "mail"] {
        let (_, rest) = flat.split_once(&format!("pub fn {method}(&mut self, ")).unwrap();
        assert!(
            rest.starts_with("authorized: &Authorized") || rest.starts_with("_authorized: &Authorized"),
            "{method}"
        );
    }
}

/// Counters of attempts and entries of indexes are the only writes without a proof.
#[test]
fn only_attempt_counts_and_indexes_are_written_without_proof() {
    let directory = source().join("directory");
    for (path, text) in files(&source()) {
        let code = code(&text);
        for (note, place) in [("self.write_always(", "attempt.rs"), ("changes.write_always(", "transaction/writes.rs")]
        {
            assert!(!code.contains(note) || path == directory.join(place), "{} has {note}", path.display());
        }
    }
}

/// Each place that verifies a password, and what throttles it. A new one fails here until it is listed, and each listed
/// one is tried by `tests/directory/throttle.rs`, `tests/directory/antmedia.rs` or `tests/js/directory/throttle.test.mjs`.
#[test]
fn every_verification_of_a_password_is_throttled() {
    // Only `attempt.rs` requests a verification, after it counts the attempt. The compiler keeps `verify`,
    // `verify_remembered` and `peek_remembered` private to that file.
    assert_eq!(
        places_of("Ask::Verify {"),
        places(&[("directory/attempt.rs", "request_check"), ("directory/wire_format/reply.rs", "ask_to_value"),])
    );
    for own in ["fn verify(&mut self", "fn verify_remembered(&mut self", "fn peek_remembered(&mut self"] {
        let text = code(&fs::read_to_string(source().join("directory/attempt.rs")).unwrap());
        assert!(text.contains(&format!("    {own}")) && !text.contains(&format!("pub {own}")), "{own}");
    }
    // The throttles: one for each name and client, and the limits of two products.
    let throttles: Vec<String> = places_of("AttemptCounter for").into_iter().map(|(file, _)| file).collect();
    assert_eq!(
        throttles,
        ["directory/throttle.rs", "systems/antmedia/directory/attempts.rs", "systems/tyk/directory/sign_in.rs"]
    );
    assert_eq!(
        places_of(".attempt_passwords("),
        places(&[
            ("directory/attempt.rs", "attempt_hashes"),
            ("directory/throttle.rs", "verify_provisionally"),
            // Ant Media, `POST /rest/v2/users/authenticate`: its own limit.
            ("systems/antmedia/directory/passwords.rs", "verify_password"),
            // Tyk, `POST /api/login`: its own limit, where it is on.
            ("systems/tyk/directory/sign_in.rs", "verify"),
        ])
    );
    assert_eq!(places_of(".attempt_hashes("), places(&[("directory/throttle.rs", "is_used")]));
    // The throttle for each name and client.
    assert_eq!(
        places_of("Throttle::new("),
        places(&[
            // `POST /rest/v2/users/password`
            ("systems/antmedia/directory/sign_in.rs", "change_password"),
            // Basic, `POST /_open/auth`, `POST /_api/user/{user}`
            ("systems/arangodb/directory/sign_in.rs", "from_header"),
            ("systems/arangodb/directory/session_token.rs", "open_session"),
            ("systems/arangodb/directory/users.rs", "check_password"),
            // `POST /api/v1/meuse/token`
            ("systems/meuse/directory/tokens.rs", "create_token"),
            // `POST /api/login`, a known and an unknown address
            ("systems/tyk/directory/account.rs", "throttle"),
            // The header `admin-auth`
            ("systems/tyk/directory/admin.rs", "handle_request"),
            // `POST /api/users/{id}/actions/reset`; the history of passwords, wherever a new one is set
            ("systems/tyk/directory/passwords.rs", "change_password"),
            ("systems/tyk/directory/passwords.rs", "set_password"),
            // Basic, `changePasswordByUser`, `me/change-password`
            ("systems/wso2/directory/session.rs", "throttle_for"),
        ])
    );
}

/// Updates of an index need no proof, and their keys are checked.
#[test]
fn updates_without_proof_reach_only_indexes() {
    let directory = source().join("directory");
    for (path, text) in files(&source()) {
        let is_its_place = path.starts_with(directory.join("index")) || path == directory.join("transaction/writes.rs");
        for change in ["write_index(", "write_index_always(", "depend_on_index("] {
            assert!(is_its_place || !code(&text).contains(change), "{} has {change}", path.display());
        }
    }
    let tx = code(&fs::read_to_string(directory.join("transaction/writes.rs")).unwrap());
    assert_eq!(tx.matches("is_of_index(key)?;").count(), 3);
}

#[test]
fn every_rule_has_an_explanation_and_every_explanation_a_rule() {
    for name in SystemName::WORDS {
        let text = fs::read_to_string(source().join("systems").join(name).join("words.json")).unwrap();
        let words: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        let explained: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        let rules: BTreeSet<&str> = open(name, "{}").unwrap().vocabulary().rules.iter().copied().collect();
        assert_eq!(explained, rules, "{name}");
        for (rule, entry) in &words {
            let members: Vec<&String> = entry.as_object().unwrap().keys().collect();
            assert_eq!(members, ["document", "heading", "text"], "{name}: {rule}");
            let is_written =
                |member: &str| entry.get(member).and_then(|text| text.as_str()).is_some_and(|text| text.len() > 3);
            assert!(["document", "heading", "text"].into_iter().all(is_written), "{name}: {rule}");
        }
    }
}

#[test]
fn the_crate_does_not_use_the_clock_the_environment_or_random_numbers() {
    for (path, text) in files(&source()) {
        for tx in ["std::time", "std::env", "std::fs", "std::net", "getrandom::", "RandomState", "HashMap"] {
            // For native callers who pass no random bytes.
            let is_its_place = tx == "getrandom::" && path == source().join("random.rs");
            assert!(is_its_place || !code(&text).contains(tx), "{} names {tx}", path.display());
        }
    }
}
