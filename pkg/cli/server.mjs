// @ts-check
// A server over Node's HTTP for a function of fetch.
//
// Ours, because the known adapters would be a package that every front end installs, and because what is wanted
// here is narrow: targets are told as they were sent or refused, a client that is slow, huge or gone holds nothing,
// and a body that is too large is answered instead of cut.

import { createServer } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { hasBody, requestOf } from './request.mjs'

/** Times in milliseconds. */
export const LIMITS = {
  /** Until the headers are there. */
  headers: 10_000,
  /** Until the request is there, its body too. */
  request: 30_000,
  /** From the headers to the end of the answer. */
  exchange: 120_000,
  /** Between two requests of one connection. */
  idle: 5_000,
  connections: 1_000,
  /** What is still read of a body that nobody wants, so that the client gets to read the answer. */
  rest: { bytes: 1_048_576, time: 1_000 },
  /** For requests that are under way when the server stops. */
  stopping: 5_000,
}

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse<Incoming>} Outgoing */

/**
 * @param {(request: Request, client: string) => Promise<Response>} fetch takes with each request the address it came from
 * @param {object} [options]
 * @param {(method: string, status: number) => void} [options.onRefused] hears of requests that never came to `fetch`
 * @param {(error: unknown) => void} [options.onCut] hears why an answer was cut short, unless its reader left
 * @param {typeof LIMITS} [options.limits]
 */
export function serverOf(fetch, { onRefused = () => {}, onCut = () => {}, limits = LIMITS } = {}) {
  /** @type {Set<Promise<void>>} */
  const running = new Set()

  const server = createServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    // Node looks for those who are late every 30 seconds otherwise.
    connectionsCheckingInterval: Math.min(1_000, limits.headers),
  })
  server.maxConnections = limits.connections

  /** @param {Incoming} incoming @param {Outgoing} outgoing @param {boolean} waits for a word before it sends its body */
  const take = (incoming, outgoing, waits) => {
    const cut = setTimeout(() => incoming.socket.destroy(), limits.exchange)
    outgoing.on('close', () => clearTimeout(cut))
    // What goes wrong with a connection ends it, and that is all.
    for (const end of [incoming, outgoing]) end.on('error', () => {})
    const exchange = answer(incoming, outgoing, waits).catch((error) => {
      if (error?.code !== 'ERR_STREAM_PREMATURE_CLOSE') onCut(error)
      // Half of an answer must not look like a whole one.
      if (outgoing.headersSent) return void outgoing.destroy()
      outgoing.statusCode = 500
      outgoing.end()
    })
    running.add(exchange)
    exchange.finally(() => running.delete(exchange))
  }

  /** @param {Incoming} incoming @param {Outgoing} outgoing @param {boolean} waits */
  async function answer(incoming, outgoing, waits) {
    let waiting = waits
    const request = requestOf(incoming, () => {
      if (waiting) outgoing.writeContinue()
      waiting = false
    })
    const response = request === null ? new Response(null, { status: 400 }) : await fetch(request, incoming.socket.remoteAddress ?? '')
    if (request === null) onRefused(incoming.method ?? '', response.status)
    // A client that was not told to go on may send its body nevertheless, or its next request.
    if (waiting || !(await isReadToItsEnd(incoming, limits.rest))) outgoing.setHeader('connection', 'close')
    await send(response, outgoing, incoming.method === 'HEAD', () => !server.listening)
  }

  server.on('request', (incoming, outgoing) => take(incoming, outgoing, false))
  server.on('checkContinue', (incoming, outgoing) => take(incoming, outgoing, true))
  server.on('connect', (incoming, socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
    onRefused('CONNECT', 400)
  })

  return {
    server,

    /** Takes no more connections, lets the requests that are under way end, for a time, and cuts the others. */
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      const late = new Promise((resolve) => setTimeout(resolve, limits.stopping).unref())
      await Promise.race([Promise.all([...running]), late])
      server.closeIdleConnections()
      // The last answers are written, and may be on their way to a client that reads slowly.
      setTimeout(() => server.closeAllConnections(), 1_000).unref()
      await closed
    },
  }
}

/**
 * Whether nothing of the request is left on its connection; reads on for a while.
 * @param {Incoming} incoming
 * @param {{ bytes: number, time: number }} rest
 */
async function isReadToItsEnd(incoming, { bytes, time }) {
  if (!hasBody(incoming) || incoming.readableEnded) return true
  // Those of the body's stream, which nobody reads any more.
  incoming.removeAllListeners('data')
  return new Promise((resolve) => {
    const timer = setTimeout(done, time)
    let left = bytes
    /** @param {Buffer} part */
    function count(part) {
      left -= part.length
      if (left < 0) done()
    }
    function done() {
      clearTimeout(timer)
      incoming.off('data', count).off('end', done).off('close', done).pause()
      resolve(incoming.readableEnded)
    }
    incoming.on('data', count).on('end', done).on('close', done).resume()
  })
}

/**
 * @param {Response} response
 * @param {Outgoing} outgoing
 * @param {boolean} isHead
 * @param {() => boolean} isLast whether the connection ends with this answer
 */
async function send(response, outgoing, isHead, isLast) {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  if (isLast()) outgoing.setHeader('connection', 'close')
  if (isHead || outgoing.destroyed) await response.body?.cancel()
  if (isHead || outgoing.destroyed || response.body === null) return void outgoing.end()
  const parts = /** @type {any} */ (response.body)[Symbol.asyncIterator]()
  const first = await parts.next()
  const second = first.done ? first : await parts.next()
  const isJson = JSON_TYPE.test(response.headers.get('content-type') ?? '')
  // One part is the whole: Node says how long it is.
  if (second.done) return void outgoing.end(isJson && first.value ? Buffer.concat([first.value, lineEnd(first.value)]) : first.value)
  await pipeline(async function* () {
    yield first.value
    let last = second.value
    yield last
    for await (last of { [Symbol.asyncIterator]: () => parts }) yield last
    if (isJson) yield lineEnd(last)
  }, outgoing)
}

/** What is JSON may end with a line break, so that an answer in a terminal has a line of its own. Other text stays as it is. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i

/** The line break that the last bytes of a text lack. @param {Uint8Array} last */
const lineEnd = (last) => (last.length === 0 || last.at(-1) === 0x0a ? new Uint8Array(0) : Uint8Array.of(0x0a))
