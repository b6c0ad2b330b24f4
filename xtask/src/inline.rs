//! Writes how each runtime imports a module: as text, or as a compiled module.

use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};

/// Writes the module as text, for runtimes that cannot load a `.wasm` file synchronously (as a module of JavaScript, and
/// for `require`), and the imports of a compiled module by Cloudflare's runtime and by those that have a query for it.
/// A file each: tools recognize the import by the name of the file that it stands for.
pub fn inline(out: &Path, name: &str) -> Result<()> {
    let wasm = fs::read(out.join(format!("{name}.wasm")))?;
    let text = encode(&wasm)?;
    fs::write(out.join(format!("{name}.inline.mjs")), format!("export default '{text}'\n"))?;
    fs::write(out.join(format!("{name}.inline.cjs")), format!("module.exports = '{text}'\n"))?;
    fs::write(out.join(format!("{name}.workerd.mjs")), format!("export {{ default }} from './{name}.wasm'\n"))?;
    fs::write(out.join(format!("{name}.edge.mjs")), format!("export {{ default }} from './{name}.wasm?module'\n"))?;
    Ok(())
}

/// The letters that stand for a byte, alone or behind a prefix: those of ASCII that no quotes and no page need to escape.
const LETTERS: std::ops::RangeInclusive<u8> = b' '..=b'z';
const ESCAPED: [u8; 6] = *b"'\"`\\$<";
/// The byte that the letter NUL would stand for; the frequent bytes get letters without a prefix.
const SHIFT: u8 = 210;
/// A letter stands for a byte that is so much larger behind each next prefix.
const PREFIXES: [u8; 4] = *b"{|}~";
const STEP: u8 = 59;

/// Bytes as text of ASCII, which `pkg/core/inline.mjs` decodes. A byte is always written the same way, by whole letters: so
/// what compresses in the module compresses in the text, which is not so in base64.
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
