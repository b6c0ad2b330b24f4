// @ts-check
// Bytes as text, on their way to the core and back.

/** Below the number of arguments that a function takes everywhere. */
const CHUNK = 8192

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
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
