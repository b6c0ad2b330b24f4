// @ts-check
// The WebAssembly instance of the directory module.

import { LatchworkError } from '../core/error.mjs'
import { Instance } from '../core/instance.mjs'
import glue from '../wasm/directory.js'

/**
 * An instance is dropped when its memory has grown beyond this many bytes, because memory never shrinks. Exports and
 * seeds of large stores need that much.
 */
const MEMORY_MAX = 16 << 20

export const instance = new Instance(glue)

/** Sets the source of the WebAssembly module. @param {import('../core/instance.mjs').Source} source */
export function provide(source) {
  instance.provide(source)
}

/**
 * Runs a task in the core. src/directory/wire_format.rs defines its format and that of the result.
 * @param {string} system
 * @param {string} task
 * @returns {any}
 */
export function runTask(system, task) {
  const text = instance.call((glue, life) => {
    const text = glue.directory_answer(system, task)
    if (glue.exports.memory.buffer.byteLength > MEMORY_MAX) life.dead = true
    return text
  })
  if (text === '') {
    throw new LatchworkError('unknown_system', `unknown system ${JSON.stringify(system)}`)
  }
  return JSON.parse(text)
}
