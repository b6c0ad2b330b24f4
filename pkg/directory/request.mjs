// @ts-check
// A request of the host, read once: what is checked is what is used.

import { wrongType } from '../core/argument.mjs'

/**
 * @typedef {object} Received
 * @property {URL} url
 * @property {string} method
 * @property {Headers} headers a copy
 * @property {ReadableStream<Uint8Array> | null} body
 * @property {boolean} bodyUsed whether the host has read the body already
 * @property {AbortSignal | undefined} signal
 */

/**
 * What a host received. Requests of other implementations are requests too, those of Express or Node's HTTP are not.
 * @param {any} request @returns {Received}
 */
export function receivedOf(request) {
  const received = membersOf(request)
  if (received === undefined) throw wrongType('the argument of `fetch`', 'a `Request`', request)
  return received
}

/** @param {any} request @returns {Received | undefined} */
function membersOf(request) {
  try {
    const { url, method, headers, body, bodyUsed, signal } = request
    if (typeof url !== 'string' || typeof method !== 'string' || typeof headers.get !== 'function') return undefined
    if (body && typeof body.getReader !== 'function') return undefined
    return { url: new URL(url), method, headers: new Headers([...headers]), body: body ?? null, bodyUsed: bodyUsed === true, signal: signal ?? undefined }
  } catch {
    // It has no such members, or they are not its own to read.
    return undefined
  }
}
