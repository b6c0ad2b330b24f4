// @ts-check
// The loader for pages that count bytes: the module is a file of its own, fetched by `await init()`.

import { provide } from './lib/instance.mjs'

/** @type {Promise<void> | undefined} */
let loading

/**
 * Fetches and compiles the module. Call it once before anything else; calling it again waits for the same.
 * @param {string | URL | Response | WebAssembly.Module} [source] where the module is, if not beside this file
 */
export function init(source = new URL('./wasm/latchwork_bg.wasm', import.meta.url)) {
  loading ??= load(source).catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

/** @param {string | URL | Response | WebAssembly.Module} source */
async function load(source) {
  if (source instanceof WebAssembly.Module) return provide(() => source)
  const response = source instanceof Response ? source : await fetch(source)
  if (!response.ok) throw new Error(`can not load the module: ${response.status} ${response.url}`)
  const module = await WebAssembly.compile(await response.arrayBuffer())
  provide(() => module)
}

export * from './lib/index.mjs'
