// @ts-check
// The requests that the runner of call cases sends: their form, time and caller are those of the case.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCall } from '../support/run-call.mjs'
import { scripted } from '../support/scripted-directory.mjs'

/**
 * Sends one request, and gives all that the directory got.
 * @param {string} system @param {any} request @param {any} [given] @param {any[]} [answers]
 */
async function send(system, request, given = {}, answers = []) {
  const fake = scripted(answers)
  assert.deepEqual(await runCall(fake.package, system, { id: 'x', given, request: { method: 'GET', path: '/', ...request }, expect: {} }), [])
  return { ...fake, last: fake.sent.at(-1) }
}

/** @param {string} text */
const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`

test('a request in any spelling is sent unchanged', async () => {
  const write = async (/** @type {any} */ request, system = 'tyk') => (await send(system, { method: 'POST', ...request })).last
  assert.equal((await write({ body: null })).text, 'null')
  assert.equal((await write({ rawBody: '{bad' })).text, '{bad')
  const empty = await write({ raw_body: '' })
  assert.deepEqual([empty.text, empty.headers.get('content-type')], ['', 'application/json'])
  assert.equal((await write({})).headers.get('content-type'), null)
  assert.equal((await write({ path: '/scim2/Users', body: {} }, 'wso2')).headers.get('content-type'), 'application/scim+json')
  const got = await write({ method: 'GET', body: { a: 1 } })
  assert.deepEqual([got.method, got.text], ['GET', '{"a":1}'])
  for (const method of ['TRACE', 'get', 'PROPFIND']) assert.equal((await write({ method })).method, method)
  assert.equal((await write({ path: '/a#b\\c d%2F/ü?x=%20&y' })).path, '/a%23b%5Cc%20d%2F/%C3%BC?x=%20&y')
  assert.equal((await write({ path: '/a?x=%20', query: { y: '&', z: [1, true] } })).path, '/a?x=%20&y=%26&z=1&z=true')
  assert.equal((await write({ query: 'a=1&b=2' })).path, '/?a=1&b=2')
  assert.equal((await write({ query: [['a', '1'], ['a', '2']] })).path, '/?a=1&a=2')
  assert.equal((await write({ authorization: 'ü' })).headers.get('authorization'), 'Ã¼')
  assert.equal((await write({ authorization: '' })).headers.get('authorization'), '')
  assert.equal((await write({ as: 'ann', authorization: null })).headers.get('authorization'), null)
})

test("a publication is sent in Cargo's form", async () => {
  const { last } = await send('meuse', { method: 'PUT', body: { name: 'ä' }, encoding: 'metadata-only' })
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text)
  assert.deepEqual([...last.bytes], [13, 0, 0, 0, ...bytes('{"name":"ä"}'), 5, 0, 0, 0, ...bytes('crate')])
})

test('the clock has the time of the case', async () => {
  const fake = scripted()
  const step = { method: 'GET', path: '/' }
  const before = [step, { advance_seconds: 5 }, { ...step, at: 9 }]
  const then = [{ advance_seconds: 2 }, { request: step, expect: {} }, { request: { ...step, at: 3 }, expect: {} }, { at: 1, request: step, expect: {} }]
  assert.deepEqual(await runCall(fake.package, 'tyk', { id: 'x', given: { before }, request: step, expect: {}, then }), [])
  assert.deepEqual(fake.sent.map(({ now }) => now / 1_000), [0, 9, 9, 11, 3, 1])
})

test('a caller sends credentials of the product', async () => {
  const header = async (/** @type {string} */ system, /** @type {any} */ request, /** @type {any} */ given, name = 'authorization') =>
    (await send(system, request, given)).last.headers.get(name)
  const ann = { users: { ann: { passwd: 'a:ü' } } }
  assert.equal(await header('arangodb', { as: 'ann' }, ann), basic('ann:a:ü'))
  assert.equal(await header('arangodb', { as: 'ann', passwd: '' }, ann), basic('ann:'))
  assert.equal(await header('arangodb', { as: 'root' }, {}), basic('root:'))
  assert.equal(await header('arangodb', { as: null }, {}), null)
  assert.equal(await header('wso2', { as: 'admin' }, {}), basic('admin:admin'))
  const tyk = { users: [{ id: 'u1' }, { id: 'u2', access_key: 'mine' }], config: { admin_secret: 's' } }
  assert.equal(await header('tyk', { as: 'u1' }, tyk), 'key-u1')
  assert.equal(await header('tyk', { as: 'u2' }, tyk), 'mine')
  assert.equal(await header('tyk', { as: 'key:k' }, tyk), 'k')
  assert.equal(await header('tyk', { as: 'session:t' }, tyk, 'cookie'), 'authorisation=t')
  assert.equal(await header('tyk', { as: 'admin-auth' }, tyk, 'admin-auth'), 's')
})

test('`{id:NAME}` is replaced by the id of that user, in any spelling', async () => {
  const given = { users: [{ name: 'PRIMARY/Bob', password: 'bobpass', roles: [] }] }
  const { last, seeded } = await send('wso2', { as: 'bob', path: '/scim2/Users/{id:bob}' }, given)
  assert.equal(last.headers.get('authorization'), basic('bob:bobpass'))
  assert.equal(last.path, `/scim2/Users/${seeded.users[0].id}`)
})

test('each caller signs in before the first step', async () => {
  const session = { body: { success: true }, headers: { 'set-cookie': 'JSESSIONID=abc; HttpOnly' } }
  const given = { users: [{ email: 'a', scope: 'system', userType: 'ADMIN' }], before: [{ method: 'GET', path: '/first' }] }
  const { sent, seeded } = await send('antmedia', { as: 'a', path: '/second' }, given, [session])
  assert.deepEqual(sent.map(({ path }) => path), ['/rest/v2/users/authenticate', '/first', '/second'])
  assert.deepEqual(JSON.parse(sent[0].text), { email: 'a', password: seeded.users[0].password })
  assert.equal(sent[2].headers.get('cookie'), 'JSESSIONID=abc')
})

test('a user that a call created signs in with the credentials of that call', async () => {
  const made = async (/** @type {string} */ system, /** @type {any} */ create, /** @type {any[]} */ answers) => {
    const fake = scripted(answers)
    const then = [{ request: { as: 'eve', method: 'GET', path: '/' }, expect: {} }]
    assert.deepEqual(await runCall(fake.package, system, { id: 'x', given: {}, request: { method: 'POST', ...create }, expect: {}, then }), [])
    return fake.sent
  }
  const arangodb = await made('arangodb', { path: '/_db/_system/_api/user', body: { user: 'eve', passwd: 'evepass' } }, [])
  assert.equal(arangodb[1].headers.get('authorization'), basic('eve:evepass'))
  const wso2 = await made('wso2', { path: '/scim2/Users', body: { userName: 'eve', password: 'evepass' } }, [])
  assert.equal(wso2[1].headers.get('authorization'), basic('eve:evepass'))
  const meuse = await made('meuse', { path: '/api/v1/meuse/user', body: { name: 'eve', password: 'evepass' } }, [{}, { body: { token: 'T' } }])
  assert.equal(meuse[2].headers.get('authorization'), 'T')
  const session = { body: { success: true }, headers: { 'set-cookie': 'JSESSIONID=abc' } }
  const antmedia = await made('antmedia', { path: '/rest/v2/users', body: { email: 'eve', password: 'evepass' } }, [{}, session])
  assert.equal(antmedia[2].headers.get('cookie'), 'JSESSIONID=abc')
})

test("the runner's own tokens are valid, expire one after another, and are in no list", async () => {
  const list = (/** @type {any} */ { tokens }) => ({ body: { tokens: tokens.map((/** @type {any} */ { name }) => ({ name })) } })
  const fake = scripted([list, list])
  const users = ['ci', 'ann'].map((name) => ({ name, role: 'tech', active: true }))
  const given = { users, tokens: [{ user: 'ci', name: 't1' }], before: [{ expire_tokens_of: 'ci' }] }
  const request = { method: 'GET', path: '/api/v1/meuse/token' }
  const expect = { body: { tokens: [{ name: 't1' }] } }
  const then = [{ request: { ...request, as: 'ann' }, expect }]
  const whole = { id: 'x', given, request: { ...request, authorization: '{{ident:ci}}' }, expect, then }
  assert.deepEqual(await runCall(fake.package, 'meuse', whole), [])

  const { tokens } = fake.seeded
  assert.equal(tokens.length, 3)
  for (const { token } of tokens) assert.match(token, /^[A-Za-z0-9+/]{67}=$/)
  const own = (/** @type {string} */ name) => tokens.find((/** @type {any} */ token) => token.user === name && token.name !== 't1')
  assert.equal(fake.sent[0].headers.get('authorization'), own('ci').token.slice(0, 24))
  assert.equal(fake.sent[1].headers.get('authorization'), own('ann').token)
  const days = fake.sent[0].now / 86_400_000
  for (const { user, validity } of tokens) assert.equal(validity < days, user === 'ci', user)
})
