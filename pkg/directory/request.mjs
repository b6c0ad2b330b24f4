// @ts-check
// Copies the host's request once, so that the values that are checked are the values that are used.

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
 * Copies a `Request` of any implementation. Requests of Express or of Node's HTTP server are a `wrong_type`.
 * @param {any} request @returns {Received}
 */
export function parseRequest(request) {
  const received = readMembers(request)
  if (received === undefined) throw wrongType('the argument of `fetch`', 'a `Request`', request)
  return received
}

/** @param {any} request @returns {Received | undefined} */
function readMembers(request) {
  try {
    const { url, method, headers, body, bodyUsed, signal } = request
    if (typeof url !== 'string' || typeof method !== 'string' || typeof headers.get !== 'function') return undefined
    if (body && typeof body.getReader !== 'function') return undefined
    return { url: new URL(url), method, headers: new Headers([...headers]), body: body ?? null, bodyUsed: bodyUsed === true, signal: signal ?? undefined }
  } catch {
    // A member is missing, or its getter threw.
    return undefined
  }
}
