// @ts-check
// The body of a request, bounded in size and in time.

import { LatchworkError } from '../lib/error.mjs'
import { within } from './patience.mjs'

/** The largest body, in bytes. */
const BODY_MAX = 65_536

/** How long a body may take to come, in milliseconds. */
const PATIENCE = 30_000

/**
 * The bytes of a request's body.
 * @param {Request} request
 * @returns {Promise<Uint8Array>}
 */
export async function bodyOf({ body, headers, signal }) {
  if (!body) return new Uint8Array(0)
  const reader = body.getReader()
  try {
    // What is said to be too large is not waited for.
    if (Number(headers.get('content-length')) > BODY_MAX) throw tooLarge()
    return await within(PATIENCE, () => Promise.race([read(reader), abortOf(signal)]), tooSlow)
  } catch (error) {
    // Whoever sends it need not go on.
    reader.cancel().catch(() => {})
    throw error instanceof LatchworkError ? error : new LatchworkError('bad_request', 'the body broke off', undefined, error)
  }
}

/** Rejects when the request is aborted. @param {AbortSignal | undefined} signal @returns {Promise<never>} */
function abortOf(signal) {
  return new Promise((_, reject) => {
    const abort = () => reject(new TypeError('the request was aborted'))
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
async function read(reader) {
  const chunks = []
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!(part.value instanceof Uint8Array)) throw new TypeError('a body is made of bytes')
    length += part.value.length
    // Empty chunks count too: there may be no end of them.
    if (length > BODY_MAX || chunks.push(part.value) > BODY_MAX) throw tooLarge()
  }
  const body = new Uint8Array(length)
  let start = 0
  for (const chunk of chunks) {
    body.set(chunk, start)
    start += chunk.length
  }
  return body
}

const tooLarge = () => new LatchworkError('too_large', `the body has more than ${BODY_MAX} bytes`)

const tooSlow = () => new LatchworkError('request_timeout', `the body did not come within ${PATIENCE} ms`)
