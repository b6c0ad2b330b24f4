// @ts-check
// A request as the core reads it, and what the core answers as a response.

import { fromBase64, toBase64 } from './base64.mjs'
import { callText } from './wire-format.mjs'

/** @typedef {import('./request.mjs').Received} Received */

/**
 * The text of a call, for its answer or for the part of it that follows a key.
 * @param {Received} received
 * @param {Uint8Array | null} bytes the body; null for one that is withheld
 * @param {{ client: string, identity: string | null, publicUrl: string | undefined }} caller
 * @returns {(after: string | null) => string}
 */
export function callOf({ url, method, headers }, bytes, { client, identity, publicUrl }) {
  const { origin, pathname, search } = url
  const baseUrl = publicUrl ?? origin
  const secure = baseUrl.startsWith('https:') || url.protocol === 'https:'
  const body = bytes && toBase64(bytes)
  const call = { method, path: pathname, query: search.slice(1), secure, baseUrl, client, identity, headers: [...headers], body }
  return (after) => callText(call, after)
}

/**
 * @param {{ method: string }} request that it answers: to HEAD without a body
 * @param {any} response as the core gives it
 * @param {(after: string) => Promise<any>} more gives the part of a list after this key
 */
export function responseOf({ method }, response, more) {
  const headers = new Headers(response.headers)
  // What a directory says is true now, and for whoever asked.
  headers.set('cache-control', 'no-store')
  headers.set('x-content-type-options', 'nosniff')
  const content = method === 'HEAD' ? null : contentOf(response, more)
  return new Response(content, own({ status: response.status, headers }))
}

/**
 * The request once more, for a host that answers it instead, with the body as it was sent.
 * @param {Received} received
 * @param {Uint8Array | ReadableStream<Uint8Array> | null} body
 */
export function passedOn({ url, method, headers, signal }, body) {
  const init = own({ method, headers, signal, redirect: 'manual', body, ...(body instanceof ReadableStream && { duplex: 'half' }) })
  return new Request(url, /** @type {RequestInit} */ (init))
}

/** @param {any} response @param {(after: string) => Promise<any>} more */
function contentOf({ text, bytes, next }, more) {
  if (bytes !== null) return fromBase64(bytes)
  if (next === null) return text
  const encoder = new TextEncoder()
  let part = { text, next }
  let isFirst = true
  // A part is asked for when somebody reads on. One that fails ends the stream with its error.
  async function pull(/** @type {ReadableStreamDefaultController<Uint8Array>} */ controller) {
    if (!isFirst) part = await more(part.next)
    isFirst = false
    controller.enqueue(encoder.encode(part.text))
    if (part.next === null) controller.close()
  }
  return new ReadableStream(own({ pull }))
}

/**
 * Options that have these members and no others, whatever somebody put on every object.
 * @template T @param {T} members @returns {T}
 */
function own(members) {
  return Object.assign(Object.create(null), members)
}
