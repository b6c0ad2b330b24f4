// @ts-check
// The loader for pages that count bytes: the module is a file of its own, fetched by `await init()`.

import { LatchworkError } from './lib/error.mjs'
import { provide } from './lib/instance.mjs'
import { isModule } from './lib/realm.mjs'

/** @type {Promise<void> | undefined} */
let loading

/**
 * Fetches and compiles the module. Call it once before anything else; calling it again waits for the same.
 * @param {string | URL | Response | BufferSource | WebAssembly.Module} [source] where the module is, if not beside this file
 */
export function init(source = new URL('./wasm/latchwork_bg.wasm', import.meta.url)) {
  loading ??= load(source).catch((cause) => {
    loading = undefined
    throw new LatchworkError('not_initialized', `can not load the module: ${cause?.message}`, undefined, cause)
  })
  return loading
}

/** @param {string | URL | Response | BufferSource | WebAssembly.Module} source */
async function load(source) {
  const module = isModule(source) ? source : await WebAssembly.compile(await bytesOf(source))
  provide(() => module)
}

/** @param {string | URL | Response | BufferSource} source */
async function bytesOf(source) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source
  const response = source instanceof Response ? source : await fetch(source)
  if (!response.ok) throw new Error(`${response.status} ${response.url}; ${ADVICE}`)
  const bytes = await response.arrayBuffer()
  // Servers of single-page applications answer what they do not have with their page.
  if (bytes.byteLength < 4 || new DataView(bytes).getUint32(0) !== MAGIC) throw new Error(`${response.url || 'the response'} is not a wasm file; ${ADVICE}`)
  return bytes
}

/** The first four bytes of a wasm file. */
const MAGIC = 0x00_61_73_6d

const ADVICE =
  "pass its address to `init`, or serve `latchwork_bg.wasm` where the bundler looks for it (the development server of Vite: `optimizeDeps: { exclude: ['latchwork'] }`)"

export * from './lib/index.mjs'
