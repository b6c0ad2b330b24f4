// @ts-check
// Compiled modules of another realm: some runtimes import a `.wasm` file outside of the context in which they run
// the program (Next.js on its edge runtime). Such a module works, but it is no `instanceof WebAssembly.Module` here,
// which is what the glue checks.

/**
 * The same module, as `instanceof` of this realm knows it.
 * @param {WebAssembly.Module} module
 */
export function ofThisRealm(module) {
  if (!(module instanceof WebAssembly.Module) && isModule(module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype)
  return module
}

/** Whether a value is a compiled module, of whatever realm. @param {unknown} value @returns {value is WebAssembly.Module} */
export function isModule(value) {
  if (value instanceof WebAssembly.Module) return true
  try {
    // Looks at the object itself, not at its prototypes, and throws for all else.
    WebAssembly.Module.exports(/** @type {any} */ (value))
    return true
  } catch {
    return false
  }
}
