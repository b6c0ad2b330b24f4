// @ts-check
// Encodes and decodes UTF-8, also where an environment of tests (jsdom) has neither `TextEncoder` nor `TextDecoder`.

/** Writes text as `TextEncoder` does: the escapes of an address are bytes of UTF-8. */
class PlainEncoder {
  /** @param {string} text */
  encode(text) {
    const letters = unescape(encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')))
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  }

  /** Writes at most as much as there is room for. @param {string} text @param {Uint8Array} area */
  encodeInto(text, area) {
    const bytes = this.encode(text).subarray(0, area.length)
    area.set(bytes)
    return { written: bytes.length }
  }
}

/** Decodes well-formed UTF-8, which is all that a module writes. */
class PlainDecoder {
  /** @param {Uint8Array} [bytes] */
  decode(bytes = new Uint8Array(0)) {
    return decodeURIComponent(escape(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')))
  }
}

export const Encoder = /** @type {typeof TextEncoder} */ (/** @type {unknown} */ (typeof TextEncoder === 'function' ? TextEncoder : PlainEncoder))
export const Decoder = /** @type {typeof TextDecoder} */ (/** @type {unknown} */ (typeof TextDecoder === 'function' ? TextDecoder : PlainDecoder))

/** Shared by all files. */
export const encoder = new Encoder()

/** Up to here a loop is faster than the encoder, which costs as much for one letter as for fifty. */
const LOOP_MAX = 20

/**
 * Writes a string into bytes at an offset, and returns its length there. There must be room for three bytes for each UTF-16 unit.
 * @param {string} text
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function encodeInto(text, bytes, at) {
  const length = text.length
  if (length <= LOOP_MAX) {
    let index = 0
    for (; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit > 127) break
      bytes[at + index] = unit
    }
    if (index === length) return length
  }
  return encoder.encodeInto(text, at === 0 ? bytes : bytes.subarray(at)).written
}
