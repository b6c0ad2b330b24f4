// @ts-check
// The hasher in this thread: an instance of the password module, created at the first call.
//
// The memory of WebAssembly only grows, and argon2 takes 20 MiB. So an instance is held strongly for one call only, and
// then weakly: the next call reuses it if it was not garbage-collected. A call that traps drops its instance.

import { LatchworkError } from '../core/error.mjs'
import { bytesOf } from '../core/inline.mjs'
import { Decoder, encoder } from '../core/utf8.mjs'

/** Runs a call, at once or after earlier ones. @typedef {<T>(task: () => Promise<T>) => Promise<T>} Run */
/** @typedef {{ memory: WebAssembly.Memory, password_area: () => number, [name: string]: any }} Exports */

/** An import of the module's glue. No JavaScript value crosses this boundary. */
const IMPORTS = { __wbindgen_init_externref_table() {} }

/** The size of the area through which a call passes its password, followed by a salt or a stored hash. */
const AREA = 1024 + 256
const SALT_LENGTH = 16

/** Added to the number of an error in a result. */
const FAILED = 2 ** 31

/** Errors by number; mirrors `number` in src/wasm/area.rs. @type {[string, string][]} */
const ERRORS = [
  ['internal', 'the module was busy; the call was refused'],
  ['password_too_long', 'a password has at most 1024 bytes of UTF-8'],
  ['invalid_cost', 'the cost is out of bounds'],
  ['unknown_hash', 'the stored hash has an unknown form'],
  ['costly_hash', 'the stored hash exceeds the cost limits'],
  ['out_of_memory', 'there is not enough memory for this hash'],
]

const decoder = new Decoder()

/**
 * Returns a function that calls exports of a module, with an instance of its own.
 * @param {string} name of the module's files
 * @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load
 * @param {Run} [run]
 */
export function moduleCaller(name, load, run = (task) => task()) {
  /** @type {WebAssembly.Module | undefined} */
  let module
  /** @type {{ deref: () => WebAssembly.Instance | undefined } | undefined} */
  let last

  /**
   * Writes a password and the bytes after it to the area, and calls an export.
   * @template T
   * @param {string} password
   * @param {Uint8Array} suffix
   * @param {(exports: Exports, length: number) => number} invoke
   * @param {(result: number, area: Uint8Array) => T} parseResult
   * @returns {Promise<T>}
   */
  return function call(password, suffix, invoke, parseResult) {
    return run(async () => {
      module ??= await load()
      const instance = last?.deref() ?? new WebAssembly.Instance(module, { [`./${name}_bg.js`]: IMPORTS })
      last = undefined
      const exports = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports))
      const start = exports.password_area()
      const area = new Uint8Array(exports.memory.buffer, start, AREA)
      const { written } = encoder.encodeInto(password, area)
      area.set(suffix, written)
      const status = invoke(exports, written) >>> 0
      // The memory may have grown, which detaches the view.
      const result = status < FAILED ? parseResult(status, new Uint8Array(exports.memory.buffer, start, AREA)) : undefined
      // Cloudflare's runtime had no WeakRef before May 2025. There the instance is kept, because dropped instances would
      // accumulate (measured: 700 MiB).
      last = typeof WeakRef === 'function' ? new WeakRef(instance) : { deref: () => instance }
      if (result !== undefined) return result
      const [code, message] = ERRORS[status - FAILED] ?? ERRORS[0]
      throw new LatchworkError(code, message)
    })
  }
}

/**
 * @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load
 * @param {Run} [run]
 * @returns {import('./hasher.mjs').Hasher}
 */
export function hasher(load, run) {
  const call = moduleCaller('password', load, run)
  return {
    hash: (password, { memory, passes, parallelism }) =>
      call(
        password,
        // Drawn here, so that the module needs no imports, and not at import, where edge runtimes have no randomness.
        crypto.getRandomValues(new Uint8Array(SALT_LENGTH)),
        (exports, length) => exports.password_hash(length, memory, passes, parallelism),
        (result, area) => decoder.decode(area.subarray(0, result)),
      ),
    verify(password, stored) {
      const bytes = encoder.encode(stored)
      return call(password, bytes, (exports, length) => exports.password_verify(length, bytes.length), (result) => result === 1)
    },
  }
}

/** Compiles a module that is inlined as text. @param {string} text */
export function compile(text) {
  return WebAssembly.compile(bytesOf(text))
}

/**
 * Loads a module that is inlined as base64. A running service worker cannot `import()`: unless a bundler inlined that
 * import, the `.wasm` file is fetched instead.
 * @param {string} name of the module's files
 * @param {() => Promise<{ default: string }>} text
 */
export async function load(name, text) {
  try {
    return await compile((await text()).default)
  } catch (cause) {
    if (!isServiceWorker()) throw cause
    // Not a literal in `new URL`, because a bundler would copy the file.
    const path = `../wasm/${name}.wasm`
    const address = new URL(path, import.meta.url)
    const response = await fetch(address)
    if (!response.ok) throw new LatchworkError('internal', `the module could not be loaded from ${address} (${response.status})`, undefined, cause)
    return WebAssembly.compile(await response.arrayBuffer())
  }
}

function isServiceWorker() {
  const { ServiceWorkerGlobalScope } = /** @type {any} */ (globalThis)
  return typeof ServiceWorkerGlobalScope === 'function' && globalThis instanceof ServiceWorkerGlobalScope
}
