// @ts-check
// A request as the core reads it, and what the core answers as a response.

import { fromBase64, toBase64 } from './base64.mjs'
import { callText } from './transcript.mjs'

/**
 * The task of a request, for its answer or for the part of it that follows a key.
 * @param {Request} request
 * @param {Uint8Array} bytes
 * @param {string} client who sent it
 * @returns {(after: string | null) => string}
 */
export function taskOf({ url, method, headers }, bytes, client) {
  const { protocol, origin, pathname, search } = new URL(url)
  const secure = protocol === 'https:'
  const call = { method, path: pathname, query: search.slice(1), secure, baseUrl: origin, client, headers: [...headers], body: toBase64(bytes) }
  return (after) => callText(call, after)
}

/**
 * @param {Request} request that it answers: to HEAD without a body
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
 * The request once more, for a host that answers it instead.
 * @param {Request} request
 * @param {Uint8Array} body
 */
export function passedOn({ url, method, headers, signal }, body) {
  return new Request(url, own({ method, headers, signal, redirect: 'manual', body: body.length > 0 ? /** @type {BodyInit} */ (body) : null }))
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
