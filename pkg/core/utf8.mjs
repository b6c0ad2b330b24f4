// @ts-check
// Encodes and decodes UTF-8, also where an environment of tests (jsdom) has neither `TextEncoder` nor `TextDecoder`.

/** Writes text as `TextEncoder` does, for strings without lone surrogates. */
class PlainEncoder {
  /** @param {string} text */
  encode(text) {
    const bytes = new Uint8Array(text.length * 3)
    return bytes.slice(0, this.encodeInto(text, bytes).written)
  }

  /** @param {string} text @param {Uint8Array} bytes */
  encodeInto(text, bytes) {
    let read = 0
    let written = 0
    for (const letter of text) {
      const code = /** @type {number} */ (letter.codePointAt(0))
      const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
      if (written + more >= bytes.length) break
      bytes[written] = more === 0 ? code : ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more))
      for (let left = more - 1; left >= 0; left -= 1) bytes[written + more - left] = 0x80 | ((code >> (6 * left)) & 0x3f)
      written += more + 1
      read += letter.length
    }
    return { read, written }
  }
}

/** Decodes well-formed UTF-8, which is all that a module writes. */
class PlainDecoder {
  /** @param {Uint8Array} [bytes] */
  decode(bytes = new Uint8Array(0)) {
    const letters = []
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at]
      const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
      let code = more === 0 ? first : first & (0x3f >> more)
      for (let index = 1; index <= more; index += 1) code = (code << 6) | (bytes[at + index] & 0x3f)
      letters.push(String.fromCodePoint(code))
      at += more + 1
    }
    return letters.join('')
  }
}

export const Encoder = /** @type {typeof TextEncoder} */ (typeof TextEncoder === 'function' ? TextEncoder : PlainEncoder)
export const Decoder = /** @type {typeof TextDecoder} */ (typeof TextDecoder === 'function' ? TextDecoder : PlainDecoder)

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
