// @ts-check
// Compiled modules of another realm: some runtimes import a `.wasm` file outside of the context in which they run
// the program (Next.js on its edge runtime). Such a module works, but it is not an `instanceof WebAssembly.Module` here,
// which the glue checks.

/**
 * The same module, made an `instanceof` the class of this realm.
 * @param {WebAssembly.Module} module
 */
export function ofThisRealm(module) {
  if (!(module instanceof WebAssembly.Module) && isModule(module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype)
  return module
}

/** Whether a value is a compiled module, of any realm. @param {unknown} value @returns {value is WebAssembly.Module} */
export function isModule(value) {
  if (value instanceof WebAssembly.Module) return true
  try {
    // This checks the object itself, not its prototypes, and throws for anything else.
    WebAssembly.Module.exports(/** @type {any} */ (value))
    return true
  } catch {
    return false
  }
}
