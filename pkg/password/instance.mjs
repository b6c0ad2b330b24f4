// @ts-check
// The hasher in this thread: an instance of the password module, made when there is something to hash.
//
// Memory of wasm only grows, and argon2 takes 20 MiB, so an instance is held for one call, and afterwards only
// as long as nobody wants its memory: the next call takes it again if the garbage collector has not. A call
// that comes to no end leaves no instance behind.

import { LatchworkError } from '../core/error.mjs'
import { bytesOf } from '../core/instance.mjs'
import { Decoder, encoder } from '../core/utf8.mjs'

/** Runs a call, now or when its turn has come. @typedef {<T>(act: () => Promise<T>) => Promise<T>} Run */
/** @typedef {{ memory: WebAssembly.Memory, password_area: () => number, [door: string]: any }} Doors */

/** Imported for values of JavaScript, of which none crosses this border. */
const IMPORTS = { __wbindgen_init_externref_table() {} }

/** Bytes of the area in which text crosses: a password, and behind it a salt or a stored hash. */
const AREA = 1024 + 256
const SALT_LENGTH = 16

/** Beside an error's number in an answer. */
const FAILED = 2 ** 31

/** By number; mirrors `number` in src/js/area.rs. @type {[string, string][]} */
const ERRORS = [
  ['internal', 'the module was busy; the call was refused'],
  ['password_too_long', 'a password has at most 1024 bytes of UTF-8'],
  ['invalid_cost', 'the cost is out of bounds'],
  ['unknown_hash', 'the stored hash has none of the forms that are read here'],
  ['costly_hash', 'the stored hash costs more than is allowed'],
  ['out_of_memory', 'there is not enough memory for this hash'],
]

const decoder = new Decoder()

/**
 * Runs calls on instances of a module.
 * @param {string} name of the module's files
 * @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load
 * @param {Run} [run]
 */
export function instances(name, load, run = (act) => act()) {
  /** @type {WebAssembly.Module | undefined} */
  let module
  /** @type {{ deref: () => WebAssembly.Instance | undefined } | undefined} */
  let last

  /**
   * Leaves a password and what stands behind it in the area, and calls a door.
   * @template T
   * @param {string} password
   * @param {Uint8Array} behind
   * @param {(doors: Doors, length: number) => number} step
   * @param {(answer: number, area: Uint8Array) => T} read
   * @returns {Promise<T>}
   */
  return function call(password, behind, step, read) {
    return run(async () => {
      module ??= await load()
      const instance = last?.deref() ?? new WebAssembly.Instance(module, { [`./${name}_bg.js`]: IMPORTS })
      last = undefined
      const doors = /** @type {Doors} */ (/** @type {unknown} */ (instance.exports))
      const start = doors.password_area()
      const area = new Uint8Array(doors.memory.buffer, start, AREA)
      const { written } = encoder.encodeInto(password, area)
      area.set(behind, written)
      const answer = step(doors, written) >>> 0
      // The memory grew meanwhile, which took the view away.
      const result = answer < FAILED ? read(answer, new Uint8Array(doors.memory.buffer, start, AREA)) : undefined
      // Cloudflare's runtime as of before May 2025 has none. It would let dropped instances pile up (measured: 700
      // MiB of them), so there the one is kept.
      last = typeof WeakRef === 'function' ? new WeakRef(instance) : { deref: () => instance }
      if (result !== undefined) return result
      const [code, message] = ERRORS[answer - FAILED] ?? ERRORS[0]
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
  const call = instances('password', load, run)
  return {
    hash: (password, { memory, passes, parallelism }) =>
      call(
        password,
        // Drawn here and not by the module, which then needs nothing of its host; never at import, where edge
        // runtimes have no randomness.
        crypto.getRandomValues(new Uint8Array(SALT_LENGTH)),
        (doors, length) => doors.password_hash(length, memory, passes, parallelism),
        (answer, area) => decoder.decode(area.subarray(0, answer)),
      ),
    verify(password, stored) {
      const bytes = encoder.encode(stored)
      return call(password, bytes, (doors, length) => doors.password_verify(length, bytes.length), (answer) => answer === 1)
    },
  }
}

/** Compiles a module that lies in JavaScript as text. @param {string} base64 */
export function compile(base64) {
  return WebAssembly.compile(bytesOf(base64))
}

/**
 * Loads a module that lies in JavaScript as text. A service worker must not import anything once it runs, so there the file of
 * WebAssembly is fetched, unless a bundler put the text beside this code.
 * @param {string} name of the module's files
 * @param {() => Promise<{ default: string }>} text
 */
export async function load(name, text) {
  try {
    return await compile((await text()).default)
  } catch (cause) {
    if (!isServiceWorker()) throw cause
    // A bundler would copy a file that is named in place.
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
