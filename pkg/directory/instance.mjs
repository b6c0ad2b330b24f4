// @ts-check
// The WebAssembly instance of the directory module.

import { LatchworkError } from '../core/error.mjs'
import { Instance } from '../core/instance.mjs'
import { encoder } from '../core/utf8.mjs'
import glue from '../wasm/directory.js'
import { DIRECTORY_SYSTEMS } from '../wasm/systems.mjs'
import { forgetText, SEPARATOR } from './wire-format.mjs'

/**
 * An instance whose memory has grown beyond this many bytes is dropped at the end of a run, because memory never shrinks.
 * Exports and seeds of large stores need that much.
 */
const MEMORY_MAX = 16 << 20

export const instance = new Instance(glue)

/** Sets the source of the WebAssembly module. @param {import('../core/instance.mjs').Source} source */
export function provide(source) {
  instance.provide(source)
}

/**
 * Runs a task in the core. src/directory/wire_format/mod.rs defines its format and that of the result.
 * @param {string} system
 * @param {string} task
 * @returns {any}
 */
export function runTask(system, task) {
  const { text, life, size } = instance.call((glue, life) => {
    const text = glue.directory_answer(system, encoder.encode(task))
    return { text, life, size: glue.exports.memory.buffer.byteLength }
  })
  if (text === '') {
    throw new LatchworkError('unknown_system', `unknown system ${JSON.stringify(system)}: expected ${DIRECTORY_SYSTEMS.join(', ')}`)
  }
  // The text of the response comes after the JSON text.
  const end = text.indexOf(SEPARATOR)
  const outcome = JSON.parse(end < 0 ? text : text.slice(0, end))
  // A run that waits for facts continues in the same memory.
  if (size > MEMORY_MAX && outcome.asks.length === 0) life.dead = true
  if (outcome.response !== null) outcome.response.text = end < 0 ? null : text.slice(end + 1)
  return outcome
}

let runs = 0

/** The number of a run, which no other run in this module has. */
export const nextRun = () => (runs += 1)

/** Makes the core drop what it keeps of a run. A new instance keeps nothing. @param {string} system @param {number} run */
export function forgetRun(system, run) {
  if (!instance.life || instance.life.dead) return
  try {
    runTask(system, forgetText(run))
  } catch {
    // The instance trapped, and its memory is released.
  }
}
