//! Writes how each runtime imports a module: as text, or as a compiled module.

use std::fs;
use std::path::Path;

use anyhow::Result;
use base64::Engine;

/// Writes the module as base64 text, for runtimes that cannot load a `.wasm` file synchronously (as a module of JavaScript,
/// and for `require`), and the imports of a compiled module by Cloudflare's runtime and by those that have a query for it.
/// A file each: tools recognize the import by the name of the file that it stands for.
pub fn inline(out: &Path, name: &str) -> Result<()> {
    let wasm = fs::read(out.join(format!("{name}.wasm")))?;
    let text = base64::engine::general_purpose::STANDARD.encode(wasm);
    fs::write(out.join(format!("{name}.inline.mjs")), format!("export default '{text}'\n"))?;
    fs::write(out.join(format!("{name}.inline.cjs")), format!("module.exports = '{text}'\n"))?;
    fs::write(out.join(format!("{name}.workerd.mjs")), format!("export {{ default }} from './{name}.wasm'\n"))?;
    fs::write(out.join(format!("{name}.edge.mjs")), format!("export {{ default }} from './{name}.wasm?module'\n"))?;
    Ok(())
}
