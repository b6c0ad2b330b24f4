// @ts-check
// The one wasm instance, and what happens when it traps: it is thrown away, the call fails closed, and the
// next call gets a fresh one. State that a trap left behind is never looked at again.

import * as glue from '../wasm/latchwork.js'
import { LatchworkError } from './error.mjs'

/** The longest string of a question, in bytes of UTF-8. */
export const NAME_MAX = 4096

/** Set in an answer when a handle or number fits nothing; mirrors `FOREIGN` of the core. */
export const FOREIGN = 1 << 30

/** @type {(() => WebAssembly.Module) | undefined} */
let compile
let started = false

/**
 * The exports of the living instance. Numbers go in and out here without glue.
 * @type {any}
 */
export let exports

/** The doors for questions, each in a binding of its own: that is what an engine calls fastest. @type {any} */
export let can
/** @type {any} */
export let canId

/** Counts instances. A handle counts only within the instance that gave it. */
export let epoch = 0

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
  if (exports) return
  if (!compile) {
    throw new LatchworkError('not_initialized', 'call `await init()` of `latchwork/web` before anything else')
  }
  if (started) {
    glue.__wbg_reset_state()
  } else {
    glue.initSync({ module: compile() })
    started = true
  }
  const living = glue.initSync()
  scratchStart = living.scratch()
  scratch = new Uint8Array(living.memory.buffer, scratchStart, 4 * NAME_MAX)
  can = living.can
  canId = living.can_id
  exports = living
}

/** Stands in the hot doors while there is no living instance. */
function refuse() {
  return FOREIGN
}

/** Throws the instance away. Cheap, because it may run at the end of the stack. */
export function discard() {
  exports = undefined
  can = canId = refuse
  epoch += 1
}

/**
 * What an exception out of the instance becomes. Only errors that the core itself made leave it alive.
 * @param {unknown} thrown
 */
export function failure(thrown) {
  if (thrown instanceof LatchworkError) return thrown
  const { code, message, problems } = /** @type {any} */ (thrown ?? {})
  if (typeof code === 'string' && !(thrown instanceof Error)) return new LatchworkError(code, message, { problems })
  discard()
  return new LatchworkError('internal', 'the instance failed and was replaced; the call was refused', { cause: thrown })
}

/**
 * Runs one step on a living instance.
 * @template T
 * @param {(doors: typeof glue) => T} step
 * @returns {T}
 */
export function call(step) {
  start()
  try {
    return step(glue)
  } catch (thrown) {
    throw failure(thrown)
  }
}

/**
 * Writes a string into the scratch area; its length there, in bytes. The loop is the fast way for short
 * ASCII, which nearly all names are.
 * @param {string} text
 */
export function write(text) {
  const length = text.length
  const scratch = area()
  if (length <= 128) {
    let index = 0
    for (; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit > 127) break
      scratch[index] = unit
    }
    if (index === length) return length
  }
  checkString(text, 'the string')
  return encoder.encodeInto(text, scratch).written
}

/** The scratch area, for strings and question numbers on their way in. */
export function area() {
  // When the memory grows, it takes the view away.
  if (scratch.length === 0) scratch = new Uint8Array(exports.memory.buffer, scratchStart, 4 * NAME_MAX)
  return scratch
}

/**
 * Refuses what is no well-formed string of at most 4 KiB.
 * @param {unknown} text
 * @param {string} what
 */
export function checkString(text, what) {
  if (typeof text !== 'string') {
    throw new LatchworkError('wrong_type', `${what} must be a string, got ${text === null ? 'null' : typeof text}`)
  }
  if (!isWellFormed(text)) {
    throw new LatchworkError('malformed_string', `${what} has a lone surrogate: it is no well-formed UTF-16`)
  }
  // A UTF-16 unit takes at most three bytes.
  if (text.length > NAME_MAX || (text.length * 3 > NAME_MAX && encoder.encode(text).length > NAME_MAX)) {
    throw new LatchworkError('name_too_long', `${what} is longer than ${NAME_MAX} bytes`)
  }
}

/** @param {string} text */
export function isWellFormed(text) {
  return typeof (/** @type {any} */ (text).isWellFormed) === 'function'
    ? /** @type {any} */ (text).isWellFormed()
    : !/\p{Surrogate}/u.test(text)
}
