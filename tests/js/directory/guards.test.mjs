// @ts-check
// Strict guards through the package: two admins who take each other's rights away at once leave one, on every store.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { places } from './places.mjs'
import { directoryOf, send } from './products.mjs'
import { race, rivals } from './rivals.mjs'

for (const [place, prepare] of Object.entries(places)) {
  for (const system of Object.keys(rivals)) {
    test(`${system} on ${place}: of two admins who turn on each other at once one is left`, (context) => race(system, () => prepare(context)))
  }
}

test('a refusal has the form of the product and the code of the guard', async () => {
  const { records, who } = rivals.meuse
  const directory = directoryOf('meuse', memoryStore(), { options: { guards: 'strict' } })
  await directory.seed(records)
  const answer = await send(directory, 'DELETE', '/api/v1/meuse/user/ada', await who[0](directory))
  assert.deepEqual([answer.status, answer.headers.get('latchwork-guard'), Object.keys(answer.body)], [403, 'own_rights', ['errors']])
})

test('records without anybody who could manage users are refused', async () => {
  const directory = directoryOf('meuse', memoryStore(), { options: { guards: 'strict' } })
  await assert.rejects(directory.seed(/** @type {any} */ ({ users: [{ name: 'ada', role: 'admin' }] })), { name: 'LatchworkError', code: 'no_admin' })
})
