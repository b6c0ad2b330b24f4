//! Writes the JSON Schema of each model's records into a folder: `cargo run --package schemas -- FOLDER`.

use std::path::Path;
use std::{env, fs, io};

use latchwork::{SystemName, Word};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).ok_or_else(|| io::Error::other("usage: schemas FOLDER"))?;
    fs::create_dir_all(&folder)?;
    for name in SystemName::WORDS {
        let Some(system) = SystemName::from_word(name) else { continue };
        fs::write(Path::new(&folder).join(format!("{name}.json")), indented(&system.schema()))?;
    }
    Ok(())
}

/// JSON text with a line for each member and item.
fn indented(json: &str) -> String {
    let (mut out, mut depth, mut is_string, mut is_escaped) = (String::new(), 0, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    for letter in json.chars() {
        let closes = !is_string && matches!(letter, '}' | ']');
        if closes {
            depth -= 1;
            if !out.ends_with(['{', '[']) {
                line(&mut out, depth);
            }
        } else if out.ends_with(['{', '[']) && !is_string {
            line(&mut out, depth);
        }
        out.push(letter);
        match letter {
            '"' if !is_escaped => is_string = !is_string,
            '{' | '[' if !is_string => depth += 1,
            ',' if !is_string => line(&mut out, depth),
            ':' if !is_string => out.push(' '),
            _ => {}
        }
        is_escaped = is_string && letter == '\\' && !is_escaped;
    }
    out.push('\n');
    out
}
