// @ts-check
// Throttle failed sign-ins, through `fetch`: who the client is, concurrent attempts, and remembered passwords.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { basic, COST, directoryOf, records, seeded, send, sessionOf } from '../support/directory/products.mjs'
import { sharedStores } from '../support/directory/shared-stores.mjs'

const RIGHT = basic('ann:annpass')
const WRONG = basic('ann:wrong')

/** A directory of ArangoDB that takes the client from a header, with a clock that the tests set. @param {any} [parts] */
async function throttledDirectory(parts) {
  const clock = { now: 1e12 }
  const client = (/** @type {Request} */ { headers }) => headers.get('x-client') ?? ''
  const { directory, store } = await seeded('arangodb', { now: () => clock.now, client, ...parts })
  const attempt = async (/** @type {string} */ as, /** @type {string} */ from) =>
    (await send(directory, 'GET', '/_db/shop/_api/version', { as, headers: { 'x-client': from } })).status
  const fail = async (/** @type {string} */ from, times = 10) => {
    for (let time = 0; time < times; time += 1) assert.equal(await attempt(WRONG, from), 401)
  }
  return { clock, directory, store, attempt, fail }
}

test('failed sign-ins throttle only their client and user name', async () => {
  const { clock, attempt, fail } = await throttledDirectory()
  await fail('192.0.2.1')
  assert.equal(await attempt(RIGHT, '192.0.2.1'), 401)
  clock.now += 999
  assert.equal(await attempt(RIGHT, '192.0.2.1'), 401)
  assert.equal(await attempt(RIGHT, '192.0.2.2'), 200)
  clock.now += 60_001
  assert.equal(await attempt(RIGHT, '192.0.2.1'), 200)
})

test('the `client` hook is called once, with the original request', async () => {
  /** @type {Request[]} */
  const asked = []
  const client = (/** @type {Request} */ request) => (asked.push(request), '192.0.2.1')
  const { directory } = await seeded('arangodb', { client })
  const request = new Request('http://127.0.0.1/_api/user', { headers: { authorization: basic('root:rootpass') } })
  assert.equal((await directory.fetch(request)).status, 200)
  assert.deepEqual(asked, [request])
})

test('addresses of one IPv6 network are one client, and so are all spellings of an IPv4 address', async () => {
  for (const [one, other, isOne] of /** @type {[string, string, boolean][]} */ ([
    ['2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:2', true],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['::ffff:c000:201', '192.0.2.1', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
    ['192.0.2.1', '192.0.2.2', false],
    ['fe80::1%eth0', 'fe80::1%eth1', false],
    ['a name', 'another name', false],
    ['x'.repeat(256), `${'x'.repeat(255)}y`, false],
  ])) {
    const { attempt, fail } = await throttledDirectory()
    await fail(one)
    assert.equal(await attempt(RIGHT, other), isOne ? 401 : 200, `${one} and ${other}`)
  }
})

test('without a valid client all clients count as one, and the wait is at most 30 seconds', async () => {
  const hooks = [
    undefined,
    () => '',
    () => undefined,
    () => 7,
    () => ({}),
    () => 'x'.repeat(257),
    () => '\ud800',
    () => { throw new Error('no') },
    async () => { throw new Error('no') },
    async () => '192.0.2.1',
  ]
  for (const client of hooks) {
    const { clock, attempt, fail } = await throttledDirectory({ client })
    await fail('192.0.2.1')
    assert.equal(await attempt(RIGHT, '192.0.2.2'), 401, String(client))
    for (let failures = 10; failures < 20; failures += 1) {
      clock.now += 30_000
      await fail('192.0.2.1', 1)
    }
    clock.now += 29_999
    assert.equal(await attempt(RIGHT, '192.0.2.2'), 401, String(client))
    clock.now += 1
    assert.equal(await attempt(RIGHT, '192.0.2.2'), 200, String(client))
  }
  assert.throws(() => directoryOf('arangodb', memoryStore(), { client: '192.0.2.1' }), { code: 'wrong_type' })
})

test('remembered passwords are not throttled, and a password that was not verified is not remembered', async () => {
  const { clock, directory, attempt, fail } = await throttledDirectory()
  const { body } = await send(directory, 'POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } })
  assert.equal(await attempt(RIGHT, ''), 200)
  await fail('')
  for (const later of [0, 999, 58_000]) {
    clock.now = 1e12 + later
    assert.equal(await attempt(RIGHT, ''), 200)
    assert.equal(await attempt(`Bearer ${body.jwt}`, ''), 200)
  }
  // It is verified again after a minute, unless it is throttled.
  for (let failures = 10; failures < 14; failures += 1) {
    clock.now += 30_000
    await fail('', 1)
  }
  for (let time = 0; time < 2; time += 1) assert.equal(await attempt(RIGHT, ''), 401)
  assert.equal(await attempt(`Bearer ${body.jwt}`, ''), 200)
})

test('a correct password is counted before it is verified, resets the count, and is not counted while it is remembered', async () => {
  const { store, attempt } = await throttledDirectory()
  const before = store.state
  for (const commits of [2, 0, 0]) {
    const already = store.commits
    assert.equal(await attempt(RIGHT, ''), 200)
    assert.deepEqual([store.state, store.commits - already], [before, commits])
  }
})

for (const [place, prepare] of Object.entries(sharedStores)) {
  // The correct one is among them, and all are sent before the first response.
  for (const right of [-1, 40, 63]) {
    test(`on ${place}: of 64 concurrent attempts ten are verified, and all get a response${right < 0 ? '' : `, number ${right} correct`}`, async (context) => {
      const openStore = prepare(context)
      const stores = [openStore(), openStore()]
      const directories = stores.map((store) => directoryOf('arangodb', store, { now: () => 1e12 }))
      await directories[0].seed(records.arangodb)
      const tries = Array.from({ length: 64 }, (_, index) =>
        send(directories[index % 2], 'GET', '/_db/shop/_api/version', { as: index === right ? RIGHT : WRONG }))
      const statuses = (await Promise.all(tries)).map(({ status }) => status)
      assert.deepEqual(statuses, Array(64).fill(401))
      const kept = await stores[0].scan('brake/', null, 5)
      assert.deepEqual(kept.map((/** @type {any} */ { value }) => JSON.parse(value).failures), [10])
      assert.equal((await send(directories[1], 'GET', '/_db/shop/_api/version', { as: RIGHT })).status, 401)
    })
  }
}

/**
 * Every other entry point that verifies a password, except WSO2's `me/change-password`: its caller has just proven the
 * same password. Each has a directory, a request with a password, and whether a response accepts it.
 * @type {Record<string, { system: string, given?: any, prepare?: (directory: any) => Promise<any>, request: (password: string, as: any) => [string, string, any], isAccepted?: (response: any) => boolean }>}
 */
const attempts = {
  'Ant Media, signing in': {
    system: 'antmedia',
    request: (password) => ['POST', '/rest/v2/users/authenticate', { body: { email: 'ann', password } }],
    isAccepted: ({ body }) => body.success,
  },
  'Ant Media, the own password': {
    system: 'antmedia',
    prepare: (directory) => sessionOf(directory, 'ann', 'annpass1'),
    request: (password, as) => ['POST', '/rest/v2/users/password', { as, body: { password, newPassword: 'other-word-1' } }],
    isAccepted: ({ body }) => body.success,
  },
  'Meuse, a token': {
    system: 'meuse',
    request: (password) => ['POST', '/api/v1/meuse/token', { body: { name: `t-${password}`, user: 'ann', password, validity: 1 } }],
  },
  'Tyk, signing in': {
    system: 'tyk',
    request: (password) => ['POST', '/api/login', { body: { email_address: 'ann@example.org', password } }],
  },
  'Tyk, signing in under its own limit': {
    system: 'tyk',
    given: { ...records.tyk, config: { login_failure_username_limit: 3 } },
    request: (password) => ['POST', '/api/login', { body: { email_address: 'ann@example.org', password } }],
  },
  'Tyk, the own password': {
    system: 'tyk',
    request: (password) => ['POST', '/api/users/ann/actions/reset', { as: 'a'.repeat(32), body: { current_password: password, new_password: 'other-word-1' } }],
  },
  'Tyk, the secret of the admin API': {
    system: 'tyk',
    given: { ...records.tyk, config: { admin_secret: 'annpass1' } },
    request: (password) => ['PUT', '/admin/users/ann', { headers: { 'admin-auth': password }, body: { first_name: 'Anna' } }],
  },
  'WSO2, Basic': {
    system: 'wso2',
    request: (password) => ['GET', '/scim2/Me', { as: basic(`ann:${password}`) }],
  },
  'WSO2, changePasswordByUser': {
    system: 'wso2',
    request: (password) => ['POST', '/services/UserAdmin/changePasswordByUser', { body: { userName: 'ann', oldPassword: password, newPassword: 'other-word-1' } }],
  },
  'ArangoDB, /_open/auth': {
    system: 'arangodb',
    given: { users: { ...records.arangodb.users, ann: { passwd: 'annpass1' } } },
    request: (password) => ['POST', '/_open/auth', { body: { username: 'ann', password } }],
  },
}

for (const [what, { system, given, prepare, request, isAccepted = (/** @type {any} */ { status }) => status < 300 }] of Object.entries(attempts)) {
  for (const guards of /** @type {const} */ (['off', 'strict'])) {
    /** @param {any} [parts] */
    const ready = async (parts) => {
      const store = memoryStore()
      const directories = [0, 1].map(() => directoryOf(system, store, { now: () => 1e12, ...(guards === 'strict' && { guards }), ...parts }))
      await directories[0].seed(given ?? records[system])
      const as = await prepare?.(directories[0])
      return async (/** @type {string} */ password, place = 0) => {
        const [method, path, rest] = request(password, as)
        return isAccepted(await send(directories[place % 2], method, path, rest))
      }
    }

    test(`${what}, guards ${guards}: of 64 concurrent attempts the correct one is refused if it exceeds the limit`, async () => {
      assert.equal(await (await ready())('annpass1'), true)
      for (const right of [12, 40, 63]) {
        const attempt = await ready()
        const all = Array.from({ length: 64 }, (_, place) => attempt(place === right ? 'annpass1' : `wrong-word-${place}`, 0))
        assert.deepEqual(await Promise.all(all), Array(64).fill(false), `number ${right}`)
        assert.equal(await attempt('annpass1'), false)
      }
    })

    test(`${what}, guards ${guards}: the limit also applies to two directories with one store`, async () => {
      const attempt = await ready()
      const all = Array.from({ length: 64 }, (_, place) => attempt(place === 62 ? 'annpass1' : `wrong-word-${place}`, place))
      assert.deepEqual(await Promise.all(all), Array(64).fill(false))
      for (const place of [0, 1]) assert.equal(await attempt('annpass1', place), false)
    })
  }
}

test('concurrent correct passwords are all accepted', async () => {
  const store = memoryStore()
  const directories = [0, 1].map(() => directoryOf('arangodb', store, { now: () => 1e12 }))
  await directories[0].seed(records.arangodb)
  for (const [method, path, rest] of /** @type {[string, string, any][]} */ ([
    ['POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } }],
    ['GET', '/_db/shop/_api/version', { as: RIGHT }],
  ])) {
    const responses = await Promise.all(Array.from({ length: 64 }, (_, place) => send(directories[place % 2], method, path, rest)))
    assert.deepEqual(responses.map(({ status }) => status), Array(64).fill(200))
  }
  assert.deepEqual(await store.scan('brake/', null, 5), [])
})

test('concurrent attempts do not exceed the limit of Tyk, also if a correct password would be refused', async () => {
  for (const [config, headers] of /** @type {[any, any][]} */ ([[{}, {}], [{}, { 'if-match': '"x"' }], [{ user_password_max_days: 1 }, {}]])) {
    const clock = { now: 1e12 }
    const directory = directoryOf('tyk', memoryStore(), { now: () => clock.now, cost: COST })
    await directory.seed({ ...records.tyk, config: { ...config, login_failure_username_limit: 3 } })
    clock.now += 3 * 86_400_000
    const attempt = (/** @type {string} */ password) => send(directory, 'POST', '/api/login', { headers, body: { email_address: 'ann@example.org', password } })
    const wrong = Array.from({ length: 39 }, (_, number) => attempt(`wrong ${number}`))
    const responses = await Promise.all([...wrong, attempt('annpass1')])
    assert.deepEqual(responses.map(({ status }) => status), Array(40).fill(401), JSON.stringify([config, headers]))
  }
})
