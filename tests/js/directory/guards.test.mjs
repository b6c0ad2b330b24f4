// @ts-check
// Strict guards through the package: two admins who take each other's rights away at once leave one, on every store.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'
import { directoryOf, send } from './products.mjs'
import { race, rivals } from './rivals.mjs'

/** Who makes a store, and another handle to the same one. @type {Record<string, (context: any) => () => any>} */
const places = {
  memory: () => {
    const store = memoryStore()
    return () => store
  },
  libsql: (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchwork-'))
    /** @type {any[]} */
    const open = []
    context.after(async () => {
      for (const store of open) await store.close()
      rmSync(folder, { recursive: true, force: true })
    })
    return () => {
      const store = libsqlStore({ file: join(folder, 'directory.db') })
      open.push(store)
      return store
    }
  },
}

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
