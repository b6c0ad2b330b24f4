// @ts-check
// The example of an edge worker on Cloudflare's runtime: sign-in, refusal, a change that a restart keeps, revocation.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Miniflare } from 'miniflare'
import ts from 'typescript'
import { bundle } from './bundle.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-edge-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const example = new URL('../../examples/edge-worker/', import.meta.url)
const { config } = ts.parseConfigFileTextToJson('wrangler.jsonc', readFileSync(new URL('wrangler.jsonc', example), 'utf8'))
const modules = await bundle('examples/edge-worker', config.main)

/** The runtime with the configuration of the example, and the output of the worker. @param {string} system */
function runtime(system) {
  const output = { text: '' }
  const [{ name, class_name: className }] = config.durable_objects.bindings
  const miniflare = new Miniflare({
    modules,
    host: '127.0.0.1',
    port: 0,
    compatibilityDate: config.compatibility_date,
    bindings: { SYSTEM: system },
    durableObjects: { [name]: { className, useSQLite: config.migrations[0].new_sqlite_classes.includes(className) } },
    durableObjectsPersist: join(folder, system),
    cf: false,
    handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.on('data', (text) => (output.text += text))),
  })
  after(() => miniflare.dispose().catch(() => {}))
  return {
    output,
    stop: () => miniflare.dispose(),
    /** @param {string} path @param {string} [authorization] @param {{ method?: string, body?: unknown }} [request] */
    async ask(path, authorization, { method = 'GET', body } = {}) {
      const headers = authorization === undefined ? {} : { authorization }
      const response = await miniflare.dispatchFetch(`http://worker${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    },
    /** The secret in the log. */
    async secret() {
      for (const end = Date.now() + 5_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
        const found = /Bootstrap ([0-9a-f]{64})/.exec(output.text)
        if (found) return found[1]
      }
      return assert.fail(`no secret in ${output.text}`)
    },
  }
}

const basic = (/** @type {string} */ name, /** @type {string} */ password) => `Basic ${btoa(`${name}:${password}`)}`

test('the configuration of the example names a class that the worker exports', () => {
  assert.equal(config.vars.SYSTEM, 'arangodb')
  assert.match(String(modules[0].contents), /export \{[^}]*\bLatchworkStore\b/)
  assert.deepEqual(modules.slice(1).map(({ path }) => path).sort(), ['directory.wasm', 'latchwork.wasm', 'legacy.wasm', 'password.wasm'])
})

test('arangodb: a user signs in, a change survives a restart, and a revocation applies to the next request', { timeout: 60_000 }, async () => {
  const first = runtime('arangodb')
  const asRoot = basic('root', 'tiger-and-lion')
  assert.equal((await first.ask('/_api/user', asRoot)).status, 401)
  const records = { users: { root: { passwd: 'tiger-and-lion' }, bob: { passwd: 'bears-of-bob' } } }
  assert.equal((await first.ask('/_latchwork/bootstrap', `Bootstrap ${await first.secret()}`, { method: 'POST', body: records })).status, 204)
  const { jwt } = (await first.ask('/_open/auth', undefined, { method: 'POST', body: { username: 'bob', password: 'bears-of-bob' } })).body
  assert.equal((await first.ask('/_api/user/bob', `Bearer ${jwt}`)).status, 200)
  assert.equal((await first.ask('/_api/user/root', `Bearer ${jwt}`)).status, 403)
  assert.equal((await first.ask('/_api/user/bob', asRoot, { method: 'PATCH', body: { extra: { desk: 7 } } })).status, 200)
  await first.stop()

  const second = runtime('arangodb')
  assert.deepEqual((await second.ask('/_api/user/bob', `Bearer ${jwt}`)).body.extra, { desk: 7 })
  assert.equal((await second.ask('/_api/user/bob', basic('bob', 'bears-of-bob'))).status, 200)
  assert.equal((await second.ask('/_api/user/bob', asRoot, { method: 'PATCH', body: { active: false } })).status, 200)
  for (const way of [`Bearer ${jwt}`, basic('bob', 'bears-of-bob')]) assert.equal((await second.ask('/_api/user', way)).status, 401)
  await second.stop()
  assert.doesNotMatch(second.output.text, /Bootstrap/)
  for (const { output } of [first, second]) assert.doesNotMatch(output.text, /tiger|bears|argon2/)
})

test('meuse: a token survives a restart, and ends with its user', { timeout: 60_000 }, async () => {
  const first = runtime('meuse')
  const user = { description: 'x', active: true }
  const records = { users: [{ ...user, name: 'ann', role: 'admin', password: 'tiger-and-lion' }, { ...user, name: 'ci', role: 'tech', password: 'bears-of-bob' }] }
  await first.ask('/')
  assert.equal((await first.ask('/_latchwork/bootstrap', `Bootstrap ${await first.secret()}`, { method: 'POST', body: records })).status, 204)
  const token = async (/** @type {string} */ name, /** @type {string} */ password) =>
    (await first.ask('/api/v1/meuse/token', undefined, { method: 'POST', body: { name: 't', user: name, password, validity: 1 } })).body.token
  const [ann, ci] = [await token('ann', 'tiger-and-lion'), await token('ci', 'bears-of-bob')]
  assert.equal((await first.ask('/api/v1/meuse/user', ci)).status, 403)
  await first.stop()

  const second = runtime('meuse')
  assert.equal((await second.ask('/api/v1/meuse/token', ci)).status, 200)
  assert.equal((await second.ask('/api/v1/meuse/user/ci', ann, { method: 'DELETE' })).status, 200)
  assert.equal((await second.ask('/api/v1/meuse/token', ci)).status, 403)
  assert.equal((await second.ask('/api/v1/meuse/user', ann)).body.users.length, 1)
  await second.stop()
})
