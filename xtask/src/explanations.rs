//! Collects the explanations of rules, which are not in the WebAssembly modules: one file for each model, and one for
//! all.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Writes `<model>.rules.mjs` for each model, and `latchwork.rules.mjs`. Returns the names of the models.
pub fn write_explanations(root: &Path, out: &Path) -> Result<Vec<String>> {
    let mut models = Vec::new();
    for entry in fs::read_dir(root.join("src/systems"))? {
        let folder = entry?.path();
        let Ok(text) = fs::read_to_string(folder.join("words.json")) else { continue };
        let name = folder.file_name().context("a folder has a name")?.to_string_lossy().into_owned();
        let rules: serde_json::Value = serde_json::from_str(&text).with_context(|| folder.display().to_string())?;
        fs::write(out.join(format!("{name}.rules.mjs")), format!("export default {rules}\n"))?;
        models.push(name);
    }
    models.sort();
    let imports: String = models.iter().map(|name| format!("import {name} from './{name}.rules.mjs'\n")).collect();
    fs::write(out.join("latchwork.rules.mjs"), format!("{imports}export default {{ {} }}\n", models.join(", ")))?;
    Ok(models)
}
