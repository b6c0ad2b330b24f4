// @ts-check
// Strict guards through the package: if two administrators revoke each other's rights concurrently, the last administrator
// stays, on every store.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { sharedStores } from '../support/directory/shared-stores.mjs'
import { basic, directoryOf, seeded, send, sessionOf } from '../support/directory/products.mjs'
import { race, concurrentAdmins } from '../support/directory/concurrent-admins.mjs'

for (const [storeName, prepare] of Object.entries(sharedStores)) {
  for (const system of Object.keys(concurrentAdmins)) {
    test(`${system} on ${storeName}: two administrators who revoke each other's rights concurrently: the last administrator stays`, (context) => race(system, () => prepare(context)))
  }
}

test('a refusal has the form of the product, and the code of the guard in its header', async () => {
  const { records, who } = concurrentAdmins.meuse
  const directory = directoryOf('meuse', memoryStore(), { guards: 'strict' })
  await directory.seed(records)
  const answer = await send(directory, 'DELETE', '/api/v1/meuse/user/ada', await who[0](directory))
  assert.deepEqual([answer.status, answer.headers.get('latchwork-guard'), Object.keys(answer.body)], [403, 'own_account', ['errors']])
})

test('weak passwords and reserved names are refused', async () => {
  const { records, who } = concurrentAdmins.meuse
  const directory = directoryOf('meuse', memoryStore(), { guards: 'strict' })
  await directory.seed(records)
  const as = await who[0](directory)
  const make = async (/** @type {string} */ name, /** @type {string} */ password) => {
    const { status, headers, body } = await send(directory, 'POST', '/api/v1/meuse/user', { ...as, body: { name, password, role: 'tech', description: 'd', active: true } })
    return [status, headers.get('latchwork-guard'), ...Object.keys(body)]
  }
  assert.deepEqual(await make('marguerite', 'Trustno1'), [400, 'weak_password', 'errors'])
  assert.deepEqual(await make('marguerite', '84-marguerite'), [400, 'weak_password', 'errors'])
  assert.deepEqual(await make('Root', 'kelp-Orbit7-sled'), [400, 'reserved_name', 'errors'])
  assert.deepEqual(await make('marguerite', 'kelp-Orbit7-sled'), [200, null, 'ok'])
})

test('only the module of the directory contains the list of common passwords', () => {
  const holds = (/** @type {string} */ name) => readFileSync(new URL(`../../../pkg/wasm/${name}.wasm`, import.meta.url)).includes('trustno1')
  assert.deepEqual(['directory', 'latchwork', 'password', 'legacy'].map(holds), [true, false, false, false])
})

test('records without a user who can manage users are refused', async () => {
  const directory = directoryOf('meuse', memoryStore(), { guards: 'strict' })
  await assert.rejects(directory.seed(/** @type {any} */ ({ users: [{ name: 'ada', role: 'admin' }] })), { name: 'LatchworkError', code: 'no_admin' })
})

test('guards of names and passwords do not apply to the first records', async () => {
  const records = { users: [{ name: 'root', role: 'admin', password: 'x' }] }
  const directory = directoryOf('meuse', memoryStore(), { guards: 'strict' })
  const secret = await directory.bootstrap()
  const { status } = await send(directory, 'POST', '/_latchwork/bootstrap', { as: `Bootstrap ${secret}`, body: records })
  assert.equal(status, 204)
})

test('dropping a database does not remove a level on it', async () => {
  const directory = directoryOf('arangodb', memoryStore(), { guards: 'strict' })
  const grants = { _system: { level: 'rw' }, shop: { level: 'none' } }
  await directory.seed(/** @type {any} */ ({ databases: { shop: [] }, users: { cap: { passwd: 'x', active: true, grants } } }))
  const as = { as: `Basic ${btoa('cap:x')}` }
  const { status, headers } = await send(directory, 'DELETE', '/_api/database/shop', as)
  assert.deepEqual([status, headers.get('latchwork-guard')], [403, 'self_escalation'])
})

test('a new password ends all sessions and tokens of its user, also those of the request that sets it', async () => {
  for (const guards of [undefined, 'strict']) {
    const kept = guards === undefined
    const antmedia = await seeded('antmedia', { guards })
    const other = await sessionOf(antmedia.directory, 'ann', 'annpass1')
    const change = { email: 'ann', password: 'annpass1', newPassword: 'tiger and lion' }
    const changed = await send(antmedia.directory, 'POST', '/rest/v2/users/password', { as: antmedia.as.ann, body: change })
    assert.equal(changed.body.success, true, changed.text)
    const is = async (/** @type {any} */ as) => (await send(antmedia.directory, 'GET', '/rest/v2/admin-status', { as })).status === 200
    assert.deepEqual([await is(antmedia.as.ann), await is(other)], [kept, false])
    assert.equal(await is(await sessionOf(antmedia.directory, 'ann', 'tiger and lion')), true)

    const arangodb = await seeded('arangodb', { guards })
    const session = (await send(arangodb.directory, 'POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } })).body.jwt
    const { token } = (await send(arangodb.directory, 'POST', '/_db/shop/_api/token/ann', { as: arangodb.as.ann, body: { name: 'laptop', valid_until: 4_000_000_000 } })).body
    assert.ok(session && token)
    const set = await send(arangodb.directory, 'PATCH', '/_db/shop/_api/user/ann', { as: `Bearer ${session}`, body: { passwd: 'tiger and lion' } })
    assert.equal(set.status, 200, set.text)
    const status = async (/** @type {string} */ as) => (await send(arangodb.directory, 'GET', '/_db/shop/_api/version', { as })).status
    assert.deepEqual([await status(`Bearer ${session}`), await status(basic(`:${token}`))], [401, kept ? 200 : 401])
  }
})
