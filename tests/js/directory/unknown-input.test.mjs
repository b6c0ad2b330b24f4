// @ts-check
// Undocumented input, on every route. It is refused in the product's form, or ignored as by the product and listed in its
// page in docs/models/. Ignored input changes neither the response nor the store.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { requestOf } from '../support/case-request.mjs'
import { assertRefused, directoryOf, headersOf, isRefusal, seeded, seededForRoutes, send, systems } from '../support/directory/products.mjs'
import { routes } from '../support/directory/routes.mjs'

/**
 * What becomes of a member of a body, and of a query parameter. `content`: every member is a part of the document.
 * @typedef {'ignored' | 'refused' | 'content'} Outcome
 * @typedef {{ member: Outcome, query: Outcome }} Outcomes
 */

/** @type {Record<string, (path: string, method: string) => Outcomes>} */
const outcomes = {
  arangodb: (path) => ({ member: path.includes('/_api/document/') ? 'content' : 'ignored', query: 'ignored' }),
  meuse: () => ({ member: 'ignored', query: 'ignored' }),
  tyk: () => ({ member: 'ignored', query: 'ignored' }),
  // SCIM's pages about itself have no parameters but `filter`, and its changes are in `Operations` alone.
  wso2: (path, method) => ({ member: method === 'PATCH' ? 'ignored' : 'refused', query: /^\/scim2\/(ServiceProviderConfig|ResourceTypes|Schemas)/.test(path) ? 'ignored' : 'refused' }),
  antmedia: () => ({ member: 'refused', query: 'ignored' }),
}

/** Which page says what is ignored, and how. @type {[string, string][]} */
const DOCUMENTED = [
  ['models/arangodb.md', 'Unknown members of a body and unknown query parameters are ignored. So is a boolean parameter that is not `true`, `yes`, `on`, `y` or `1`.'],
  ['models/meuse.md', 'Unknown fields of a body and unknown query parameters are ignored'],
  ['models/tyk.md', 'Unknown members of a body and unknown query parameters are ignored'],
  ['models/wso2.md', '`ServiceProviderConfig`, `ResourceTypes` and `Schemas` ignore query parameters other than `filter`'],
  ['models/wso2.md', 'In the body of a `PATCH`, members beside `op`, `path` and `value`, and beside `schemas` and `Operations`, are ignored'],
  ['models/antmedia.md', 'All query parameters are ignored'],
  ['reference/limits.md', 'ignores these headers: `Prefer`, `Range`, `If-Modified-Since`, `If-Unmodified-Since`, `X-HTTP-Method-Override`, and other spellings of the last. It also ignores the body of a request that takes none, unless the body exceeds the limit `body`: then the response is a 413.'],
]

/** One moment for all requests, after that of the seed. */
const NOW = Date.now() + 60_000

/** Headers that mean something to other servers. */
const HEADERS = { prefer: 'return=minimal, respond-async', range: 'bytes=0-0', 'if-modified-since': 'Sun, 01 Jan 2090 00:00:00 GMT', 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:01 GMT', 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' }

for (const [page, sentence] of DOCUMENTED) {
  test(`docs/${page} lists the ignored input: ${sentence.slice(0, 40)}`, () => assert.ok(readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8').includes(sentence)))
}

for (const system of systems) {
  /** @type {import('../support/directory/faulty-store.mjs').FaultyStore} */
  let store
  /** @type {Record<string, import('../support/directory/products.mjs').Credential>} */
  let credentials
  let group = ''
  before(async () => {
    ;({ store, credentials, group } = await seededForRoutes(system))
  })

  /**
   * Sends a request to a directory of its own, whose time and random bytes are always the same.
   * @param {any} request
   */
  async function sent({ method, path, body, as = 'root', headers = {} }) {
    const copy = store.copy()
    let draws = 0
    const random = (/** @type {Uint8Array} */ bytes) => bytes.fill((draws += 1))
    const directory = directoryOf(system, copy, { now: () => NOW, random })
    const all = { ...headersOf(credentials[as]), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
    const text = typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body
    const response = await directory.fetch(requestOf({ method, path: path.replace('GROUP', group), headers: all, body: text }))
    const answer = { status: response.status, text: await response.text(), body: /** @type {any} */ (null) }
    if (/^[[{]/.test(answer.text)) answer.body = JSON.parse(answer.text)
    return { ...answer, refused: isRefusal(system, answer), state: withoutSalts(copy.state) }
  }

  /** @param {any} route @param {any} changed @param {Outcome} outcome @param {string} what */
  async function holds(route, changed, outcome, what) {
    const named = `${what}: ${route.method} ${route.path}`
    const plain = await sent(route)
    const other = await sent({ ...route, ...changed })
    if (outcome === 'refused') {
      assert.ok(other.refused, `${named}: ${other.status} ${other.text.slice(0, 200)}`)
      if (route.method !== 'HEAD') assertRefused(system, other, named)
      assert.equal(other.state, withoutSalts(store.state), named)
    } else {
      assert.deepEqual([other.status, withoutSalts(other.text)], [plain.status, withoutSalts(plain.text)], named)
      if (outcome === 'ignored') assert.equal(other.state, plain.state, named)
    }
  }

  test(`${system}: an unknown member of a body is refused or ignored as listed`, async () => {
    for (const route of routes[system]) {
      if (route.body === undefined || route.body instanceof Uint8Array) continue
      await holds(route, { body: { ...route.body, nonsense: 1 } }, outcomes[system](route.path, route.method).member, 'member')
    }
  })

  test(`${system}: an unknown query parameter is refused or ignored as listed`, async () => {
    for (const route of routes[system]) {
      const path = `${route.path}${route.path.includes('?') ? '&' : '?'}nonsense=1`
      await holds(route, { path }, outcomes[system](route.path, route.method).query, 'parameter')
    }
  })

  test(`${system}: headers of other protocols, and an unexpected body, are ignored`, async () => {
    for (const route of routes[system]) {
      await holds(route, { headers: HEADERS }, 'ignored', 'headers')
      if (route.body === undefined && ['PUT', 'DELETE'].includes(route.method)) await holds(route, { body: { nonsense: 1 } }, 'ignored', 'body')
    }
  })
}

/** Values of known parameters that cannot be read. @type {[string, string][]} */
const UNREADABLE = [
  ['tyk', '/api/users?p=abc'], ['tyk', '/api/usergroups?p=1.5'], ['tyk', '/api/users/search?q=ann&p=abc'], ['tyk', '/api/users/search'],
  ['meuse', '/api/v1/crates?q=latch&per_page=abc'], ['meuse', '/api/v1/crates?q='], ['meuse', '/api/v1/meuse/crate?category='],
  ['wso2', '/scim2/Users?count=abc'], ['wso2', '/scim2/Users?startIndex=x'],
]

for (const [system, path] of UNREADABLE) {
  test(`${system}: an invalid value is refused: ${path}`, async () => {
    const { directory, as } = await seeded(system)
    const answer = await send(directory, 'GET', path, { as: as.root })
    // Cargo is told of an error by a 200 with `errors`.
    assert.equal(answer.status, path.startsWith('/api/v1/crates') ? 200 : 400, answer.text)
    assert.ok(isRefusal(system, answer), answer.text)
    assertRefused(system, answer, path)
  })
}

test('arangodb: a boolean parameter is false unless it is a spelling of true', async () => {
  const { directory, as } = await seeded('arangodb')
  const plain = await send(directory, 'GET', '/_api/user/ann/database', { as: as.root })
  for (const word of ['maybe', 'false', '', 'undefined', '2']) {
    assert.deepEqual((await send(directory, 'GET', `/_api/user/ann/database?full=${word}`, { as: as.root })).body, plain.body)
  }
})

test('arangodb: a collection of edges is refused, because it would be created as one of documents', async () => {
  const { directory, as, store } = await seeded('arangodb')
  for (const type of [3, 1, '2', 2.5, {}]) {
    const before = store.state
    const answer = await send(directory, 'POST', '/_db/shop/_api/collection', { as: as.root, body: { name: 'edges', type } })
    assert.deepEqual([answer.status, answer.body.errorNum], [400, 10], answer.text)
    assertRefused('arangodb', answer, JSON.stringify(type))
    assert.equal(store.state, before)
  }
  for (const [name, type] of /** @type {const} */ ([['a', 2], ['b', null], ['c', undefined]])) {
    const answer = await send(directory, 'POST', '/_db/shop/_api/collection', { as: as.root, body: { name, type } })
    assert.deepEqual([answer.status, answer.body.type], [200, 2], answer.text)
  }
})

test('arangodb: `x-arango-async: store` is refused and changes nothing, `true` is executed with an empty 202', async () => {
  const { directory, as, store } = await seeded('arangodb')
  const change = { as: as.root, body: { active: false } }
  const before = store.state
  const refused = await send(directory, 'PATCH', '/_api/user/ann', { ...change, headers: { 'x-arango-async': 'store' } })
  assert.deepEqual([refused.status, refused.body.errorNum], [501, 9], refused.text)
  assertRefused('arangodb', refused, 'store')
  assert.equal(store.state, before)
  const accepted = await send(directory, 'PATCH', '/_api/user/ann', { ...change, headers: { 'x-arango-async': 'true' } })
  assert.deepEqual([accepted.status, accepted.text], [202, ''])
  assert.equal((await send(directory, 'GET', '/_api/user/ann', { as: as.root })).body.active, false)
  const unknown = await send(directory, 'GET', '/_api/user/ann', { headers: { 'x-arango-async': 'true' } })
  assert.equal(unknown.status, 401)
})

test('arangodb: an asynchronous request that fails after its caller was authenticated is an empty 202 and changes nothing', async () => {
  const { directory, as } = await seeded('arangodb')
  const headers = { 'x-arango-async': 'true' }
  const before = await directory.records()
  /** @type {[string, string, any, any, number][]} */
  const failing = [
    ['PATCH', '/_db/shop/_api/user/root', as.ann, { active: false }, 403],
    ['GET', '/_api/user/nobody', as.root, undefined, 404],
    ['POST', '/_api/user', as.root, { user: 'ann' }, 409],
    ['POST', '/_api/user', as.root, '{', 400],
    ['PROPFIND', '/_api/user', as.root, undefined, 400],
    ['DELETE', '/_api/database/nowhere', as.root, undefined, 404],
  ]
  for (const [method, path, credential, body, status] of failing) {
    assert.equal((await send(directory, method, path, { as: credential, body })).status, status, path)
    const accepted = await send(directory, method, path, { as: credential, body, headers })
    assert.deepEqual([accepted.status, accepted.text], [202, ''], path)
  }
  /** @type {[string, string, any, any, number][]} */
  const refused = [
    ['GET', '/_api/version', as.ann, undefined, 401],
    ['GET', '/_api/version', 'Basic wrong', undefined, 401],
    ['GET', '/_db/nowhere/_api/version', as.root, undefined, 404],
    ['GET', '/_api/nowhere', as.root, undefined, 404],
    ['POST', '/_open/auth', undefined, { username: 'ann', password: 'wrong' }, 401],
  ]
  for (const [method, path, credential, body, status] of refused) {
    assert.equal((await send(directory, method, path, { as: credential, body, headers })).status, status, path)
  }
  assert.deepEqual(await directory.records(), before)
})

test('arangodb: `OPTIONS` needs no credentials on any path, reads no database, and is not passed to `upstream`', async () => {
  for (const parts of [undefined, { upstream: () => assert.fail('passed on') }]) {
    const { directory, store, as } = await seeded('arangodb', parts)
    store.steps = 0
    for (const path of ['/', '/_api/user', '/_api/user/ann', '/_db/nowhere/_api/user', '/_api/document/items/1', '/nowhere', '//', '/%zz']) {
      for (const credential of [undefined, as.root, 'Basic wrong']) {
        for (const headers of /** @type {Record<string, string>[]} */ ([{}, { origin: 'https://evil.example' }, { 'x-arango-async': 'true' }, { 'if-match': '"a"' }])) {
          const { status, text, headers: got } = await send(directory, 'OPTIONS', path, { as: credential, headers })
          assert.deepEqual([status, text, got.get('allow')], [200, '', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'], path)
          assert.equal(got.get('access-control-allow-origin'), null)
        }
      }
    }
    assert.equal(store.steps, 0)
  }
})

test('tyk: a search returns the page `p`, or everything without it', async () => {
  const { directory, as } = await seeded('tyk')
  for (let number = 10; number < 33; number += 1) {
    const body = { first_name: 'N', last_name: 'U', email_address: `many${number}@example.org`, user_permissions: { apis: 'read' } }
    assert.equal((await send(directory, 'POST', '/api/users', { as: as.root, body })).status, 200)
  }
  const search = async (/** @type {string} */ query) => (await send(directory, 'GET', `/api/users/search?q=MANY${query}`, { as: as.root })).body
  const ids = (/** @type {any} */ { users }) => users.map((/** @type {any} */ { id }) => id)
  const whole = await search('')
  assert.deepEqual([whole.users.length, whole.pages], [23, 1])
  assert.deepEqual(await search('&p=-1'), whole)
  const pages = [await search('&p=1'), await search('&p=2'), await search('&p=3'), await search('&p=4')]
  assert.deepEqual(pages.map(({ users, pages }) => [users.length, pages]), [[10, 3], [10, 3], [3, 3], [0, 3]])
  assert.deepEqual(pages.flatMap(ids), ids(whole))
  assert.deepEqual(await search('&p=0'), pages[0])
  const posted = await send(directory, 'POST', '/api/users/search?p=2', { as: as.root, body: { filters: { query: 'many' } } })
  assert.deepEqual(posted.body, pages[1])
})

test('wso2: a filter in the query of an operation is refused, because all users would be listed', async () => {
  const { directory, as } = await seeded('wso2')
  const answer = await send(directory, 'POST', '/services/UserAdmin/listUsers?filter=a*', { as: as.root, body: {} })
  assert.deepEqual([answer.status, answer.body.error], [400, 'bad_request'], answer.text)
})

/** Of equal passwords the hashes differ by their salts. @param {string} state */
const withoutSalts = (state) => state.replaceAll(/\$argon2id\$[^"\\]*/g, 'HASH')
