// @ts-check
// Requests of pages: which other sites may send them (cross-site request forgery), and which may read the answers
// (CORS). Clients that are no browser send neither `Origin` nor `Sec-Fetch-Site`, and are not concerned.

import { itemsOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** The most origins that a host can allow. */
const ORIGINS_MAX = 1_000

/** How long a browser may keep the answer to a preflight, in seconds. */
const MAX_AGE = 600

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const EXPOSED = 'ETag, Location, Content-Location, Retry-After, latchwork-guard'

/** A list of header names, as `Access-Control-Request-Headers` has it. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/

/** @typedef {import('./request.mjs').Received} Received */

/**
 * The origins that a host allows, each exactly as a browser sends it; undefined where it says nothing of them.
 * @param {unknown} given @returns {Set<string> | undefined}
 */
export function originsOf(given) {
  if (given === undefined) return undefined
  const origins = itemsOf(given, '`allowedOrigins`', ORIGINS_MAX)
  for (const origin of origins) {
    if (typeof origin !== 'string') throw wrongType('an origin in `allowedOrigins`', 'a string', origin)
    if (!isOrigin(origin)) throw new LatchworkError('invalid_value', `${JSON.stringify(origin)} in \`allowedOrigins\` is not an origin: expected \`https://HOST\` or \`https://HOST:PORT\` in lower case, without a path, a default port or \`*\``)
  }
  return new Set(origins)
}

/**
 * The public base URL that a host configures, without a slash at its end.
 * @param {unknown} given @returns {string | undefined}
 */
export function publicUrlOf(given) {
  if (given === undefined) return undefined
  if (typeof given !== 'string') throw wrongType('`publicUrl`', 'a string', given)
  if (/^https?:\/\//.test(given) && !/[?#\s\\]/.test(given) && URL.canParse(given)) {
    const { origin, pathname, username, password } = new URL(given)
    if (username === '' && password === '') return origin + pathname.replace(/\/+$/, '')
  }
  throw new LatchworkError('invalid_value', `${JSON.stringify(given)} is not a public URL: expected \`https://HOST\`, \`https://HOST:PORT\` or with a path behind it, without a user, a query or a fragment`)
}

/**
 * Whether a page of another site sent a request that may change something.
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
  // A port that is the default one of the origin's scheme is no other port.
  return !own.some((name) => hostOf(protocol, name) === host)
}

/**
 * The answer to a preflight (Fetch, section 4.8) of an origin that is allowed; undefined for any other request.
 * @param {Received} received @param {Set<string> | undefined} allowed
 */
export function preflightOf({ method, headers }, allowed) {
  const origin = headers.get('origin')
  if (method !== 'OPTIONS' || origin === null || !allowed?.has(origin) || !headers.has('access-control-request-method')) return undefined
  const names = headers.get('access-control-request-headers') ?? ''
  const answer = new Headers()
  answer.set('access-control-allow-methods', METHODS)
  if (HEADER_NAMES.test(names)) answer.set('access-control-allow-headers', names)
  answer.set('access-control-max-age', String(MAX_AGE))
  answer.set('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers')
  return new Response(null, Object.assign(Object.create(null), { status: 204, headers: answer }))
}

/**
 * The response with what lets a page of an allowed origin read it, and no page of another one.
 * @param {Received} received @param {Response} response @param {Set<string> | undefined} allowed
 */
export function withCors({ headers }, response, allowed) {
  // A response that switches protocols is not a page's to read, and cannot be made anew.
  if (allowed === undefined || response.status < 200) return response
  const origin = headers.get('origin')
  const shared = new Headers(response.headers)
  // What stands in front says who may read, not what stands behind.
  for (const name of [...shared.keys()]) if (/^access-control-allow-(origin|credentials)$|^access-control-expose-headers$/.test(name)) shared.delete(name)
  shared.append('vary', 'Origin')
  if (origin !== null && allowed.has(origin)) {
    shared.set('access-control-allow-origin', origin)
    // Pages of the same site may send their cookies, which are `SameSite=Strict`.
    shared.set('access-control-allow-credentials', 'true')
    shared.set('access-control-expose-headers', EXPOSED)
  }
  const { status, statusText, body } = response
  return new Response(body, Object.assign(Object.create(null), { status, statusText, headers: shared }))
}

/** Whether a text is an origin as a browser writes it: no path, no default port, in lower case. @param {string} text */
function isOrigin(text) {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*\\]+$/.test(text) || !URL.canParse(text)) return false
  // Applications have schemes of their own, which have no origin here.
  return !/^https?:/.test(text) || new URL(text).origin === text
}

/** A host with its port, unless that is the default of the scheme; null for what is not a host. @param {string} protocol @param {string} host */
function hostOf(protocol, host) {
  const address = `${protocol}//${host}`
  return /[\s/?#@\\]/.test(host) || !URL.canParse(address) ? null : new URL(address).host
}
