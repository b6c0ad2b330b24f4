//! The source of the crate, for tests that compare it with a list.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the source.
pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a folder, with its text.
pub fn files(folder: &Path) -> Vec<(PathBuf, String)> {
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

/// The code of a file, without its comments and unit tests.
pub fn code(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or("");
    shipped.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Where the code of the crate has a text: the file, and the function around it.
pub fn places_of(wanted: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, text) in files(&source()) {
        let name = path.strip_prefix(source()).unwrap().to_str().unwrap().replace('\\', "/");
        if name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        let mut around = String::new();
        for line in code(&text).lines() {
            if let Some((_, rest)) = line.split_once("fn ") {
                around = rest.split(['(', '<']).next().unwrap_or("").to_owned();
            }
            if line.contains(wanted) {
                found.insert((name.clone(), around.clone()));
            }
        }
    }
    found
}

/// Converts the list of a test to the form of [`places_of`].
pub fn places(list: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    list.iter().map(|(file, function)| ((*file).to_owned(), (*function).to_owned())).collect()
}
