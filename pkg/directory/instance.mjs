// @ts-check
// The one instance of the directory's module, and what happens when it traps: it is thrown away, the call fails
// closed, and the next call gets a fresh one.

import * as glue from '../wasm/directory.js'
import { LatchworkError } from '../lib/error.mjs'
import { ofThisRealm } from '../lib/realm.mjs'

/**
 * An instance whose memory has grown beyond this is not kept, because memory never shrinks: whole stores and seeds
 * go through it now and then. In bytes.
 */
const MEMORY_MAX = 16 << 20

/** @type {(() => WebAssembly.Module) | undefined} */
let source
/** @type {WebAssembly.Module | undefined} */
let compiled
let lives = false
let begun = false

/** Says where the wasm comes from. It is compiled when first needed, not at import. @param {() => WebAssembly.Module} from */
export function provide(from) {
  source ??= from
}

/**
 * Runs a transcript: src/directory/transcript.rs says what stands in it, and in the answer.
 * @param {string} system
 * @param {string} transcript
 * @returns {any}
 */
export function answer(system, transcript) {
  let text
  try {
    const { memory } = start()
    text = glue.directory_answer(system, transcript)
    if (memory.buffer.byteLength > MEMORY_MAX) lives = false
  } catch (cause) {
    lives = false
    throw new LatchworkError('internal', 'the instance failed and was replaced; the call was refused', undefined, cause)
  }
  if (text === '') {
    throw new LatchworkError('unknown_system', `there is no system of this name: ${JSON.stringify(system)}`)
  }
  return JSON.parse(text)
}

function start() {
  if (!lives) {
    const again = begun
    begun = true
    compiled ??= ofThisRealm(/** @type {() => WebAssembly.Module} */ (source)())
    glue.initSync({ module: compiled })
    // Whatever the start before this one came to, this instance is new.
    if (again) glue.__wbg_reset_state()
    lives = true
  }
  return glue.initSync()
}
