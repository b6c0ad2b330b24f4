// @ts-check
// Pages of other sites: their requests change nothing, on any route of any product, and only pages of allowed origins
// can read a response.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatchworkError } from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { afterAnswer, assertRefused, directoryOf, headersOf, records, seeded, send, staffGroupId, systems, usersPath } from '../support/directory/products.mjs'
import { routes } from '../support/directory/routes.mjs'

const ALLOWED = 'https://admin.example.org'
const SAFE = ['GET', 'HEAD']

/** Headers of a page, and whether its request passes at `http://127.0.0.1`, known to the world as `https://id.example.org`. @type {[Record<string, string>, boolean][]} */
const pages = [
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'Same-Origin' }, false],
  [{ 'sec-fetch-site': '' }, false],
  [{ 'sec-fetch-site': 'same-origin, cross-site' }, false],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, true],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' }, false],
  [{ origin: 'http://127.0.0.1' }, true],
  [{ origin: 'https://127.0.0.1' }, true],
  [{ origin: 'http://127.0.0.1:8080' }, false],
  [{ origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }, true],
  [{ origin: 'https://behind.example', host: 'behind.example:443' }, true],
  [{ origin: 'https://behind.example', host: 'behind.example:80' }, false],
  [{ origin: 'https://id.example.org' }, true],
  [{ origin: 'https://id.example.org:8443' }, false],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'https://id.example.org.evil.example' }, false],
  [{ origin: 'https://id.example.org@evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: '' }, false],
  [{ origin: 'http://127.0.0.1/' }, false],
  [{ origin: 'http://127.0.0.1, https://evil.example' }, false],
  [{ origin: 'file://127.0.0.1' }, false],
  [{ origin: ALLOWED }, true],
  [{ origin: ALLOWED, 'sec-fetch-site': 'cross-site' }, true],
  [{ origin: `${ALLOWED}:444` }, false],
  [{ origin: 'http://admin.example.org' }, false],
  [{ origin: ALLOWED.toUpperCase() }, false],
]

const forbidden = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

for (const system of systems) {
  const path = usersPath[system].make

  test(`${system}: requests with unsafe methods pass from the same site and from allowed origins`, async () => {
    const parts = { allowedOrigins: [ALLOWED], publicUrl: 'https://id.example.org' }
    const { directory, store } = await seeded(system, parts)
    const { state } = store
    for (const [headers, passes] of pages) {
      const { status, headers: got } = await send(directory, 'POST', path, { headers, body: '{}' })
      const isRefused = got.get('latchwork-guard') === 'cross_site'
      assert.equal(isRefused, !passes, JSON.stringify(headers))
      assert.equal(status === 403 && isRefused, !passes, JSON.stringify(headers))
      // What changes nothing is answered.
      assert.equal((await send(directory, 'GET', usersPath[system].list, { headers })).headers.get('latchwork-guard'), null)
    }
    assert.equal(store.state, state)
  })

  test(`${system}: a cross-site request is refused on every route before its body and its credentials are read`, async () => {
    const store = new FaultyStore()
    await directoryOf(system, store).seed(records[system])
    const { state } = store
    /** @type {any[]} */
    const events = []
    let identified = 0
    const parts = { identify: () => void (identified += 1), upstream: () => assert.fail('passed on'), log: (/** @type {any} */ event) => events.push(event) }
    for (const directory of [directoryOf(system, store, parts), createDirectory(/** @type {any} */ ({ system, store: memoryStore(), ...parts }))]) {
      store.steps = 0
      for (const { method, path } of [...routes[system], { method: 'POST', path: '/_latchwork/bootstrap' }, { method: 'POST', path: '/elsewhere' }]) {
        if (SAFE.includes(method)) continue
        const body = new ReadableStream({ pull: () => assert.fail('the body was read') }, { highWaterMark: 0 })
        const init = /** @type {RequestInit} */ ({ method, body, headers: { ...forbidden, 'content-type': 'text/plain' }, duplex: 'half' })
        const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, init))
        const text = await response.text()
        assert.deepEqual([response.status, response.headers.get('latchwork-guard')], [403, 'cross_site'], `${method} ${path}`)
        assertRefused(system, { status: 403, text, body: JSON.parse(text) }, `${method} ${path}`)
        assert.equal(response.headers.get('set-cookie'), null)
        assert.equal(events.pop().failure.code, 'cross_site')
      }
      assert.deepEqual([store.steps, identified], [0, 0])
    }
    assert.equal(store.state, state)
  })

  test(`${system}: no GET, HEAD or OPTIONS changes records, on any route`, async () => {
    const { directory, as } = await seeded(system, { upstream: () => new Response('elsewhere') })
    const before = JSON.stringify(await directory.records())
    const credentials = [as.root, as.ann, undefined, { ...headersOf(as.root), 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' }]
    if (system === 'tyk') credentials.push({ 'admin-auth': records.tyk.config.admin_secret })
    const group = await staffGroupId(system, directory, as.root)
    for (const { path } of routes[system]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const credential of credentials) {
          const query = path.includes('?') ? '&' : '?'
          for (const target of [path, `${path}${query}_method=DELETE&method=POST`]) await send(directory, method, target.replace('GROUP', group), { as: credential })
        }
      }
    }
    assert.equal(relevant(await directory.records()), relevant(JSON.parse(before)))
  })

  test(`${system}: only pages of allowed origins can read responses`, async () => {
    const { directory, as } = await seeded(system, { allowedOrigins: [ALLOWED, 'capacitor://localhost'] })
    const { directory: closed } = await seeded(system)
    const { list } = usersPath[system]
    for (const [method, target, options] of /** @type {[string, string, any][]} */ ([['GET', list, { as: as.root }], ['GET', list, {}], ['POST', path, { as: as.root, body: '{' }], ['PUT', '/nowhere', {}]])) {
      const response = await send(directory, method, target, { ...options, headers: { origin: ALLOWED } })
      const names = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers', 'vary'].map((name) => response.headers.get(name))
      assert.deepEqual(names, [ALLOWED, 'true', 'ETag, Location, Content-Location, Retry-After, latchwork-guard', 'Origin'], `${method} ${target}`)
      assert.equal((await send(directory, method, target, { ...options, headers: { origin: 'capacitor://localhost' } })).headers.get('access-control-allow-origin'), 'capacitor://localhost')
      for (const [which, headers] of /** @type {[any, any][]} */ ([[directory, forbidden], [directory, {}], [directory, { origin: 'null' }], [closed, { origin: ALLOWED }]])) {
        const unseen = await send(which, method, target, { ...options, headers })
        assert.equal([...unseen.headers.keys()].filter((name) => name.startsWith('access-control-')).join(), '')
        assert.equal(unseen.headers.get('vary'), which === directory ? 'Origin' : null)
      }
    }
  })

  test(`${system}: only preflights of allowed origins get CORS headers`, async () => {
    const { directory, store } = await seeded(system, { allowedOrigins: [ALLOWED] })
    const { directory: closed } = await seeded(system)
    store.steps = 0
    const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization,content-type,if-match' }
    for (const { path } of routes[system]) {
      const { status, text, headers } = await send(directory, 'OPTIONS', path, { headers: { origin: ALLOWED, ...asked } })
      const names = ['allow-origin', 'allow-methods', 'allow-headers', 'allow-credentials', 'max-age'].map((name) => headers.get(`access-control-${name}`))
      assert.deepEqual([status, text, ...names], [204, '', ALLOWED, 'GET, HEAD, POST, PUT, PATCH, DELETE', 'authorization,content-type,if-match', 'true', '600'], path)
      assert.match(String(headers.get('vary')), /\bOrigin\b/)
    }
    assert.equal(store.steps, 0)
    for (const [which, headers] of /** @type {[any, any][]} */ ([[directory, { origin: 'https://evil.example', ...asked }], [directory, asked], [directory, { origin: ALLOWED }], [closed, { origin: ALLOWED, ...asked }]])) {
      const refused = await send(which, 'OPTIONS', path, { headers })
      // ArangoDB answers each `OPTIONS` itself.
      assert.equal(refused.status >= 400, system !== 'arangodb')
      assert.equal(refused.headers.get('access-control-allow-methods'), null)
    }
  })
}

/** The records without the time of the last use of a token and the number of downloads, which a read changes. @param {any} records */
const relevant = (records) => JSON.stringify(records, (name, value) => (['last_used_at', 'downloads'].includes(name) ? undefined : value))

test('a session cookie does not authenticate another site, and pages of the same site can send it if they are allowed', async () => {
  const sibling = 'https://admin.example.org'
  const { directory, as } = await seeded('antmedia', { allowedOrigins: [sibling], publicUrl: 'https://id.example.org' })
  const body = { email: 'new', password: 'long enough', scope: 'system', userType: 'ADMIN' }
  const evil = await send(directory, 'POST', '/rest/v2/users', { as: as.root, body, headers: { ...forbidden, 'content-type': 'text/plain' } })
  assert.equal(evil.status, 403)
  const signIn = await send(directory, 'POST', '/rest/v2/users/authenticate', { body: { email: 'root', password: 'rootpass' }, headers: forbidden })
  assert.deepEqual([signIn.status, signIn.headers.getSetCookie()], [403, []])
  const allowed = await send(directory, 'POST', '/rest/v2/users/authenticate', { body: { email: 'root', password: 'rootpass' }, headers: { origin: sibling, 'sec-fetch-site': 'same-site' } })
  assert.match(allowed.headers.getSetCookie()[0], /; SameSite=Strict; Secure$/)
  assert.equal((await send(directory, 'POST', '/rest/v2/users', { as: as.root, body, headers: { origin: sibling, 'sec-fetch-site': 'same-site' } })).body.success, true)
})

test('CORS headers of `upstream` are replaced by those of the directory', async () => {
  const upstream = () => Response.json({}, { headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'etag', vary: 'accept', etag: '"1"' } })
  const target = '/_api/cursor'
  const { directory, as } = await seeded('arangodb', { upstream, allowedOrigins: [ALLOWED] })
  const corsHeaders = (/** @type {any} */ headers) => send(directory, 'GET', target, { as: as.root, headers }).then(({ headers }) => ['access-control-allow-origin', 'access-control-allow-credentials', 'vary', 'etag'].map((name) => headers.get(name)))
  assert.deepEqual(await corsHeaders({ origin: ALLOWED }), [ALLOWED, 'true', 'accept, Origin', '"1"'])
  assert.deepEqual(await corsHeaders({ origin: 'https://evil.example' }), [null, null, 'accept, Origin', '"1"'])
  // Without the list, no page of another origin can read a response.
  const { directory: closed } = await seeded('arangodb', { upstream })
  for (const headers of /** @type {Record<string, string>[]} */ ([{}, { origin: ALLOWED }])) {
    const answer = await send(closed, 'GET', target, { as: as.root, headers })
    assert.deepEqual([...answer.headers.keys()].filter((name) => name.startsWith('access-control-')), [])
    assert.deepEqual([answer.status, answer.text, answer.headers.get('vary'), answer.headers.get('etag')], [200, '{}', 'accept', '"1"'])
  }
})

test('invalid origins and public URLs are refused at once', () => {
  const make = (/** @type {any} */ parts) => () => createDirectory({ system: 'meuse', store: memoryStore(), ...parts })
  const refuses = (/** @type {any} */ parts, /** @type {string} */ code) => assert.throws(make(parts), (/** @type {any} */ error) => error instanceof LatchworkError && error.code === code, JSON.stringify(parts))
  for (const origin of ['*', 'null', '', 'https://a.example/', 'https://a.example:443', 'https://A.example', 'http://*.a.example', 'a.example', 'https://u@a.example', 'https://a.example?x', ' https://a.example']) refuses({ allowedOrigins: [origin] }, 'invalid_value')
  for (const allowedOrigins of ['https://a.example', null, 5, {}, [5], [null]]) refuses({ allowedOrigins }, 'wrong_type')
  for (const publicUrl of ['', 'a.example', 'ftp://a.example', 'https://', 'https://u:p@a.example', 'https://a.example/?q', 'https://a.example/#x', 'https://a.example/ b', 'javascript:x']) refuses({ publicUrl }, 'invalid_value')
  for (const publicUrl of [null, 5, {}, ['https://a.example'], new URL('https://a.example')]) refuses({ publicUrl }, 'wrong_type')
  for (const parts of [{ allowedOrigins: [] }, { allowedOrigins: new Set(['https://a.example:8443', 'http://localhost:3000']) }, { publicUrl: 'https://a.example/base/' }, { publicUrl: 'http://[::1]:8080' }]) make(parts)()
})

test('URLs of resources begin with the public URL, or else with the origin of the request', async () => {
  for (const [publicUrl, base] of [['https://id.example.org/base/', 'https://id.example.org/base'], [undefined, 'http://127.0.0.1']]) {
    const { directory, as } = await seeded('wso2', { publicUrl })
    const { body } = await send(directory, 'GET', '/scim2/Users/ann', { as: as.root })
    assert.equal(body.meta.location, `${base}/scim2/Users/ann`)
  }
})

test('links in mails never use the host of a request', async () => {
  for (const publicUrl of [undefined, 'https://id.example.org']) {
    /** @type {any[]} */
    const mails = []
    const { directory } = await seeded('tyk', { publicUrl, sendMail: (/** @type {any} */ mail) => void mails.push(mail) })
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    const body = JSON.stringify({ email_address: 'ann@example.org' })
    const answer = await directory.fetch(new Request('http://evil.example/api/password/forgot', { method: 'POST', headers, body }))
    assert.equal(answer.status, 200)
    await afterAnswer()
    assert.equal(mails.length, 1)
    assert.doesNotMatch(JSON.stringify(mails), /evil/)
  }
})
