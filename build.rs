//! Writes the table of `src/tables/letters.rs`: the lowercase letters of the standard library, in runs. The library's
//! own table is made for speed and is ten times as large.

use std::path::Path;
use std::{env, fmt, fs, io};

/// Consecutive letters, or every second of them, that have their lowercase letter at the same distance.
struct Run {
    first: u32,
    last: u32,
    every_other: bool,
    distance: i64,
}

impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, every_other, distance } = self;
        write!(out, "Run {{ first: {first}, last: {last}, every_other: {every_other}, distance: {distance} }}")
    }
}

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut runs: Vec<Run> = Vec::new();
    for letter in ('\u{80}'..=char::MAX).filter(|letter| !letter.to_lowercase().eq([*letter])) {
        let (code, small) = (u32::from(letter), letter.to_lowercase().next().unwrap_or(letter));
        let distance = i64::from(u32::from(small)).saturating_sub(i64::from(code));
        match runs.last_mut() {
            Some(run) if run.distance == distance && run.goes_on_with(code) => {
                run.every_other = code.saturating_sub(run.last) == 2;
                run.last = code;
            }
            _ => runs.push(Run { first: code, last: code, every_other: false, distance }),
        }
    }
    let runs: String = runs.iter().map(|run| format!("{run},")).collect();
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("lowercase_letters.rs"), format!("&[{runs}]"))
}

impl Run {
    fn goes_on_with(&self, code: u32) -> bool {
        let step = code.saturating_sub(self.last);
        step <= 2 && (self.first == self.last || self.every_other == (step == 2))
    }
}
