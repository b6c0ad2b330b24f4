// @ts-check
// The instance of the directory's module.

import { LatchworkError } from '../core/error.mjs'
import { Instance } from '../core/instance.mjs'
import glue from '../wasm/directory.js'

/**
 * An instance whose memory has grown beyond this is not kept, because memory never shrinks: whole stores and seeds
 * go through it now and then. In bytes.
 */
const MEMORY_MAX = 16 << 20

export const instance = new Instance(glue)

/** Says where the wasm comes from. @param {import('../core/instance.mjs').Source} source */
export function provide(source) {
  instance.provide(source)
}

/**
 * Runs a transcript: src/directory/transcript.rs says what stands in it, and in the answer.
 * @param {string} system
 * @param {string} transcript
 * @returns {any}
 */
export function answer(system, transcript) {
  const text = instance.call((glue, life) => {
    const text = glue.directory_answer(system, transcript)
    if (glue.exports.memory.buffer.byteLength > MEMORY_MAX) life.dead = true
    return text
  })
  if (text === '') {
    throw new LatchworkError('unknown_system', `there is no system of this name: ${JSON.stringify(system)}`)
  }
  return JSON.parse(text)
}
