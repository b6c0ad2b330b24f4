// @ts-check
// Modules of WebAssembly that lie in JavaScript as text.

import { encoder } from './utf8.mjs'

/**
 * A module that decodes what `encode` of xtask/src/inline.rs wrote, in base64: a loop of JavaScript that runs once takes ten
 * times as long. tests/js/boundary/inlined-modules.test.mjs has it as text.
 */
const DECODER = 'AGFzbQEAAAABBgFgAX8BfwMCAQAFAwEAAQcTAgZtZW1vcnkCAAZkZWNvZGUAAApWAVQBA38DQCAAIAFLBEAgAS0AACECIAFBAWohASACQfoASwRAIAEtAAAgAkH6AGtBO2xqIQIgAUEBaiEBCyADIAJB0gFqOgAAIANBAWohAwwBCwsgAws='

/**
 * The source of a module that a runtime imports as text, or compiled.
 * @param {string | WebAssembly.Module} source
 */
export const sourceOf = (source) => (typeof source === 'string' ? () => new WebAssembly.Module(bytesOf(source)) : source)

/** The bytes of a module. @param {string} text */
export function bytesOf(text) {
  const decoder = new WebAssembly.Module(Uint8Array.from(atob(DECODER), (letter) => letter.charCodeAt(0)))
  const { memory, decode } = /** @type {any} */ (new WebAssembly.Instance(decoder).exports)
  memory.grow(text.length >>> 16)
  const area = new Uint8Array(memory.buffer)
  encoder.encodeInto(text, area)
  return area.subarray(0, decode(text.length))
}
