// @ts-check
// Converts a request of Node's HTTP server to a Fetch API `Request`.

/** The host of a request without a `Host` header. */
const HOST = 'localhost'

/** A segment that a URL resolves as the current or the parent folder. */
const DOTS = /^(\.|%2e){1,2}$/i

/** A host with an optional port, without credentials. */
const AUTHORITY = /^[\w.:[\]-]+$/

/** A target in absolute-form: scheme, authority, and the path with its query. */
const ABSOLUTE = /^(https?):\/\/([^/?#]*)(.*)$/is

/**
 * The `Request`; null if it cannot be represented without changing its meaning.
 * @param {import('node:http').IncomingMessage} incoming
 * @param {() => void} begin called when the body is first read
 */
export function toFetchRequest(incoming, begin) {
  const { method, url, rawHeaders } = incoming
  const target = parseTarget(incoming.headers.host ?? HOST, url ?? '')
  if (target === null) return null
  try {
    /** @type {[string, string][]} */
    const headers = []
    for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at].toLowerCase(), rawHeaders[at + 1]])
    const hosts = headers.filter(([name]) => name === 'host')
    if (hosts.length > 1) return null
    for (const host of hosts) host[1] = target.host
    const body = hasBody(incoming) && method !== 'GET' && method !== 'HEAD' ? bodyOf(incoming, begin) : null
    return new Request(target.address, /** @type {RequestInit} */ ({ method, headers, body, duplex: 'half' }))
  } catch {
    return null
  }
}

/**
 * The URL of a target in origin-form or absolute-form, percent-encoded where needed, and its host. The host of an
 * absolute-form replaces the `Host` header (RFC 9112, section 3.2.2), which must be valid nevertheless. Null for a target
 * of another form, and for one whose path a URL would resolve to another path.
 * @param {string} host
 * @param {string} target
 */
function parseTarget(host, target) {
  if (!isAuthority(host)) return null
  const absolute = ABSOLUTE.exec(target)
  if (absolute === null) return targetOf('http', host, target)
  const [, scheme, authority, path] = absolute
  return isAuthority(authority) ? targetOf(scheme.toLowerCase(), authority, path.startsWith('/') ? path : `/${path}`) : null
}

/** @param {string} scheme @param {string} host @param {string} target in origin-form */
function targetOf(scheme, host, target) {
  if (!target.startsWith('/') || target.includes('#')) return null
  const [path] = target.split('?', 1)
  if (path.includes('\\') || path.split('/').some((segment) => DOTS.test(segment))) return null
  const address = `${scheme}://${host}${target}`
  return URL.canParse(address) ? { address, host } : null
}

/** The most characters of a path in the log of a refused request. */
const PATH_MAX = 1_000

/**
 * The path of a target as sent, for the log: without credentials, query and fragment, which may contain secrets. A path
 * that is too long is cut.
 * @param {string} target
 */
export function pathOf(target) {
  const [path] = target.replace(/^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*|[^/?#]*@)/i, '').split(/[?#]/, 1)
  return path.length > PATH_MAX ? `${path.slice(0, PATH_MAX)}…` : path
}

/** @param {string} host */
function isAuthority(host) {
  return AUTHORITY.test(host) && URL.canParse(`http://${host}/`)
}

/** @param {import('node:http').IncomingMessage} incoming */
export function hasBody({ headers }) {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/**
 * The body, read on demand. Canceling it does not close the connection, because the response is not sent yet.
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
          if (!over) controller.error(new Error('the client disconnected before its request was complete'))
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
