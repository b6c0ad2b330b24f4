// @ts-check
// Lifetime of each kind of credential when its user is deactivated, deleted, created again, or gets a new password; and
// remembered passwords.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash } from 'latchwork/password'
import { countedWork } from '../support/directory/credentials.mjs'
import { admin, basic, COST, directoryOf, meuseToken, seeded, send } from '../support/directory/products.mjs'

const work = countedWork()
const users = '/_api/user/ann'
const look = (/** @type {any} */ directory, /** @type {string} */ as) => send(directory, 'GET', users, { as }).then(({ status }) => status)
const asRoot = { as: admin.arangodb }

/** ArangoDB: ann's credentials of every kind, each of which holds. */
async function arango() {
  const { directory, store } = await seeded('arangodb')
  const { body } = await send(directory, 'POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } })
  const kinds = { password: basic('ann:annpass'), token: `Bearer ${body.jwt}` }
  // Twice, so that the password is remembered.
  for (const as of [...Object.values(kinds), kinds.password]) assert.equal(await look(directory, as), 200)
  const before = work.verified
  assert.equal(await look(directory, kinds.password), 200)
  assert.equal(work.verified, before, 'a right password is remembered')
  return { directory, store, kinds, statuses: async () => [await look(directory, kinds.password), await look(directory, kinds.token)] }
}

test('arangodb: deactivating a user suspends its credentials at once, until it is activated again', async () => {
  const { directory, statuses } = await arango()
  await send(directory, 'PATCH', users, { ...asRoot, body: { active: false } })
  assert.deepEqual(await statuses(), [401, 401])
  await send(directory, 'PATCH', users, { ...asRoot, body: { active: true } })
  assert.equal((await statuses())[0], 200)
})

test('arangodb: deleting a user ends its credentials, and a new user of the same name does not get them', async () => {
  const { directory, kinds, statuses } = await arango()
  assert.equal((await send(directory, 'DELETE', users, asRoot)).status, 202)
  assert.deepEqual(await statuses(), [401, 401])
  assert.equal((await send(directory, 'POST', '/_api/user', { ...asRoot, body: { user: 'ann', passwd: 'other' } })).status, 201)
  assert.deepEqual(await statuses(), [401, 401])
  assert.equal(await look(directory, basic('ann:other')), 200)
  // Also when the new one happens to have the same password, an old token is not hers.
  await send(directory, 'DELETE', users, asRoot)
  await send(directory, 'POST', '/_api/user', { ...asRoot, body: { user: 'ann', passwd: 'annpass' } })
  assert.deepEqual([await look(directory, kinds.password), await look(directory, kinds.token)], [200, 401])
})

for (const method of ['PATCH', 'PUT']) {
  test(`arangodb: a new password by ${method} ends the old one, remembered or not, and the tokens`, async () => {
    const { directory, statuses } = await arango()
    assert.equal((await send(directory, method, users, { ...asRoot, body: { passwd: 'another' } })).status, 200)
    assert.deepEqual(await statuses(), [401, 401])
    assert.equal(await look(directory, basic('ann:another')), 200)
  })
}

test('arangodb: a change applies at once in another directory with the same store', async () => {
  const { directory, store, kinds } = await arango()
  const other = directoryOf('arangodb', store)
  for (const as of Object.values(kinds)) assert.equal(await look(other, as), 200)
  await send(directory, 'PATCH', users, { ...asRoot, body: { passwd: 'another' } })
  for (const as of Object.values(kinds)) assert.equal(await look(other, as), 401)
})

test('arangodb: a token expires', async () => {
  let now = 1_700_000_000_000
  const { directory } = await seeded('arangodb', { now: () => now })
  const { body } = await send(directory, 'POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } })
  now += 3_599_000
  assert.equal(await look(directory, `Bearer ${body.jwt}`), 200)
  now += 1_000
  assert.equal(await look(directory, `Bearer ${body.jwt}`), 401)
})

const crate = '/api/v1/meuse/crate'
const list = (/** @type {any} */ directory, /** @type {string} */ as) => send(directory, 'GET', crate, { as }).then(({ status, body }) => (status === 200 ? 200 : body.errors[0].detail))
const change = (/** @type {any} */ directory, /** @type {any} */ body) => send(directory, 'POST', '/api/v1/meuse/user/ann', { as: admin.meuse, body })

test('meuse: tokens are suspended while their user is inactive, survive a new password, and end with their user', async () => {
  const { directory } = await seeded('meuse')
  const made = await send(directory, 'POST', '/api/v1/meuse/token', { body: { name: 't', user: 'ann', password: 'annpass1', validity: 1 } })
  const tokens = [meuseToken('a'), made.body.token]
  const listWithAllTokens = () => Promise.all(tokens.map((token) => list(directory, token)))
  assert.deepEqual(await listWithAllTokens(), [200, 200])
  await change(directory, { active: false })
  assert.deepEqual(await listWithAllTokens(), ['user is not active', 'user is not active'])
  assert.equal((await send(directory, 'POST', '/api/v1/meuse/token', { body: { name: 'u', user: 'ann', password: 'annpass1', validity: 1 } })).status, 403)
  await change(directory, { active: true })
  assert.deepEqual(await listWithAllTokens(), [200, 200])
  await change(directory, { password: 'another1' })
  assert.deepEqual(await listWithAllTokens(), [200, 200])
  for (const [password, status] of [['annpass1', 403], ['another1', 200]]) {
    assert.equal((await send(directory, 'POST', '/api/v1/meuse/token', { body: { name: `n${status}`, user: 'ann', password, validity: 1 } })).status, status)
  }
  await send(directory, 'DELETE', '/api/v1/meuse/token', { as: admin.meuse, body: { name: 't', user: 'ann' } })
  assert.deepEqual(await listWithAllTokens(), [200, 'token not found'])
  await send(directory, 'DELETE', '/api/v1/meuse/user/ann', { as: admin.meuse })
  assert.deepEqual(await listWithAllTokens(), ['token not found', 'token not found'])
  const again = { name: 'ann', password: 'annpass1', description: 'd', role: 'admin', active: true }
  assert.equal((await send(directory, 'POST', '/api/v1/meuse/user', { as: admin.meuse, body: again })).status, 200)
  assert.deepEqual(await listWithAllTokens(), ['token not found', 'token not found'])
})

test('meuse: a token expires, and a change of role applies to it', async () => {
  let now = 0
  const { directory } = await seeded('meuse', { now: () => now })
  const made = await send(directory, 'POST', '/api/v1/meuse/token', { body: { name: 't', user: 'ann', password: 'annpass1', validity: 1 } })
  const check = () => send(directory, 'POST', '/api/v1/meuse/category', { as: made.body.token, body: { name: `c${now}`, description: 'd' } })
  assert.equal((await check()).status, 403)
  await change(directory, { role: 'admin' })
  assert.equal((await check()).status, 200)
  now = 86_399_999
  assert.equal((await check()).status, 200)
  now += 1
  assert.equal((await check()).body.errors[0].detail, 'invalid token')
})

test('a correct password is remembered for one minute, a wrong one never', async () => {
  let now = 1_700_000_000_000
  const { directory } = await seeded('arangodb', { now: () => now })
  const costs = async (/** @type {string} */ text) => {
    const before = work.verified
    const status = await look(directory, basic(text))
    return [status, work.verified - before]
  }
  assert.deepEqual(await costs('ann:annpass'), [200, 1])
  now += 59_999
  assert.deepEqual(await costs('ann:annpass'), [200, 0])
  now += 1
  assert.deepEqual(await costs('ann:annpass'), [200, 1])
  // A clock that is set back makes it no longer.
  now -= 10_000_000
  assert.deepEqual(await costs('ann:annpass'), [200, 1])
  for (let round = 0; round < 3; round += 1) assert.deepEqual(await costs('ann:wrong'), [401, 1])
  assert.deepEqual(await costs('ann:annpass'), [200, 0])
  assert.deepEqual(await costs('root:annpass'), [401, 1])
})

test('at most 1,024 correct passwords are remembered', async () => {
  const { directory, store } = await seeded('arangodb')
  const ann = /** @type {any} */ (store.entries.get('user/ann'))
  // The same hash, under a thousand names: each is a credential of its own where its hash is.
  const names = Array.from({ length: 1_100 }, (_, index) => `user-${index}`)
  for (const name of names) {
    const hashed = await hash(`${name} pass`, COST)
    store.entries.set(`user/${name}`, { key: `user/${name}`, value: JSON.stringify({ ...JSON.parse(ann.value), hash: hashed }), version: 1 })
  }
  const signIn = (/** @type {string} */ name) => send(directory, 'GET', `/_api/user/${name}`, { as: basic(`${name}:${name} pass`) }).then(({ status }) => status)
  for (const name of names) assert.equal(await signIn(name), 200)
  work.verified = 0
  for (const name of names.slice(-1_024)) assert.equal(await signIn(name), 200)
  assert.equal(work.verified, 0)
  for (const name of names.slice(0, 76)) assert.equal(await signIn(name), 200)
  assert.equal(work.verified, 76)
})
