// @ts-check
// A Node HTTP server for a `fetch` handler.
//
// A known adapter would be a dependency of every front end, and the requirements are narrow: targets are passed on exactly
// as sent, or refused; slow, huge or disconnected clients hold no resources; a body that is too large gets a response.

import { createServer } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { hasBody, pathOf, toFetchRequest } from './request.mjs'

/** Times in milliseconds. */
export const LIMITS = {
  /** Until the headers arrive. */
  headers: 10_000,
  /** Until the request with its body arrives. */
  request: 30_000,
  /** From the headers to the end of the response. */
  exchange: 120_000,
  /** Between two requests of one connection. */
  idle: 5_000,
  connections: 1_000,
  /** How much of an unused body is still read, so that the client can read the response. */
  rest: { bytes: 1_048_576, time: 1_000 },
  /** For running requests when the server stops. */
  stopping: 5_000,
}

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse<Incoming>} Outgoing */

/**
 * @param {(request: Request, client: string) => Promise<Response>} fetch gets each request with the address that it came from
 * @param {object} [options]
 * @param {(method: string, path: string) => Response} [options.refusal] the response to a request that is refused before `fetch`
 * @param {(method: string, path: string, status: number) => void} [options.onRefused] called for each of them, and for tunnels
 * @param {(error: unknown) => void} [options.onCut] called with the error if a response is cut short, unless the client disconnected
 * @param {typeof LIMITS} [options.limits]
 */
export function createHttpServer(fetch, { refusal = () => new Response(null, { status: 400 }), onRefused = () => {}, onCut = () => {}, limits = LIMITS } = {}) {
  /** @type {Set<Promise<void>>} */
  const running = new Set()

  const server = createServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    // By default Node checks the timeouts only every 30 seconds.
    connectionsCheckingInterval: Math.min(1_000, limits.headers),
  })
  server.maxConnections = limits.connections

  /** @param {Incoming} incoming @param {Outgoing} outgoing @param {boolean} waits for `100 Continue` before it sends its body */
  const startExchange = (incoming, outgoing, waits) => {
    const cut = setTimeout(() => incoming.socket.destroy(), limits.exchange)
    outgoing.on('close', () => clearTimeout(cut))
    // An error of a connection only ends this connection.
    for (const end of [incoming, outgoing]) end.on('error', () => {})
    const exchange = respond(incoming, outgoing, waits).catch((error) => {
      if (error?.code !== 'ERR_STREAM_PREMATURE_CLOSE') onCut(error)
      // A partial response must not look complete.
      if (outgoing.headersSent) return void outgoing.destroy()
      outgoing.statusCode = 500
      outgoing.end()
    })
    running.add(exchange)
    exchange.finally(() => running.delete(exchange))
  }

  /** @param {Incoming} incoming @param {Outgoing} outgoing @param {boolean} waits */
  async function respond(incoming, outgoing, waits) {
    let waiting = waits
    const request = toFetchRequest(incoming, () => {
      if (waiting) outgoing.writeContinue()
      waiting = false
    })
    const response = request === null ? refuse(incoming) : await fetch(request, incoming.socket.remoteAddress ?? '')
    // A client that got no `100 Continue` may send its body nevertheless, or its next request.
    if (waiting || !(await isReadToItsEnd(incoming, limits.rest))) outgoing.setHeader('connection', 'close')
    await send(response, outgoing, incoming.method === 'HEAD', () => !server.listening)
  }

  /** @param {Incoming} incoming */
  function refuse({ method = '', url = '' }) {
    const path = pathOf(url)
    const response = refusal(method, path)
    onRefused(method, path, response.status)
    return response
  }

  server.on('request', (incoming, outgoing) => startExchange(incoming, outgoing, false))
  server.on('checkContinue', (incoming, outgoing) => startExchange(incoming, outgoing, true))
  server.on('connect', (incoming, socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
    onRefused('CONNECT', pathOf(incoming.url ?? ''), 400)
  })

  return {
    server,

    /** Stops listening, gives running requests time to finish, and then closes their connections. */
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      const late = new Promise((resolve) => setTimeout(resolve, limits.stopping).unref())
      await Promise.race([Promise.all([...running]), late])
      server.closeIdleConnections()
      // The last responses may still be on their way to slow clients.
      setTimeout(() => server.closeAllConnections(), 1_000).unref()
      await closed
    },
  }
}

/**
 * Reads the rest of a request for a while; returns whether the request was read to its end.
 * @param {Incoming} incoming
 * @param {{ bytes: number, time: number }} rest
 */
async function isReadToItsEnd(incoming, { bytes, time }) {
  if (!hasBody(incoming) || incoming.readableEnded) return true
  // Removes the listeners of the body's stream, which is no longer read.
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
 * @param {() => boolean} isLast whether the connection closes after this response
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
  // For a single part Node sets the `Content-Length`.
  if (second.done) return void outgoing.end(isJson && first.value ? Buffer.concat([first.value, lineEnd(first.value)]) : first.value)
  await pipeline(async function* () {
    yield first.value
    let last = second.value
    yield last
    for await (last of { [Symbol.asyncIterator]: () => parts }) yield last
    if (isJson) yield lineEnd(last)
  }, outgoing)
}

/** JSON responses end with a line break, for output in a terminal. Other text is not changed. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i

/** A line break, unless the text ends with one. @param {Uint8Array} last */
const lineEnd = (last) => (last.length === 0 || last.at(-1) === 0x0a ? new Uint8Array(0) : Uint8Array.of(0x0a))
