// @ts-check
// Authentication by the host (`identify`): a name replaces the product's credentials, and nothing else.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { admin, ann, assertRefused, basic, directoryOf, headersOf, isRefusal, seedDirectory, records, SECRET, seeded, send, systems, usersPath } from '../support/directory/products.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'

/** What an identity provider would send along. @param {string} name */
const token = (name) => ({ 'x-access-user': name })

/** @param {{ headers: Headers, url: string }} request */
const identify = ({ headers }) => headers.get('x-access-user') ?? undefined

/** A user who cannot sign in. @type {Record<string, any>} */
const inactive = {
  arangodb: { ...records.arangodb, users: { ...records.arangodb.users, off: { passwd: 'x', active: false } } },
  meuse: { ...records.meuse, users: [...records.meuse.users, { name: 'off', role: 'admin', active: false, password: 'long enough' }] },
  tyk: { ...records.tyk, users: [...records.tyk.users, { id: 'off', active: false, email_address: 'off@example.org', user_permissions: { IsAdmin: 'admin' } }] },
}

for (const system of systems) {
  const { list, make } = usersPath[system]

  test(`${system}: an identified user has the same rights as one who signed in`, async () => {
    /** @type {any[]} */
    const events = []
    const { directory, as } = await seeded(system, { identify, log: (/** @type {any} */ event) => events.push(event) })
    for (const name of ['root', 'ann']) {
      const [identified, signedIn] = [await send(directory, 'GET', list, { as: token(name) }), await send(directory, 'GET', list, { as: as[/** @type {'root' | 'ann'} */ (name)] })]
      assert.deepEqual([identified.status, identified.body], [signedIn.status, signedIn.body], name)
      const [first, second] = events.splice(-2)
      assert.deepEqual([first.actor, first.decisions], [second.actor, second.decisions])
      assert.equal(first.actor, name)
    }
    const body = { arangodb: { user: 'new' }, meuse: { name: 'new', password: 'long enough', description: 'd', role: 'tech', active: true }, tyk: { first_name: 'N', last_name: 'U', email_address: 'new@example.org', user_permissions: { apis: 'read' } }, wso2: { userName: 'new', password: 'longenough' }, antmedia: { email: 'new', password: 'p', scope: 'LiveApp', userType: 'USER' } }[system]
    assert.ok(isRefusal(system, await send(directory, 'POST', make, { as: token('ann'), body })))
    assert.ok(!isRefusal(system, await send(directory, 'POST', make, { as: token('root'), body })))
  })

  test(`${system}: with \`undefined\` the product's credentials are used, with a name they are ignored`, async () => {
    const { directory, as } = await seeded(system, { identify })
    const { directory: alone } = await seeded(system)
    const [with_hook, without] = [await send(directory, 'GET', list), await send(alone, 'GET', list)]
    assert.deepEqual([with_hook.status, with_hook.text], [without.status, without.text])
    assert.equal((await send(directory, 'GET', list, { as: as.root })).status, 200)
    const both = await send(directory, 'GET', list, { as: { ...headersOf(as.root), ...token('ann') } })
    const own = await send(directory, 'GET', list, { as: as.ann })
    assert.deepEqual([both.status, both.body], [own.status, own.body])
  })

  test(`${system}: a refusal, a failure, an unknown and an inactive user get the same 401, and the log has the reason`, async () => {
    const store = new FaultyStore()
    const given = inactive[system] ?? records[system]
    const plain = directoryOf(system, store)
    await seedDirectory(system, plain, given)
    if (system === 'wso2') {
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', value: { active: false } }] }
      assert.equal((await send(plain, 'PATCH', '/scim2/Users/ann', { as: admin.wso2, body })).status, 200)
    }
    const { state } = store
    const answers = new Set()
    const outcomes = {
      'null': () => null,
      'a promise of null': async () => null,
      'an exception': () => { throw new Error('no key') },
      'a rejection': async () => { throw new Error('no key') },
      'a revoked proxy as exception': () => { throw revoked() },
      'a number': () => 5,
      'an object': () => ({ name: 'root' }),
      'false': () => false,
      'no text': () => '\ud800',
      'a long name': () => 'x'.repeat(5_000),
      'an empty name': () => '',
      'nobody': () => 'nobody',
      'a member of every object': () => '__proto__',
      ...(inactive[system] && { 'an inactive user': () => 'off' }),
      ...(system === 'wso2' && { 'an inactive user': () => 'ann' }),
    }
    for (const [what, hook] of Object.entries(outcomes)) {
      /** @type {any[]} */
      const events = []
      const directory = directoryOf(system, store, { identify: hook, log: (/** @type {any} */ event) => events.push(event) })
      const answer = await send(directory, 'GET', list, { as: admin[system] })
      assert.equal(answer.status, 401, what)
      assertRefused(system, answer, what)
      answers.add(answer.text + JSON.stringify([...answer.headers]))
      assert.deepEqual([events.length, events[0].status, events[0].actor, events[0].failure.code], [1, 401, null, 'unauthorized'], what)
    }
    assert.equal(answers.size, 1)
    assert.equal(store.state, state)
  })

  test(`${system}: the hook gets copies of the headers and the URL, and no body`, async () => {
    /** @type {any[]} */
    const seen = []
    const { store } = await seeded(system)
    const directory = directoryOf(system, store, { identify: (/** @type {any} */ request) => {
      seen.push(Object.keys(request).join(), request.url, request.headers.get('x-access-user'))
      request.headers.set('x-access-user', 'root')
      return null
    } })
    const { state } = store
    const body = new ReadableStream({ pull: () => assert.fail('the body was read') }, { highWaterMark: 0 })
    const init = /** @type {RequestInit} */ ({ method: 'POST', body, headers: token('ann'), duplex: 'half' })
    assert.equal((await directory.fetch(new Request(`http://127.0.0.1${make}?x=1`, init))).status, 401)
    assert.deepEqual(seen, ['headers,url', `http://127.0.0.1${make}?x=1`, 'ann'])
    assert.equal(store.state, state)
  })

  test(`${system}: an identity does not replace the operator's secret`, async () => {
    const store = new FaultyStore()
    const directory = directoryOf(system, store, { identify: () => 'root' })
    const secret = await directory.bootstrap()
    assert.equal((await send(directory, 'POST', '/_latchwork/bootstrap', { body: records[system] })).status, 401)
    assert.equal((await send(directory, 'POST', '/_latchwork/bootstrap', { as: `Bootstrap ${secret}`, body: records[system] })).status, 204)
  })
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

test('a hook that does not finish in time is a 401', async () => {
  const { directory } = await seeded('meuse', { identify: () => new Promise(() => {}), limits: { identifyTime: 20 } })
  assert.equal((await send(directory, 'GET', usersPath.meuse.list, { as: admin.meuse })).status, 401)
})

test('an identity does not replace a current password', async () => {
  const password = 'anotherLong1'
  const { directory: wso2 } = await seeded('wso2', { identify: () => 'ann' })
  for (const [currentPassword, status] of [['wrong', 400], ['annpass1', 200]]) {
    const { status: got } = await send(wso2, 'POST', '/api/am/devportal/v3/me/change-password', { body: { currentPassword, newPassword: password } })
    assert.equal(got, status)
  }
  const { directory: tyk } = await seeded('tyk', { identify: () => 'root' })
  const reset = (/** @type {any} */ body) => send(tyk, 'POST', '/api/users/root/actions/reset', { body })
  assert.ok((await reset({ current_password: 'wrong', new_password: password })).status >= 400)
  assert.equal((await reset({ current_password: 'rootpass', new_password: password })).status, 200)
  const { directory: antmedia } = await seeded('antmedia', { identify })
  const change = (/** @type {string} */ current) => send(antmedia, 'POST', '/rest/v2/users/password', { as: token('ann'), body: { password: current, newPassword: password } })
  assert.equal((await change('wrong')).body.success, false)
  assert.equal((await change('annpass1')).body.success, true)
  assert.equal((await send(antmedia, 'POST', '/rest/v2/users/authenticate', { body: { email: 'ann', password } })).body.success, true)
  const { directory: arangodb } = await seeded('arangodb', { identify: () => 'root' })
  assert.equal((await send(arangodb, 'POST', '/_open/auth', { body: { username: 'root', password: 'wrong' } })).status, 401)
  assert.equal((await send(arangodb, 'POST', '/_api/user/ann', { body: { passwd: 'wrong' } })).body.result, undefined)
  const { directory: meuse } = await seeded('meuse', { identify: () => 'root' })
  assert.equal((await send(meuse, 'POST', '/api/v1/meuse/token', { body: { name: 't', user: 'root', password: 'wrong one', validity: 1 } })).status, 403)
})

test('an identity does not replace an operator\'s secret, and ends no session', async () => {
  const { directory: tyk } = await seeded('tyk', { identify: () => 'root' })
  const allow = (/** @type {any} */ as) => send(tyk, 'PUT', '/admin/users/ann/actions/allow_reset_passwords', { as })
  assert.equal((await allow(undefined)).status, 401)
  assert.equal((await allow({ 'admin-auth': records.tyk.config.admin_secret })).status, 200)
  assert.equal((await send(tyk, 'POST', '/api/logout')).status, 401)
  const { directory: antmedia, as } = await seeded('antmedia', { identify })
  assert.equal((await send(antmedia, 'DELETE', '/rest/v2/users/logout', { as: { ...headersOf(as.root), ...token('root') } })).status, 200)
  assert.equal((await send(antmedia, 'GET', '/rest/v2/user-list', { as: as.root })).status, 200)
})

test('strict guards apply to an identified user as to one who signed in', async () => {
  const { directory } = await seeded('arangodb', { identify, guards: 'strict' })
  const raise = { method: 'PUT', path: '/_api/user/root/database/shop', body: { grant: 'ro' } }
  const seen = []
  for (const as of [token('root'), basic('root:rootpass')]) {
    const { status, headers } = await send(directory, raise.method, raise.path, { as, body: raise.body })
    seen.push([status, headers.get('latchwork-guard')])
  }
  assert.deepEqual(seen[0], seen[1])
  assert.equal(seen[0][0], 403)
  assert.ok(ann.arangodb)
})

test('an identity does not extend the paths that an ArangoDB token is restricted to', async () => {
  const { directory } = await seeded('arangodb', { identify: () => 'root' })
  const encode = (/** @type {any} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: 'arangodb', preferred_username: 'ann', exp: 4e9, allowed_paths: ['/_api/version'] })}`
  const as = `Bearer ${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
  assert.equal((await send(directory, 'GET', '/_api/user')).status, 200)
  assert.equal((await send(directory, 'GET', '/_api/version', { as })).status, 200)
  assert.equal((await send(directory, 'GET', '/_api/user', { as })).status, 401)
})
