// @ts-check
// Reads and decodes the body of a request, with limits of size and time.

import { isTyped, LatchworkError } from '../core/error.mjs'
import { withTimeout } from './timeout.mjs'

/** The supported content encodings (RFC 9110, section 8.4.1), with their names for `DecompressionStream`. */
const FORMATS = /** @type {Record<string, CompressionFormat>} */ (Object.assign(Object.create(null), { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' }))

/** How many bytes are decoded at a time. Decoding can expand them a thousandfold. */
const SLICE = 4_096

/** The most bytes that an encoding can add to incompressible data. @param {number} limit */
const overhead = (limit) => 1_024 + Math.ceil(limit / 1_024)

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

export class Body {
  /** Reads the bytes as the client sent them. @type {Reader | undefined} */
  #sent
  /** Reads the decoded bytes. @type {Reader | undefined} */
  #decoded
  /** The parts that were sent so far, kept for `upstream`. @type {Uint8Array[]} */
  #keptParts = []
  /** The pending read. @type {Promise<ReadableStreamReadResult<Uint8Array>> | undefined} */
  #reading
  /** How many bytes may be sent; one promise resolves when they are, the other when the limit is raised. */
  #mostSent = 0
  #full = deferred()
  #limitRaised = deferred()
  #sentLength = 0
  #sentCount = 0
  /** @type {Uint8Array[]} */
  #parts = []
  #length = 0
  #count = 0
  #isWhole
  /** The `Content-Length`. */
  #announced
  #isEncoded = false
  #isPassedOn = false
  /** The read of the decoder that is in progress. @type {Promise<void> | undefined} */
  #taking
  #keeps
  #time
  /** Rejects when the request is aborted. @type {Promise<never> | undefined} */
  #aborted

  /**
   * @param {import('./request.mjs').Received} received
   * @param {{ time: number, keeps: boolean }} options `keeps`: whether the sent bytes are kept for `upstream`
   */
  constructor({ body, bodyUsed, headers, signal }, { time, keeps }) {
    this.#time = time
    this.#keeps = keeps
    this.#announced = Number(headers.get('content-length'))
    this.#isWhole = body === null
    if (body === null) return
    this.#aborted = rejectOnAbort(signal)
    if (bodyUsed) throw new LatchworkError('internal', 'the host has read the body before it called `fetch`')
    const format = parseEncoding(headers.get('content-encoding'))
    this.#isEncoded = format !== undefined
    this.#sent = body.getReader()
    this.#decoded = format === undefined ? this.#sent : this.#decode(format)
  }

  /**
   * Reads and decodes the body; null if it exceeds the limit. A further call with a larger limit continues the read.
   * @param {number} limit
   * @returns {Promise<Uint8Array | null>}
   */
  async readBytes(limit) {
    if (this.#sent === undefined) return new Uint8Array(0)
    try {
      const isRead = await withTimeout(this.#time, () => Promise.race([this.#readTo(limit), /** @type {Promise<never>} */ (this.#aborted)]), timeoutError(this.#time))
      return isRead ? concatenate(this.#parts, this.#length) : null
    } catch (error) {
      throw isTyped(error) ? error : new LatchworkError('bad_request', this.#isEncoded ? 'the body ended early, or does not match its content encoding' : 'the body ended early', undefined, error)
    }
  }

  /** The bytes as the client sent them, after the whole body was read. */
  sent() {
    return concatenate(this.#keptParts, this.#sentLength)
  }

  /** A stream of the bytes as the client sent them, after a part of the body was read. */
  stream() {
    const reader = /** @type {Reader} */ (this.#sent)
    this.#isWhole = true
    this.#isPassedOn = true
    return new ReadableStream(
      {
        pull: async (controller) => {
          // A read of the decoder that is in progress comes first.
          await this.#taking
          const kept = this.#keptParts.shift()
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

  /** Cancels the rest of a body that is not read to its end, so that the client can stop sending. */
  cancel() {
    if (!this.#isWhole) this.#sent?.cancel().catch(() => {})
  }

  /** @param {number} limit */
  async #readTo(limit) {
    this.#mostSent = this.#isEncoded ? limit + overhead(limit) : limit
    // A `Content-Length` above the limit is refused at once.
    if (!this.#isWhole && this.#announced > this.#mostSent) return false
    const full = deferred()
    this.#full = full
    this.#limitRaised.resolve()
    while (!this.#isWhole) {
      // Empty parts count too: a client could send them without end.
      if (this.#length > limit || this.#count > limit || this.#hasSentTooMuch()) return false
      this.#reading ??= /** @type {Reader} */ (this.#decoded).read()
      const part = await Promise.race([this.#reading, full.promise])
      if (!part) return false
      this.#reading = undefined
      if (part.done) this.#isWhole = true
      else this.#addPart(part.value)
    }
    return this.#length <= limit
  }

  #hasSentTooMuch() {
    return this.#sentLength > this.#mostSent || this.#sentCount > this.#mostSent
  }

  /** @param {unknown} part */
  #addPart(part) {
    if (!this.#isEncoded) this.#countSent(part)
    const bytes = /** @type {Uint8Array} */ (part)
    this.#count += 1
    this.#length += bytes.length
    if (bytes.length > 0) this.#parts.push(bytes)
  }

  /** @param {unknown} part */
  #countSent(part) {
    if (!(part instanceof Uint8Array)) throw new TypeError('expected a body of bytes')
    this.#sentCount += 1
    this.#sentLength += part.length
    if (this.#keeps && part.length > 0) this.#keptParts.push(part)
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
        // The decoder reads on demand only: a body that is not read is not decoded.
        pull: async (controller) => {
          while (rest.length === 0) {
            while (this.#hasSentTooMuch()) {
              this.#limitRaised = deferred()
              this.#full.resolve()
              await this.#limitRaised.promise
            }
            if (this.#isPassedOn) return new Promise(() => {})
            let done = false
            this.#taking = sent.read().then((part) => {
              if (part.done) return void (done = true)
              this.#countSent(part.value)
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
 * The encoding of a body; undefined if it has none.
 * @param {string | null} header
 */
function parseEncoding(header) {
  const name = header?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return undefined
  const format = FORMATS[name]
  if (format === undefined) throw new LatchworkError('unsupported_encoding', 'unsupported content encoding: expected gzip or deflate, and only one')
  return format
}

/** Rejects when the request is aborted. @param {AbortSignal | undefined} signal @returns {Promise<never>} */
function rejectOnAbort(signal) {
  const aborted = new Promise((_, reject) => {
    const abort = () => reject(new TypeError('the request was aborted'))
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
  })
  // A rejection that is not awaited must not end the process.
  aborted.catch(() => {})
  return /** @type {Promise<never>} */ (aborted)
}

/** A promise with its `resolve` function. */
function deferred() {
  let resolve = () => {}
  /** @type {Promise<void>} */
  const promise = new Promise((done) => (resolve = done))
  return { promise, resolve }
}

/** @param {Uint8Array[]} parts @param {number} length */
function concatenate(parts, length) {
  const bytes = new Uint8Array(length)
  let start = 0
  for (const part of parts) {
    bytes.set(part, start)
    start += part.length
  }
  return bytes
}

/** @param {number} limit */
export const tooLargeError = (limit) => new LatchworkError('too_large', `the body has more than ${limit} bytes`)

/** @param {number} time */
const timeoutError = (time) => () => new LatchworkError('request_timeout', `the body did not arrive within ${time} ms`)
