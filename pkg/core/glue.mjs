// @ts-check
// The calls of a module that answers questions: they pass numbers and texts, and return a number or a text.

import { NAME_MAX } from './argument.mjs'
import { encodeInto, encoder } from './utf8.mjs'

/** Bytes of the scratch area; mirrors `SCRATCH` of the core. */
export const SCRATCH = 4 * NAME_MAX

/**
 * Starts an instance of a module. src/wasm/core/calls.rs has the numbers of the calls. Errors are thrown as JSON text.
 * @param {WebAssembly.Module} module
 * @param {any} Decoder `TextDecoder`, or a replacement
 */
export default function glue(module, Decoder) {
  const exports = /** @type {any} */ (new WebAssembly.Instance(module).exports)
  const scratch = exports.scratch()

  let view = new Uint8Array(0)
  /** A view of the memory; when that grows, older views are detached. */
  const bytes = () => (view.length > 0 ? view : (view = new Uint8Array(exports.memory.buffer)))

  /** The text of the last call. @param {number} length */
  const output = (length) => {
    const start = exports.output() >>> 0
    // A new decoder each time takes no longer; in some browsers, one fails after two gigabytes.
    return new Decoder().decode(bytes().subarray(start, start + length))
  }

  /**
   * @param {number} number of the call
   * @param {number} handle
   * @param {number} other number
   * @param {...(string | Uint8Array)} texts JSON text first, or an empty string; strings, or text in UTF-8
   * @returns {number}
   */
  const call = (number, handle, other, ...texts) => {
    let most = 0
    for (const { length } of texts) most += 3 * length
    let at = scratch
    if (most > SCRATCH) {
      // Long texts are encoded first: a buffer of three bytes for each unit would take much memory.
      texts = texts.map((text) => (typeof text === 'string' ? encoder.encode(text) : text))
      most = 0
      for (const { length } of texts) most += length
      at = exports.input(most) >>> 0
    }
    const lengths = [0, 0, 0, 0]
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index]
      lengths[index] = typeof text === 'string' ? encodeInto(text, bytes(), at) : text.length
      if (typeof text !== 'string') bytes().set(text, at)
      at += lengths[index]
    }
    const answer = exports.call(number, handle, other, lengths[0], lengths[1], lengths[2], lengths[3])
    if (answer < 0) throw output(-1 - answer)
    return answer
  }

  return {
    exports,
    /** @param {string} system @param {Uint8Array} records */
    open: (system, records) => call(0, 0, 0, '', system, records),
    /** @param {number} authorizer @param {string | null} id */
    subject: (authorizer, id) => call(1, authorizer, id === null ? 0 : 1, '', id ?? ''),
    /** @param {number} authorizer @param {string} question */
    principal: (authorizer, question) => call(2, authorizer, 0, question),
    /** @param {number} subject @param {string} action @param {string} resource @param {string} details */
    decide: (subject, action, resource, details) => call(3, subject, 0, details, action, resource),
    /** @param {number} authorizer @param {string | null} id @param {string} action @param {string} resource @param {string} details */
    decideOnce: (authorizer, id, action, resource, details) => call(4, authorizer, id === null ? 0 : 1, details, id ?? '', action, resource),
    /** @param {number} authorizer @param {string} question */
    ask: (authorizer, question) => call(5, authorizer, 0, question),
    /** @param {number} subject @param {string} resource @param {string} details @returns {string[]} */
    actions: (subject, resource, details) => JSON.parse(output(call(7, subject, 0, details, resource))),
    /** @param {string} system @param {string} kind @param {string} value */
    validate: (system, kind, value) => output(call(8, 0, 0, value, system, kind)),
    /** @param {number} authorizer @param {string} kind @param {string} value */
    validateWith: (authorizer, kind, value) => output(call(9, authorizer, 0, value, kind)),
    /** @param {string} system @param {string} request */
    classify: (system, request) => output(call(10, 0, 0, request, system)),
    /** @param {string} system @returns {string[][]} */
    vocabulary: (system) => JSON.parse(output(call(11, 0, 0, '', system))),
    /** @param {number} authorizer @returns {string[][]} */
    vocabularyOf: (authorizer) => JSON.parse(output(call(12, authorizer, 0, ''))),
    /** @param {number} aspect @param {number} handle @param {string} action @param {string} resource @param {string} details */
    tell: (aspect, handle, action, resource, details) => output(call(13, handle, aspect, details, action, resource)),
  }
}
