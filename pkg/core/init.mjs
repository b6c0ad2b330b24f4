// @ts-check
// Loads a module that is a file of its own, for pages that count bytes.

import { LatchworkError } from './error.mjs'
import { isModule } from './realm.mjs'

/** The location of a module. @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Place */

/**
 * The `init` of an entry: fetches and compiles its module once.
 * @param {import('./instance.mjs').Instance} instance
 * @param {string} file its name
 * @param {() => URL} beside its address beside the entry
 */
export function initOf(instance, file, beside) {
  /** @type {Promise<void> | undefined} */
  let loading
  /** @param {Place} [place] where the module is, if not beside the entry */
  return function init(place) {
    loading ??= load(place).catch((cause) => {
      loading = undefined
      throw new LatchworkError('not_initialized', `can not load the module: ${cause?.message}`, undefined, cause)
    })
    return loading
  }

  /** @param {Place | undefined} place */
  async function load(place) {
    instance.provide(await compiledFrom(place ?? beside(), adviceFor(file)))
  }
}

/** @param {Place} place @param {string} advice */
export async function compiledFrom(place, advice) {
  return isModule(place) ? place : WebAssembly.compile(await bytesOf(place, advice))
}

/** @param {string | URL | Response | BufferSource} place @param {string} advice */
async function bytesOf(place, advice) {
  if (place instanceof ArrayBuffer || ArrayBuffer.isView(place)) return place
  const response = place instanceof Response ? place : await fetch(place)
  if (!response.ok) throw new Error(`${response.status} ${response.url}; ${advice}`)
  const bytes = await response.arrayBuffer()
  // Servers of single-page applications send their page for paths that do not exist.
  if (bytes.byteLength < 4 || new DataView(bytes).getUint32(0) !== MAGIC) throw new Error(`${response.url || 'the response'} is not a wasm file; ${advice}`)
  return bytes
}

/** The first four bytes of a wasm file. */
const MAGIC = 0x00_61_73_6d

/** What to do if a bundler does not include the file. @param {string} file */
export const adviceFor = (file) =>
  `pass its address to \`init\`, or serve \`${file}\` where the bundler looks for it (the development server of Vite: \`optimizeDeps: { exclude: ['latchwork'] }\`)`
