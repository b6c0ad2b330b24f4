// @ts-check
// Strict guards through the package: if two administrators revoke each other's rights concurrently, the last administrator
// stays, on every store.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { sharedStores } from '../support/directory/shared-stores.mjs'
import { directoryOf, send } from '../support/directory/products.mjs'
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
