// @ts-check
// Lifetime of a Tyk user's access key and sessions: which change ends which of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acting } from '../support/directory/credentials.mjs'
import { afterAnswer, ann, directoryOf, seeded, send } from '../support/directory/products.mjs'

const address = 'ann@example.org'
const user = '/api/users/ann'

/** Signs in, and returns the response. @param {any} directory @param {string} password @param {string} [email] */
async function signedIn(directory, password, email = address) {
  const { status, headers } = await send(directory, 'POST', '/api/login', { body: { email_address: email, password } })
  return status === 200 ? { cookie: headers.getSetCookie()[0].split(';')[0] } : null
}

/** ann's credentials of every kind, each of which holds. */
async function holding() {
  /** @type {any[]} */
  const mails = []
  const { directory, store, as } = await seeded('tyk', { sendMail: (/** @type {any} */ mail) => void mails.push(mail) })
  const session = /** @type {any} */ (await signedIn(directory, 'annpass1'))
  const other = /** @type {any} */ (await signedIn(directory, 'annpass1'))
  const look = (/** @type {any} */ credential, on = directory) => send(on, 'GET', '/api/users', { as: credential }).then(({ status }) => status)
  const statuses = async (on = directory) => [await look(ann.tyk, on), await look(session, on), await look(other, on)]
  const act = acting('tyk', directory, as.root)
  const keyOfAnn = async () => (await act('GET', user)).access_key
  assert.deepEqual(await statuses(), [200, 200, 200])
  return { directory, store, mails, session, other, look, statuses, act, keyOfAnn }
}

test('deactivating a user ends its sessions and suspends its key until it is activated again', async () => {
  const { directory, store, act, statuses } = await holding()
  const elsewhere = directoryOf('tyk', store)
  assert.deepEqual(await statuses(elsewhere), [200, 200, 200])
  await act('PUT', user, { active: false })
  assert.deepEqual(await statuses(), [401, 401, 401])
  assert.deepEqual(await statuses(elsewhere), [401, 401, 401])
  assert.equal(await signedIn(directory, 'annpass1'), null)
  await act('PUT', user, { active: true })
  assert.deepEqual(await statuses(), [200, 401, 401])
  assert.ok(await signedIn(directory, 'annpass1'))
})

test('a revoked credential stays invalid', async () => {
  const { act, statuses, look } = await holding()
  await act('PUT', `${user}/actions/revoke`)
  assert.deepEqual(await statuses(), [401, 401, 401])
  await act('PUT', user, { active: true })
  assert.deepEqual(await statuses(), [401, 401, 401])
  assert.equal(await look(''), 401, 'an empty key belongs to no user')
})

test('deleting a user ends its credentials, and a new user of the same address does not get them', async () => {
  const { directory, store, act, statuses, look } = await holding()
  await act('DELETE', user)
  assert.deepEqual(await statuses(), [401, 401, 401])
  assert.ok(![...store.entries].some(([key, { value }]) => /^(session|access-key|link|failures)/.test(key) && value.includes('"ann"')))
  await act('POST', '/api/users', { first_name: 'A', last_name: 'B', email_address: address, active: true, user_permissions: { users: 'read' }, password: 'annpass1' })
  assert.deepEqual(await statuses(), [401, 401, 401])
  assert.equal(await look(/** @type {any} */ (await signedIn(directory, 'annpass1'))), 200)
})

test('changing the own password ends the sessions and keeps the key', async () => {
  const { directory, session, statuses } = await holding()
  const change = (/** @type {string} */ current) => send(directory, 'POST', `${user}/actions/reset`, { as: session, body: { current_password: current, new_password: 'another one' } }).then(({ status }) => status)
  assert.equal(await change('wrong'), 403)
  assert.deepEqual(await statuses(), [200, 200, 200])
  assert.equal(await change('annpass1'), 200)
  assert.deepEqual(await statuses(), [200, 401, 401])
  assert.equal(await signedIn(directory, 'annpass1'), null)
  assert.ok(await signedIn(directory, 'another one'))
})

test('a password set by another user ends the sessions and the key', async () => {
  const ways = {
    'an admin': ['POST', `${user}/actions/reset`, { new_password: 'another one' }],
    'a link': ['POST', '/api/password/reset', { new_password: 'another one' }],
  }
  for (const [who, [method, path, body]] of Object.entries(ways)) {
    const { directory, mails, act, statuses, keyOfAnn, look } = await holding()
    await send(directory, 'POST', '/api/password/forgot', { body: { email_address: address } })
    await afterAnswer()
    await act(/** @type {string} */ (method), /** @type {string} */ (path), { .../** @type {any} */ (body), ...(who === 'a link' && { token: mails[0].token }) })
    assert.deepEqual(await statuses(), [401, 401, 401], who)
    assert.equal(await signedIn(directory, 'annpass1'), null, who)
    assert.ok(await signedIn(directory, 'another one'), who)
    assert.equal(await look(await keyOfAnn()), 200, who)
  }
})

test('a new key replaces the previous one at once', async () => {
  const { act, look, keyOfAnn } = await holding()
  await act('PUT', `${user}/actions/key/reset`)
  const key = await keyOfAnn()
  assert.notEqual(key, ann.tyk)
  assert.deepEqual([await look(ann.tyk), await look(key)], [401, 200])
})

test('signing out ends the session of the request', async () => {
  const { directory, session, statuses } = await holding()
  const logout = (/** @type {any} */ as) => send(directory, 'POST', '/api/logout', { as }).then(({ status }) => status)
  assert.equal(await logout(session), 200)
  assert.deepEqual(await statuses(), [200, 401, 200])
  assert.equal(await logout(session), 401)
  assert.equal(await logout(ann.tyk), 401)
})

test('a request with a cookie can end its session with any key, and an empty key header counts as missing', async () => {
  for (const key of [ann.tyk, 'an unknown key', '']) {
    const { directory, session, other, statuses } = await holding()
    const both = { ...session, authorization: key }
    assert.equal((await send(directory, 'GET', '/api/users', { as: both })).status, key === 'an unknown key' ? 401 : 200, key)
    assert.equal((await send(directory, 'POST', '/api/logout', { as: both })).status, 200, key)
    assert.deepEqual(await statuses(), [200, 401, 200], key)
    assert.equal((await send(directory, 'POST', '/api/logout', { as: { ...other, authorization: key } })).status, 200, key)
  }
  const { directory } = await holding()
  assert.equal((await send(directory, 'GET', '/api/users', { as: { authorization: '' } })).status, 401)
})

test('with strict guards the store has only digests of keys, and the keys stay valid', async () => {
  const { directory, store, as } = await seeded('tyk', { guards: 'strict' })
  const { body } = await send(directory, 'PUT', `${user}/actions/key/reset`, { as: as.root })
  assert.match(body.Meta, /^[0-9a-f]{32}$/)
  for (const key of [body.Meta, as.root]) {
    const { status, text } = await send(directory, 'GET', '/api/users/me', { as: key })
    assert.ok(status === 200 && text.includes('"access_key":""'), text)
  }
  for (const key of [body.Meta, ann.tyk, /** @type {string} */ (as.root)]) assert.ok(!store.state.includes(key), key)
})

test('the 129th session of a user ends the oldest', async () => {
  const { directory, store, session, other, look } = await holding()
  for (let count = 0; count < 126; count += 1) assert.ok(await signedIn(directory, 'annpass1'))
  assert.deepEqual([await look(session), await look(other)], [200, 200])
  await signedIn(directory, 'annpass1')
  assert.deepEqual([await look(session), await look(other)], [401, 200])
  assert.equal([...store.entries.keys()].filter((key) => key.startsWith('session')).length, 128)
})
