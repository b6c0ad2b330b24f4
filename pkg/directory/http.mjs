// @ts-check
// Converts a request to the core's wire format, and the core's result to a `Response`.

import { encoder } from '../core/utf8.mjs'
import { fromBase64, toBase64 } from './base64.mjs'
import { callText } from './wire-format.mjs'

/** @typedef {import('./request.mjs').Received} Received */

/**
 * Returns a function that serializes the call: from the start, or for the part of a list that follows a key.
 * @param {Received} received
 * @param {Uint8Array | null} bytes the body; null if it is not passed to the core
 * @param {{ client: string, identity: string | null, publicUrl: string | undefined, hasUpstream: boolean }} caller
 * @returns {(after: string | null) => string}
 */
export function callSerializer({ url, method, headers }, bytes, { client, identity, publicUrl, hasUpstream }) {
  const { origin, pathname, search } = url
  const baseUrl = publicUrl ?? origin
  const secure = baseUrl.startsWith('https:') || url.protocol === 'https:'
  const body = bytes && toBase64(bytes)
  const call = { method, path: pathname, query: search.slice(1), secure, baseUrl, client, identity, headers: [...headers], body, hasUpstream }
  return (after) => callText(call, after)
}

/**
 * @param {{ method: string }} request the request that is answered; the response to HEAD has no body
 * @param {any} response as the core gives it
 * @param {(after: string) => Promise<any>} loadNextPart gives the part of a list after this key
 */
export function toResponse({ method }, response, loadNextPart) {
  const headers = new Headers(response.headers)
  // A response is valid for this moment and this caller only.
  headers.set('cache-control', 'no-store')
  headers.set('x-content-type-options', 'nosniff')
  const content = method === 'HEAD' ? null : responseBody(response, loadNextPart)
  const made = new Response(content, ownMembers({ status: response.status, headers }))
  // Browsers remove `Set-Cookie`. A page that sends requests to its own directory has to keep the cookies itself.
  if (headers.has('set-cookie') && !made.headers.has('set-cookie')) Object.defineProperty(made, 'headers', ownMembers({ value: headers }))
  return made
}

/**
 * A copy of the request for the host's `upstream`, with the body as the client sent it.
 * @param {Received} received
 * @param {Uint8Array | ReadableStream<Uint8Array> | null} body
 */
export function upstreamRequest({ url, method, headers, signal }, body) {
  const init = ownMembers({ method, headers, signal, redirect: 'manual', body, ...(body instanceof ReadableStream && { duplex: 'half' }) })
  return new Request(url, /** @type {RequestInit} */ (init))
}

/** @param {any} response @param {(after: string) => Promise<any>} loadNextPart */
function responseBody({ text, bytes, next }, loadNextPart) {
  if (bytes !== null) return fromBase64(bytes)
  if (next === null) return text
  let part = { text, next }
  let isFirst = true
  // Each part is loaded when the client reads on. A part that fails ends the stream with its error.
  async function pull(/** @type {ReadableStreamDefaultController<Uint8Array>} */ controller) {
    if (!isFirst) part = await loadNextPart(part.next)
    isFirst = false
    controller.enqueue(encoder.encode(part.text))
    if (part.next === null) controller.close()
  }
  return new ReadableStream(ownMembers({ pull }))
}

/**
 * Options that have only these members, even if `Object.prototype` was polluted.
 * @template T @param {T} members @returns {T}
 */
function ownMembers(members) {
  return Object.assign(Object.create(null), members)
}
