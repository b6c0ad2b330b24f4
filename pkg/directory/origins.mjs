// @ts-check
// Cross-site requests: which other sites may send requests (protection against CSRF), and which may read the responses
// (CORS). Clients other than browsers send neither `Origin` nor `Sec-Fetch-Site`, and are not affected.

import { itemsOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** The most origins that a host can allow. */
const ORIGINS_MAX = 1_000

/** How long a browser may cache the response to a preflight, in seconds. */
const MAX_AGE = 600

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const EXPOSED = 'ETag, Location, Content-Location, Retry-After, latchwork-guard'

/** The headers that let a page read a response. */
const READABLE = /^access-control-(allow-origin|allow-credentials|expose-headers)$/

/** A list of header names, as `Access-Control-Request-Headers` has it. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/

/** @typedef {import('./request.mjs').Received} Received */

/**
 * The origins that the host allows, each exactly as a browser sends it; undefined if the host does not set any.
 * @param {unknown} given @returns {Set<string> | undefined}
 */
export function parseOrigins(given) {
  if (given === undefined) return undefined
  const origins = itemsOf(given, '`allowedOrigins`', ORIGINS_MAX)
  for (const origin of origins) {
    if (typeof origin !== 'string') throw wrongType('an origin in `allowedOrigins`', 'a string', origin)
    if (!isOrigin(origin)) throw new LatchworkError('invalid_value', `${JSON.stringify(origin)} in \`allowedOrigins\` is not an origin: expected \`https://HOST\` or \`https://HOST:PORT\` in lower case, without a path, a default port or \`*\``)
  }
  return new Set(origins)
}

/**
 * The public base URL that the host configures, without a trailing slash.
 * @param {unknown} given @returns {string | undefined}
 */
export function parsePublicUrl(given) {
  if (given === undefined) return undefined
  if (typeof given !== 'string') throw wrongType('`publicUrl`', 'a string', given)
  if (/^https?:\/\//.test(given) && !/[?#\s\\]/.test(given) && URL.canParse(given)) {
    const { origin, pathname, username, password } = new URL(given)
    if (username === '' && password === '') return origin + pathname.replace(/\/+$/, '')
  }
  throw new LatchworkError('invalid_value', `${JSON.stringify(given)} is not a public URL: expected \`https://HOST\`, \`https://HOST:PORT\` optionally with a path, without credentials, a query or a fragment`)
}

/**
 * Whether a page of another site sent a request whose method may change something.
 * @param {Received} received @param {Set<string> | undefined} allowed @param {string | undefined} publicUrl
 */
export function isCrossSite({ url, method, headers }, allowed, publicUrl) {
  if (SAFE.includes(method)) return false
  const [origin, site] = [headers.get('origin'), headers.get('sec-fetch-site')]
  if (origin !== null && allowed?.has(origin)) return false
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  if (origin === null) return false
  if (!/^https?:/.test(origin) || !isOrigin(origin)) return true
  const { protocol, host } = new URL(origin)
  const own = [headers.get('host') ?? url.host, ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])]
  // An explicit default port is the same as no port.
  return !own.some((name) => hostOf(protocol, name) === host)
}

/**
 * The response to a preflight (Fetch, section 4.8) from an allowed origin; undefined for any other request.
 * @param {Received} received @param {Set<string> | undefined} allowed
 */
export function preflightOf({ method, headers }, allowed) {
  const origin = headers.get('origin')
  if (method !== 'OPTIONS' || origin === null || !allowed?.has(origin) || !headers.has('access-control-request-method')) return undefined
  const names = headers.get('access-control-request-headers') ?? ''
  const response = new Headers()
  response.set('access-control-allow-methods', METHODS)
  if (HEADER_NAMES.test(names)) response.set('access-control-allow-headers', names)
  response.set('access-control-max-age', String(MAX_AGE))
  response.set('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers')
  return new Response(null, Object.assign(Object.create(null), { status: 204, headers: response }))
}

/**
 * Sets the CORS headers with which only pages of allowed origins can read the response, in place of those of `upstream`.
 * @param {Received} received @param {Response} response @param {Set<string> | undefined} allowed
 */
export function withCors({ headers }, response, allowed) {
  // A page cannot read a response that switches protocols, and `Response` cannot copy it.
  if (response.status < 200) return response
  const origin = headers.get('origin')
  // The directory decides who may read the response, not the upstream behind it.
  const foreign = [...response.headers.keys()].filter((name) => READABLE.test(name))
  if (allowed === undefined && foreign.length === 0) return response
  const shared = new Headers(response.headers)
  for (const name of foreign) shared.delete(name)
  // Without the list, the response is the same for every origin.
  if (allowed !== undefined) shared.append('vary', 'Origin')
  if (origin !== null && allowed?.has(origin)) {
    shared.set('access-control-allow-origin', origin)
    // Pages of the same site may send their cookies, which are `SameSite=Strict`.
    shared.set('access-control-allow-credentials', 'true')
    shared.set('access-control-expose-headers', EXPOSED)
  }
  const { status, statusText, body } = response
  return new Response(body, Object.assign(Object.create(null), { status, statusText, headers: shared }))
}

/** Whether a text is an origin in a browser's spelling: lower case, without a path or a default port. @param {string} text */
function isOrigin(text) {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*\\]+$/.test(text) || !URL.canParse(text)) return false
  // `URL` computes no origin for the custom schemes of applications.
  return !/^https?:/.test(text) || new URL(text).origin === text
}

/** The host with its port, unless that is the default of the scheme; null if the text is not a host. @param {string} protocol @param {string} host */
function hostOf(protocol, host) {
  const address = `${protocol}//${host}`
  return /[\s/?#@\\]/.test(host) || !URL.canParse(address) ? null : new URL(address).host
}
