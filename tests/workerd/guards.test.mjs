// @ts-check
// Strict guards on a Durable Object: the same races as on the other stores.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { durableObjectStore } from 'latchwork/stores/durable-object'
import { race, concurrentAdmins } from '../js/support/directory/concurrent-admins.mjs'
import { objects } from './objects.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-guards-'))
const runtime = objects(folder)
const namespace = await runtime.getDurableObjectNamespace('STORE')
after(async () => {
  await runtime.dispose()
  rmSync(folder, { recursive: true, force: true })
})

let names = 0

for (const system of Object.keys(concurrentAdmins)) {
  test(`${system} on a Durable Object: of two admins who revoke each other concurrently one stays an admin`, { timeout: 60_000 }, () =>
    race(system, () => {
      const name = `rivals-${(names += 1)}`
      return () => durableObjectStore(/** @type {any} */ (namespace), { name })
    }),
  )
}
