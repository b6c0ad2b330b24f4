// @ts-check
// The one wasm instance, and what happens when it traps: it is thrown away, the call fails closed, and the
// next call gets a fresh one. State that a trap left behind is never looked at again.

import * as glue from '../wasm/latchwork.js'
import { NAME_MAX, checkString } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { ofThisRealm } from './realm.mjs'

/** Set in an answer when a handle or number fits nothing; mirrors `FOREIGN` of the core. */
export const FOREIGN = 1 << 30

/**
 * What lives now. Whoever catches a trap throws the instance away by the two assignments of `discard`,
 * written out, before anything else: at the end of the stack every call fails, that of a function too.
 */
export const living = {
  /** The exports of the instance. Numbers go in and out here without glue. @type {any} */
  exports: undefined,
  /** The doors for questions, out of `exports`: one look-up less. Ask only in the epoch of a handle. @type {any} */
  can: refuse,
  /** @type {any} */
  canId: refuse,
  /** Counts instances. A handle counts only within the instance that gave it. */
  epoch: 0,
}

/** Stands in the doors for questions until there is an instance. */
function refuse() {
  return FOREIGN
}

/** @type {(() => WebAssembly.Module) | undefined} */
let compile
/** @type {WebAssembly.Module | undefined} */
let compiled
let begun = false

let scratch = new Uint8Array(0)
let scratchStart = 0

const encoder = new TextEncoder()

/**
 * Says where the wasm comes from. It is compiled when first needed, not at import.
 * @param {() => WebAssembly.Module} source
 */
export function provide(source) {
  compile ??= source
}

/** Makes sure that there is a living instance. */
export function start() {
  if (living.exports) return
  if (!compile) {
    throw new LatchworkError('not_initialized', 'call `await init()` of `latchwork/web` before anything else')
  }
  try {
    const again = begun
    begun = true
    compiled ??= ofThisRealm(compile())
    glue.initSync({ module: compiled })
    // Whatever the start before this one came to, this instance is new.
    if (again) glue.__wbg_reset_state()
    const exports = glue.initSync()
    scratchStart = exports.scratch()
    scratch = new Uint8Array(exports.memory.buffer, scratchStart, 4 * NAME_MAX)
    living.can = exports.can
    living.canId = exports.can_id
    living.exports = exports
  } catch (cause) {
    throw new LatchworkError('internal', 'no instance could be started; the call was refused', undefined, cause)
  }
}

/** Throws the instance away. */
export function discard() {
  living.exports = undefined
  living.epoch += 1
}

/**
 * What an exception out of the instance becomes. The core throws its errors as JSON text; anything else is a
 * trap, after which the instance must be gone already.
 * @param {unknown} thrown
 */
export function refusal(thrown) {
  if (typeof thrown !== 'string') {
    return new LatchworkError('internal', 'the instance failed and was replaced; the call was refused', undefined, thrown)
  }
  const { code, message, problems } = JSON.parse(thrown)
  return new LatchworkError(code, message, problems)
}

/**
 * Runs one step on a living instance. A step throws nothing of its own.
 * @template T
 * @param {(doors: typeof glue) => T} step
 * @returns {T}
 */
export function call(step) {
  start()
  try {
    return step(glue)
  } catch (thrown) {
    if (typeof thrown !== 'string') {
      living.exports = undefined
      living.epoch += 1
    }
    throw refusal(thrown)
  }
}

/** Up to here a loop is faster than the encoder, which costs as much for one letter as for fifty. */
const LOOP_MAX = 20

/**
 * Writes a string into the scratch area; its length there, in bytes. What is as long in UTF-8 as in UTF-16 is
 * ASCII, which nearly all names are, and needs no further look.
 * @param {string} text
 */
export function write(text) {
  const length = text.length
  const scratch = area()
  if (length <= LOOP_MAX) {
    let index = 0
    for (; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit > 127) break
      scratch[index] = unit
    }
    if (index === length) return length
  }
  const { written } = encoder.encodeInto(text, scratch)
  if (written !== length || length > NAME_MAX) checkString(text, 'the string')
  return written
}

/** The scratch area, for strings and question numbers on their way in. */
export function area() {
  // When the memory grows, it takes the view away.
  if (scratch.length === 0) scratch = new Uint8Array(living.exports.memory.buffer, scratchStart, 4 * NAME_MAX)
  return scratch
}
