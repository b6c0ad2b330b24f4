// @ts-check
// Every route of the products, and every kind of broken input: the response is the documented one or a refusal in the
// product's own form, never a failure. A refused request changes nothing in the store, byte for byte.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { before, test } from 'node:test'
import { requestOf } from '../support/case-request.mjs'
import { assertRefused, basic, directoryOf, headersOf, isRefusal, records, SECRET, seededForRoutes, systems } from '../support/directory/products.mjs'
import { routes, takesMore } from '../support/directory/routes.mjs'

const encode = (/** @type {any} */ value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** @param {any} claims @param {{ secret?: string, header?: any }} [made] */
function jwt(claims, { secret = SECRET, header = { alg: 'HS256', typ: 'JWT' } } = {}) {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

const good = { iss: 'arangodb', preferred_username: 'root', exp: 4e9 }
const unsigned = `${encode({ alg: 'none' })}.${encode(good)}`

/** @param {string} cookie */
const cookie = (cookie) => ({ cookie })

/** None of these credentials is valid. @type {Record<string, import('../support/directory/products.mjs').Credential | undefined>} */
const brokenCredentials = {
  'no header': undefined,
  empty: '',
  'a scheme alone': 'Basic',
  'Basic without a colon': basic('root'),
  'Basic that is no base64': 'Basic %%%=',
  'Basic without its padding': basic('root:rootpass').replace(/=*$/, '') + '=x',
  'Basic that is no UTF-8': `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x78]).toString('base64')}`,
  'Basic with an empty name and password': basic(':'),
  'Basic with a NUL': basic('root\0:rootpass'),
  'Basic in other letters': basic('ROOT:rootpass'),
  'Basic with a wrong password': basic('root:rootpas'),
  'Basic with a blank too many': basic('root:rootpass '),
  'Basic of an unknown user': basic('nobody:rootpass'),
  'Basic with a very long password': basic(`root:${'x'.repeat(2_000)}`),
  'Basic with a very long name': basic(`${'x'.repeat(40_000)}:x`),
  'Basic twice': `${basic('root:rootpass')}, ${basic('root:rootpass')}`,
  'Basic of an object member': basic('__proto__:x'),
  'Bearer alone': 'Bearer',
  'Bearer with garbage': 'Bearer x.y.z',
  'Bearer with dots': 'Bearer ..',
  'Bearer with algorithm none': `Bearer ${unsigned}.`,
  'Bearer with algorithm none, signed': `Bearer ${jwt(good, { header: { alg: 'none' } })}`,
  'Bearer of another algorithm': `Bearer ${jwt(good, { header: { alg: 'HS512' } })}`,
  'Bearer without an algorithm': `Bearer ${jwt(good, { header: {} })}`,
  'Bearer that expired': `Bearer ${jwt({ ...good, exp: 1 })}`,
  'Bearer with an end that is no number': `Bearer ${jwt({ ...good, exp: 'never' })}`,
  'Bearer under another secret': `Bearer ${jwt(good, { secret: 'another secret of 32 bytes or more' })}`,
  'Bearer of another issuer': `Bearer ${jwt({ ...good, iss: 'elsewhere' })}`,
  'Bearer of an unknown user': `Bearer ${jwt({ ...good, preferred_username: 'nobody' })}`,
  'Bearer of a list': `Bearer ${jwt([good])}`,
  'Bearer whose name is no text': `Bearer ${jwt({ ...good, preferred_username: ['root'] })}`,
  'Bearer that is very long': `Bearer ${'x'.repeat(60_000)}`,
  Digest: 'Digest username="root", realm="x", nonce="x", uri="/", response="x"',
  Bootstrap: 'Bootstrap 00',
  Negotiate: 'Negotiate abc=',
  'a token cut off': 'r'.repeat(24),
  'a token of other secret': `${'r'.repeat(24)}${'x'.repeat(44)}`,
  'a token too long': 'r'.repeat(69),
  'a token behind Bearer': `Bearer ${'r'.repeat(68)}`,
  'an unknown token': 'q'.repeat(68),
  'letters beyond ASCII': 'é'.repeat(68),
  'the secret of the admin API cut off': { 'admin-auth': records.tyk.config.admin_secret.slice(1) },
  'an empty secret of the admin API': { 'admin-auth': '' },
  ...Object.fromEntries(['JSESSIONID', 'authorisation'].flatMap((name) => Object.entries({
    'no value': `${name}=`,
    'no sign': name,
    'an id alone': `${name}=${'0'.repeat(36)}`,
    'an id and no secret': `${name}=${'0'.repeat(36)}.`,
    'of no session': `${name}=${'0'.repeat(36)}.${'x'.repeat(43)}`,
    'of an object member': `${name}=__proto__.constructor`,
    'no UTF-8': `${name}=\xff\xfe.\xff`,
    'very long': `${name}=${'x'.repeat(60_000)}`,
    'a thousand': `${name}=x;`.repeat(1_000),
    'a path in it': `${name}=../user/root`,
  }).map(([what, text]) => [`the cookie ${name}: ${what}`, cookie(text)]))),
}

/** A session's cookie, bent. @param {string} text @returns {Record<string, import('../support/directory/products.mjs').Credential>} */
function bentCookie(text) {
  const [name, token] = text.split('=')
  return {
    'its last letter': cookie(`${name}=${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`),
    'cut off': cookie(`${name}=${token.slice(0, -1)}`),
    'one letter more': cookie(`${name}=${token}A`),
    'in quotes': cookie(`${name}="${token}"`),
    'in other letters': cookie(`${name}=${token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase()}`),
    'another name': cookie(`${name.toLowerCase() === name ? name.toUpperCase() : name.toLowerCase()}=${token}`),
    'behind a wrong one': cookie(`${name}=x; ${name}=${token}`),
    'in the header of keys': { authorization: token },
    'behind Bearer': { authorization: `Bearer ${token}` },
    'behind a wrong key': { authorization: 'x', ...(name === 'authorisation' && cookie(`${name}=${token}`)) },
  }
}

const deep = (/** @type {number} */ levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** Bodies in the place of the right one. @type {Record<string, { body?: any, type?: string }>} */
const bodies = {
  'no body': {},
  'an empty body': { body: '' },
  'a word': { body: 'nonsense' },
  'half an object': { body: '{"user":' },
  'an object and more': { body: '{} {}' },
  null: { body: 'null' },
  'a list': { body: '[]' },
  'a text': { body: '"x"' },
  'a number': { body: '1e999' },
  'an empty object': { body: '{}' },
  'no UTF-8': { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
  'UTF-16': { body: new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]) },
  'a lone surrogate': { body: '{"user":"\\ud800","name":"\\ud800"}' },
  '33 levels': { body: deep(33) },
  '3,500 levels': { body: deep(3_500) },
  'members of every object': { body: '{"__proto__":{"active":true},"constructor":1}' },
  '65,537 bytes': { body: `{"x":"${'x'.repeat(65_529)}"}` },
  'zero bytes': { body: new Uint8Array(64) },
  'lengths that lie': { body: new Uint8Array([0xff, 0xff, 0xff, 0xff, 1, 2, 3]) },
}

/** The right body with one member of another form. @param {any} body @returns {[string, any][]} */
function twisted(body) {
  if (body === undefined || body instanceof Uint8Array) return []
  return Object.keys(body).flatMap((name) => [
    ...[null, 5, -1, 1.5, true, '', [], {}, 'x'.repeat(5_000), '\0', '\u202e', ['x'], { a: [] }].map((value) => /** @type {[string, any]} */ ([`${name}: ${JSON.stringify(value).slice(0, 20)}`, JSON.stringify({ ...body, [name]: value })])),
    [`${name} twice`, `${JSON.stringify(body).slice(0, -1)},${JSON.stringify({ [name]: body[name] }).slice(1)}`],
    [`without ${name}`, JSON.stringify({ ...body, [name]: undefined })],
    [`${name} and one unknown`, JSON.stringify({ ...body, nobody: 1, [`${name}/x`]: 1 })],
  ])
}

/** The path, bent. @param {string} path @returns {string[]} */
function bent(path) {
  const [bare] = path.split('?')
  const parts = bare.split('/')
  const last = (/** @type {string} */ name) => [...parts.slice(0, -1), name].join('/')
  const tricks = ['%', '%2', '%zz', '%ff', '%00', '%2F', '%252F', '%2e%2e', '..', '.', '%20', '%C3%A9', '%F0%9F%98%80', '*', '__proto__', '%0d%0aX:1', 'x'.repeat(257), '%2F'.repeat(6_000), 'x'.repeat(20_000)]
  return [...tricks.map(last), ...tricks.map((trick) => parts.map((part) => (['ann', 'latch', 'team', 'GROUP'].includes(part) ? trick : part)).join('/')), `${bare}/`, `${bare}//`, `/${bare}`, `${bare}/x/y/z/w/v`, `${bare}?%zz=%&=&&a=%ff`, bare.toUpperCase(), bare.replaceAll('/', '//'), `/_db/${'x'.repeat(300)}${bare}`, `/_db/%00${bare}`, `/_db${bare}`]
}

/** Query parameters that routes read, with invalid values. */
const QUERIES = [
  ...['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes', 'p', 'q', 'user', 'full', '_path'].flatMap((name) =>
    ['', '%00', '-1', '1e9', '99999999999999999999', '1.5', '%ff', '__proto__', '..%2F..', `x&${name}=y`, 'x'.repeat(10_000)].map((value) => `${name}=${value}`),
  ),
  ...['(', 'userName', 'userName eq', 'userName eq "', 'userName eq "x" and', 'nobody eq 1', 'password sw "$"', 'not (', `${'('.repeat(3_000)}id pr${')'.repeat(3_000)}`, `${'not ('.repeat(1_000)}id pr${')'.repeat(1_000)}`, Array(2_000).fill('id pr').join(' or '), 'emails[type eq', 'emails[type eq "x"]]', 'id eq "\\ud800"', 'id eq {}'].map((filter) => `filter=${encodeURIComponent(filter)}`),
]

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'PROPFIND', 'X'.repeat(300)]

/** The failures that the products document. @param {string} system @param {{ method: string, path: string, status: number }} answer */
function isDocumented(system, { method, path, status }) {
  // RFC 7644, 3.7: a server without bulk operations responds with 501; the product does the same for sorting.
  if (system === 'wso2') return /^\/scim2\/Bulk|[?&]sort(By|Order)=/.test(path) && status === 501
  // Tyk dashboard admin swagger, `POST /admin/users`: 500 for an empty body.
  return system === 'tyk' && method === 'POST' && path === '/admin/users' && status === 500
}

/** What a refusal may write: failed attempts to sign in are counted. @param {import('../support/directory/faulty-store.mjs').FaultyStore} store */
const besidesAttempts = (store) => JSON.stringify([...store.entries].filter(([key]) => !/^(attempts|brake)/.test(key)).sort())

/** Where a wrong password may be what is refused, by its path; what else is refused writes nothing at all. @type {Record<string, RegExp>} */
const tried = { arangodb: /_api\/user\/|_open/, meuse: /token/, tyk: /\/actions\/reset/, wso2: /change-?password/i, antmedia: /authenticate|users\/password/ }

for (const system of systems) {
  /** @type {import('../support/directory/faulty-store.mjs').FaultyStore} */
  let store
  /** The credential for each kind of route. @type {Record<string, import('../support/directory/products.mjs').Credential>} */
  let credentials
  let group = ''
  let count = 0
  before(async () => {
    ;({ store, credentials, group } = await seededForRoutes(system))
  })

  /** @param {import('../support/directory/routes.mjs').Route} route */
  const credentialFor = ({ as = 'root' }) => credentials[as]

  /**
   * Sends a request to its own directory, and checks what holds for every request.
   * @param {string} what @param {any} request
   */
  async function sendBroken(what, { method, path: given, as, body, type = 'application/json' }) {
    count += 1
    const path = given.replace('GROUP', group)
    const copy = store.copy()
    const headers = { ...headersOf(as), ...(body !== undefined && { 'content-type': type }) }
    const text = typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body
    const response = await directoryOf(system, copy).fetch(requestOf({ method, path, headers, body: text }))
    return checkResponse(what, copy, { method, path, response })
  }

  /** @param {string} what @param {import('../support/directory/faulty-store.mjs').FaultyStore} copy @param {{ method: string, path: string, response: Response }} sent */
  async function checkResponse(what, copy, { method, path, response }) {
    const text = await response.text()
    const answer = { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : null }
    const named = `${what}: ${method} ${path.slice(0, 80)}: ${answer.status} ${text.slice(0, 200)}`
    assert.ok((answer.status >= 200 && answer.status < 500) || isDocumented(system, { method, path, status: answer.status }), named)
    const refused = isRefusal(system, answer)
    if (refused) {
      assert.equal(besidesAttempts(copy), besidesAttempts(store), named)
      if (answer.status !== 401 && !tried[system].test(path)) assert.equal(copy.state, store.state, named)
    }
    if (method === 'HEAD') assert.equal(text, '', named)
    else if (refused) assertRefused(system, answer, named)
    return { ...answer, refused, named }
  }

  test(`${system}: every route responds to a valid request`, async () => {
    for (const route of routes[system]) {
      const { refused, status, named } = await sendBroken('as it is', { ...route, as: credentialFor(route) })
      // What only the product behind could have, and what is answered by no.
      const isElsewhere = /\/(check|download|cache|version|Bulk)$/.test(route.path) && [400, 404, 501].includes(status)
      // Cargo's API has status 200 for known errors, also for a version without a file.
      const isFileless = /\/api\/v1\/crates\/.*\/download$/.test(route.path) && status === 200
      const isNo = /\/(initial|blocked|first-login-status)$/.test(route.path)
      assert.ok(!refused || isElsewhere || isFileless || isNo, named)
    }
  })

  test(`${system}: broken credentials are refused and change nothing`, async () => {
    const bentCookies = Object.values(credentials).flatMap((kind) => (typeof kind === 'object' && kind.cookie ? [bentCookie(kind.cookie)] : []))
    const all = Object.assign({}, brokenCredentials, ...bentCookies)
    // There a name ignores case, unless its store is set up otherwise.
    if (system === 'wso2') delete all['Basic in other letters']
    // The valid one of several cookies counts there.
    if (system === 'antmedia') delete all['behind a wrong one']
    assert.ok(Object.keys(all).length >= 20)
    for (const route of routes[system].filter(({ open }) => !open)) {
      for (const [what, as] of Object.entries(all)) {
        // Signing out ends the session, with any key in the request.
        const isOut = route.path === '/api/logout' && what === 'behind a wrong key'
        assert.equal((await sendBroken(what, { ...route, as })).refused, !isOut, `${what}: ${route.method} ${route.path}`)
      }
    }
  })

  test(`${system}: broken bodies are refused and change nothing`, async () => {
    for (const route of routes[system]) {
      for (const [what, { body, type }] of Object.entries(bodies)) {
        const { status, named } = await sendBroken(what, { ...route, as: credentialFor(route), body, type })
        if (what === '65,537 bytes') assert.equal(status === 413, !takesMore(route), named)
      }
      for (const [what, body] of twisted(route.body)) await sendBroken(what, { ...route, as: credentialFor(route), body })
      for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-7', 'multipart/form-data']) {
        await sendBroken(type, { ...route, as: credentialFor(route), type })
      }
    }
  })

  test(`${system}: malformed paths, unknown queries and other methods are refused and change nothing`, async (context) => {
    for (const route of routes[system]) {
      for (const path of bent(route.path)) await sendBroken('bent', { ...route, as: credentialFor(route), path })
      if (route.method !== 'GET') continue
      for (const query of QUERIES) await sendBroken('query', { ...route, as: credentialFor(route), path: `${route.path.split('?')[0]}?${query}` })
    }
    const bare = (/** @type {string} */ path) => path.split('?')[0]
    for (const path of new Set(routes[system].map((route) => bare(route.path)))) {
      const known = routes[system].filter((route) => bare(route.path) === path).map(({ method }) => method)
      for (const method of METHODS.filter((method) => !known.includes(method))) {
        // Users, groups and the descriptions of SCIM can be read by HEAD.
        const isRead = method === 'HEAD' && path.startsWith('/scim2/') && known.includes('GET')
        // ArangoDB's version has every method, and each of its paths has `OPTIONS`.
        const isKnown = isRead || path.endsWith('/_api/version') || (system === 'arangodb' && method === 'OPTIONS')
        assert.equal((await sendBroken('another method', { method, path, as: credentials.root })).refused, !isKnown, `${method} ${path}`)
      }
    }
    context.diagnostic(`${count} hostile requests in all over ${routes[system].length} routes`)
  })
}
