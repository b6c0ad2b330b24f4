// @ts-check
// Converts bytes to base64 and back, for the wire format of the core.

/** Every engine accepts this many arguments in one call. */
const CHUNK = 8192

/** Node, Bun and Deno have it; faster than a loop. @type {typeof import('node:buffer').Buffer | undefined} */
const Buffer = globalThis.Buffer

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  if (Buffer !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  let text = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  return btoa(text)
}

/** @param {string} base64 */
export function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}
