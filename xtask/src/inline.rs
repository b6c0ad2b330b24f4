//! Writes the files through which each runtime imports a module: as text, or as a compiled module.

use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};

/// Writes one file for each way to import a module. Two have it as text, for `import` and for `require` in runtimes
/// that cannot load a `.wasm` file synchronously. Two import the compiled module: for Cloudflare's runtime, and for
/// runtimes that need `?module`. They are separate files because bundlers recognize such an import by its file name.
pub fn inline(out: &Path, name: &str) -> Result<()> {
    let wasm = fs::read(out.join(format!("{name}.wasm")))?;
    let text = encode(&wasm)?;
    fs::write(out.join(format!("{name}.inline.mjs")), format!("export default '{text}'\n"))?;
    fs::write(out.join(format!("{name}.inline.cjs")), format!("module.exports = '{text}'\n"))?;
    fs::write(out.join(format!("{name}.workerd.mjs")), format!("export {{ default }} from './{name}.wasm'\n"))?;
    fs::write(out.join(format!("{name}.edge.mjs")), format!("export {{ default }} from './{name}.wasm?module'\n"))?;
    Ok(())
}

/// The characters that encode a byte, alone or after a prefix. Neither a string literal nor an HTML page has to escape
/// them.
const LETTERS: std::ops::RangeInclusive<u8> = b' '..=b'z';
const ESCAPED: [u8; 6] = *b"'\"`\\$<";
/// Added to a character to get its byte, so that frequent bytes need no prefix.
const SHIFT: u8 = 210;
/// Each prefix adds `STEP` more than the previous one.
const PREFIXES: [u8; 4] = *b"{|}~";
const STEP: u8 = 59;

/// Encodes bytes as ASCII text, which `pkg/core/inline.mjs` decodes. A byte always has the same one or two characters.
/// So, unlike base64, the text compresses as well as the module.
fn encode(bytes: &[u8]) -> Result<String> {
    let mut codes = vec![String::new(); 256];
    let alone = (String::new(), SHIFT);
    let prefixed = (1..)
        .zip(PREFIXES)
        .map(|(step, prefix)| (char::from(prefix).to_string(), SHIFT.wrapping_add(STEP.wrapping_mul(step))));
    for (prefix, shift) in std::iter::once(alone).chain(prefixed) {
        for letter in LETTERS.filter(|letter| !ESCAPED.contains(letter)) {
            let code = codes.get_mut(usize::from(letter.wrapping_add(shift))).context("there are 256 bytes")?;
            if code.is_empty() {
                *code = format!("{prefix}{}", char::from(letter));
            }
        }
    }
    ensure!(codes.iter().all(|code| !code.is_empty()), "a byte has no letter");
    Ok(bytes.iter().filter_map(|byte| codes.get(usize::from(*byte))).map(String::as_str).collect())
}
