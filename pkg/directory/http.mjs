// @ts-check
// A request as the core reads it, and what the core answers as a response.

import { fromBase64, toBase64 } from './base64.mjs'

/** The largest body, in bytes. */
const BODY_MAX = 65_536

/**
 * The bytes of a request's body; null if there are more than the limit.
 * @param {Request} request
 */
export async function bodyOf(request) {
  if (!request.body) return new Uint8Array(0)
  if (Number(request.headers.get('content-length') ?? 0) > BODY_MAX) return null
  const reader = request.body.getReader()
  const chunks = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > BODY_MAX) {
      await reader.cancel()
      return null
    }
    chunks.push(value)
  }
  const body = new Uint8Array(length)
  let start = 0
  for (const chunk of chunks) {
    body.set(chunk, start)
    start += chunk.length
  }
  return body
}

/**
 * The task of a request, as JSON.
 * @param {Request} request
 * @param {Uint8Array} body
 * @param {string | null} after where a list goes on
 */
export function taskOf(request, body, after) {
  const { protocol, pathname, search } = new URL(request.url)
  const headers = [...request.headers]
  const { method } = request
  const secure = protocol === 'https:'
  return JSON.stringify({ call: { method, path: pathname, query: search.slice(1), secure, headers, body: toBase64(body), after } })
}

/**
 * @param {any} response as the core gives it
 * @param {(after: string) => Promise<any>} more runs the call again, for the part of the list after this key
 */
export function responseOf(response, more) {
  const headers = new Headers(response.headers)
  // What a directory says is true now, and for whoever asked.
  headers.set('cache-control', 'no-store')
  headers.set('x-content-type-options', 'nosniff')
  return new Response(contentOf(response, more), { status: response.status, headers })
}

/** @param {any} response @param {(after: string) => Promise<any>} more */
function contentOf({ text, bytes, next }, more) {
  if (bytes !== null) return fromBase64(bytes)
  if (next === null) return text
  const encoder = new TextEncoder()
  let part = { text, next }
  let isFirst = true
  return new ReadableStream({
    async pull(controller) {
      if (!isFirst) part = await more(part.next)
      isFirst = false
      controller.enqueue(encoder.encode(part.text))
      if (part.next === null) controller.close()
    },
  })
}
