// @ts-check
// arangors and arangors_lite, as they are, make connections and manage databases and users.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { file, serve } from '../js/support/serve-process.mjs'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = join(root, 'tests/clients/rust/Cargo.toml')
/** The crate's own builds and this one do not undo each other's work. */
const target = join(root, 'target/clients')
const ROOT_PASSWORD = 'of root'
const RECORDS = { users: { root: { passwd: ROOT_PASSWORD, grants: { _system: { level: 'rw' }, '*': { level: 'rw' } } } } }

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
before(async () => {
  server = await serve('--system', 'arangodb', '--seed', file(RECORDS))
})
after(() => server?.stop())

test('the clients compile', { timeout: 600_000 }, async (context) => {
  const started = Date.now()
  const { code, output } = await run('cargo', ['build', '--quiet', '--locked', '--manifest-path', manifest, '--target-dir', target], { patience: 590_000 })
  assert.equal(code, 0, output)
  context.diagnostic(`built in ${((Date.now() - started) / 1_000).toFixed(1)} s`)
})

for (const client of ['arangors', 'arangors_lite']) {
  test(client, { timeout: 60_000 }, async () => {
    const { code, output } = await run(join(target, 'debug/rust-clients'), [client], { env: { DIRECTORY_URL: server.address, ROOT_PASSWORD } })
    assert.equal(code, 0, output)
  })
}
