// @ts-check
// A request of Node's HTTP as one of fetch.

/** Whoever asks without a host asks this machine. */
const HOST = 'localhost'

/** A segment that an address takes for "here" or "above". */
const DOTS = /^(\.|%2e){1,2}$/i

/**
 * The request; null for one that can not be told as a request of fetch without changing what it asks.
 * @param {import('node:http').IncomingMessage} incoming
 * @param {() => void} begin called when the body is first read
 */
export function requestOf(incoming, begin) {
  const { method, url, rawHeaders } = incoming
  const address = addressOf(incoming.headers.host ?? HOST, url ?? '')
  if (address === null) return null
  try {
    /** @type {[string, string][]} */
    const headers = []
    for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at].toLowerCase(), rawHeaders[at + 1]])
    if (headers.filter(([name]) => name === 'host').length > 1) return null
    const body = hasBody(incoming) && method !== 'GET' && method !== 'HEAD' ? bodyOf(incoming, begin) : null
    return new Request(address, /** @type {RequestInit} */ ({ method, headers, body, duplex: 'half' }))
  } catch {
    return null
  }
}

/**
 * The address, whose path and query are those of the target, but for letters that an address writes as `%XX`. A
 * target of another form, or one whose path an address would resolve into another, has none.
 * @param {string} host
 * @param {string} target
 */
function addressOf(host, target) {
  if (!target.startsWith('/') || target.includes('#') || !/^[\w.:[\]-]+$/.test(host)) return null
  const [path] = target.split('?', 1)
  if (path.includes('\\') || path.split('/').some((segment) => DOTS.test(segment))) return null
  const address = `http://${host}${target}`
  return URL.canParse(address) ? address : null
}

/** @param {import('node:http').IncomingMessage} incoming */
export function hasBody({ headers }) {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/**
 * The body, read no faster than it is asked for. Whoever leaves off reading does not end the connection, on which
 * the answer has yet to go out.
 * @param {import('node:http').IncomingMessage} incoming
 * @param {() => void} begin
 */
function bodyOf(incoming, begin) {
  let over = false
  return new ReadableStream(
    {
      start(controller) {
        incoming.pause()
        incoming.on('data', (part) => {
          if (over) return
          incoming.pause()
          controller.enqueue(new Uint8Array(part))
        })
        incoming.on('end', () => {
          if (!over) controller.close()
          over = true
        })
        incoming.on('close', () => {
          if (!over) controller.error(new Error('the client left before its request was whole'))
          over = true
        })
      },
      pull() {
        begin()
        incoming.resume()
      },
      cancel() {
        over = true
      },
    },
    { highWaterMark: 0 },
  )
}
