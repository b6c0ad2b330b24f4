// @ts-check
// The body of a request: decoded, and bounded in size and in time.

import { isTyped, LatchworkError } from '../core/error.mjs'
import { within } from './timeout.mjs'

/** The content encodings that are decoded, by what `DecompressionStream` calls them (RFC 9110, section 8.4.1). */
const FORMATS = /** @type {Record<string, CompressionFormat>} */ (Object.assign(Object.create(null), { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' }))

/** How much is decoded at a time, in bytes: a thousand times as much may come of it. */
const SLICE = 4_096

/** What an encoding may add to bytes that it cannot compress, at the most. @param {number} limit */
const overhead = (limit) => 1_024 + Math.ceil(limit / 1_024)

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

export class Body {
  /** The bytes as they were sent. @type {Reader | undefined} */
  #sent
  /** The same bytes, decoded. @type {Reader | undefined} */
  #decoded
  /** What was sent so far, for a host that answers the request instead. @type {Uint8Array[]} */
  #kept = []
  /** A part that is asked for. @type {Promise<ReadableStreamReadResult<Uint8Array>> | undefined} */
  #reading
  /** How much may be sent, and what waits for that and for more. */
  #mostSent = 0
  #full = deferred()
  #raised = deferred()
  #sentLength = 0
  #sentCount = 0
  /** @type {Uint8Array[]} */
  #parts = []
  #length = 0
  #count = 0
  #isWhole
  /** How many bytes are announced. */
  #announced
  #isEncoded = false
  #isPassedOn = false
  /** The part that the decoder is about to take. @type {Promise<void> | undefined} */
  #taking
  #keeps
  #time
  #aborted

  /**
   * @param {import('./request.mjs').Received} received
   * @param {{ time: number, keeps: boolean }} options `keeps` what was sent, to be passed on
   */
  constructor({ body, bodyUsed, headers, signal }, { time, keeps }) {
    this.#time = time
    this.#keeps = keeps
    this.#aborted = abortOf(signal)
    this.#announced = Number(headers.get('content-length'))
    this.#isWhole = body === null
    if (body === null) return
    if (bodyUsed) throw new LatchworkError('internal', 'the host has read the body before it called `fetch`')
    const format = formatOf(headers.get('content-encoding'))
    this.#isEncoded = format !== undefined
    this.#sent = body.getReader()
    this.#decoded = format === undefined ? this.#sent : this.#decode(format)
  }

  /**
   * The bytes of the body, decoded; null if they are more than the limit. It can be read on, up to a larger one.
   * @param {number} limit
   * @returns {Promise<Uint8Array | null>}
   */
  async read(limit) {
    try {
      const isRead = await within(this.#time, () => Promise.race([this.#readTo(limit), this.#aborted]), tooSlow(this.#time))
      return isRead ? joined(this.#parts, this.#length) : null
    } catch (error) {
      throw isTyped(error) ? error : new LatchworkError('bad_request', this.#isEncoded ? 'the body broke off, or is not in its content encoding' : 'the body broke off', undefined, error)
    }
  }

  /** The bytes as they were sent, of a body that is read to its end. */
  sent() {
    return joined(this.#kept, this.#sentLength)
  }

  /** The bytes as they were sent, of a body of which a part is read. */
  stream() {
    const reader = /** @type {Reader} */ (this.#sent)
    this.#isWhole = true
    this.#isPassedOn = true
    return new ReadableStream(
      {
        pull: async (controller) => {
          // What the decoder was about to take comes first.
          await this.#taking
          const kept = this.#kept.shift()
          if (kept) return controller.enqueue(kept)
          const part = await reader.read()
          if (part.done) controller.close()
          else controller.enqueue(part.value)
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    )
  }

  /** Lets go of what is not read: its sender need not go on. */
  cancel() {
    if (!this.#isWhole) this.#sent?.cancel().catch(() => {})
  }

  /** @param {number} limit */
  async #readTo(limit) {
    this.#mostSent = this.#isEncoded ? limit + overhead(limit) : limit
    // A body that is announced as too large is not waited for.
    if (!this.#isWhole && this.#announced > this.#mostSent) return false
    const full = deferred()
    this.#full = full
    this.#raised.resolve()
    while (!this.#isWhole) {
      // Empty parts count too: there may be no end of them.
      if (this.#length > limit || this.#count > limit || this.#hasSentTooMuch()) return false
      this.#reading ??= /** @type {Reader} */ (this.#decoded).read()
      const part = await Promise.race([this.#reading, full.promise])
      if (!part) return false
      this.#reading = undefined
      if (part.done) this.#isWhole = true
      else this.#take(part.value)
    }
    return this.#length <= limit
  }

  #hasSentTooMuch() {
    return this.#sentLength > this.#mostSent || this.#sentCount > this.#mostSent
  }

  /** @param {unknown} part */
  #take(part) {
    if (!this.#isEncoded) this.#noteSent(part)
    const bytes = /** @type {Uint8Array} */ (part)
    this.#count += 1
    this.#length += bytes.length
    if (bytes.length > 0) this.#parts.push(bytes)
  }

  /** @param {unknown} part */
  #noteSent(part) {
    if (!(part instanceof Uint8Array)) throw new TypeError('a body is made of bytes')
    this.#sentCount += 1
    this.#sentLength += part.length
    if (this.#keeps && part.length > 0) this.#kept.push(part)
  }

  /** @param {CompressionFormat} format */
  #decode(format) {
    const sent = /** @type {Reader} */ (this.#sent)
    /** @type {Uint8Array} */
    let rest = new Uint8Array(0)
    const next = (/** @type {ReadableStreamDefaultController} */ controller) => {
      controller.enqueue(rest.subarray(0, SLICE))
      rest = rest.subarray(SLICE)
    }
    const source = new ReadableStream(
      {
        // As much is taken as is decoded: a body that is not read on is not decoded on.
        pull: async (controller) => {
          while (rest.length === 0) {
            while (this.#hasSentTooMuch()) {
              this.#raised = deferred()
              this.#full.resolve()
              await this.#raised.promise
            }
            if (this.#isPassedOn) return new Promise(() => {})
            let done = false
            this.#taking = sent.read().then((part) => {
              if (part.done) return void (done = true)
              this.#noteSent(part.value)
              rest = part.value
            })
            await this.#taking
            if (done) return controller.close()
          }
          next(controller)
        },
      },
      { highWaterMark: 0 },
    )
    return source.pipeThrough(/** @type {any} */ (new DecompressionStream(format))).getReader()
  }
}

/**
 * How a body is encoded; undefined if it is not.
 * @param {string | null} header
 */
function formatOf(header) {
  const name = header?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return undefined
  const format = FORMATS[name]
  if (format === undefined) throw new LatchworkError('unsupported_encoding', 'the body has a content encoding other than gzip or deflate, or several')
  return format
}

/** Rejects when the request is aborted. @param {AbortSignal | undefined} signal @returns {Promise<never>} */
function abortOf(signal) {
  const aborted = new Promise((_, reject) => {
    const abort = () => reject(new TypeError('the request was aborted'))
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
  })
  // Nobody may be waiting for it.
  aborted.catch(() => {})
  return /** @type {Promise<never>} */ (aborted)
}

/** A promise to be resolved from outside. */
function deferred() {
  let resolve = () => {}
  /** @type {Promise<void>} */
  const promise = new Promise((done) => (resolve = done))
  return { promise, resolve }
}

/** @param {Uint8Array[]} parts @param {number} length */
function joined(parts, length) {
  const bytes = new Uint8Array(length)
  let start = 0
  for (const part of parts) {
    bytes.set(part, start)
    start += part.length
  }
  return bytes
}

/** @param {number} limit */
export const tooLarge = (limit) => new LatchworkError('too_large', `the body has more than ${limit} bytes`)

/** @param {number} time */
const tooSlow = (time) => () => new LatchworkError('request_timeout', `the body did not arrive within ${time} ms`)
