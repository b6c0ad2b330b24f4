// @ts-check
// A state in the fragment of a link: JSON, deflated, in base64url. Browsers do not send a fragment to a server.

import { stateFrom } from './store.mjs'

const PREFIX = '#s='
/** The largest state that a link may unfold to, in bytes. */
const UNFOLDED_MAX = 4 * 1024 * 1024

/** @param {import('./store.mjs').State} state */
export async function fragmentOf(state) {
  const bytes = await bytesThrough(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream('deflate-raw'))
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The state of a fragment; `undefined` if it holds none. @param {string} fragment */
export async function stateOfFragment(fragment) {
  if (!fragment.startsWith(PREFIX)) return undefined
  try {
    const binary = atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = await bytesThrough(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)), new DecompressionStream('deflate-raw'))
    return stateFrom(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return undefined
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} through */
async function bytesThrough(bytes, through) {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader()
  /** @type {Uint8Array[]} */
  const parts = []
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    // A short link can unfold to gigabytes.
    if (length > UNFOLDED_MAX) throw await reader.cancel(), new Error('too large')
    parts.push(part.value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
