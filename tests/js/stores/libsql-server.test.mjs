// @ts-check
// The store on a libSQL server, with a test double of the server.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { libsqlStore } from 'latchwork/stores/libsql'
import { contents, contract, refused } from '../support/stores/contract.mjs'
import { HranaServer } from '../support/stores/hrana-server.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-servers-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const TOKEN = 'token-that-must-not-leak'

let files = 0
/** @type {HranaServer[]} */
const servers = []
after(() => servers.forEach((server) => server.close()))

async function serve() {
  const server = new HranaServer(join(folder, `${(files += 1)}.db`))
  servers.push(server)
  server.token = TOKEN
  const url = await server.listen()
  return { server, open: (/** @type {object} */ more = {}) => libsqlStore({ url, authToken: TOKEN, timeout: 5_000, ...more }) }
}

contract('libsql server', serve, { shared: true, runs: 25 })

const put = { key: 'a', expect: null, value: 'x' }

test('each call is one round trip, also a large or refused commit', async () => {
  const { server, open } = await serve()
  const store = open()
  await store.commit([put])
  const expectOneRequest = async (/** @type {() => Promise<unknown>} */ call) => {
    const before = server.requests
    await call()
    assert.equal(server.requests - before, 1)
  }
  const [a] = await contents(store)
  await expectOneRequest(() => store.read(['a', 'b']))
  await expectOneRequest(() => store.read(Array.from({ length: 2_500 }, (_, index) => `k${index}`)))
  await expectOneRequest(() => store.scan('', null, 10))
  await expectOneRequest(() => store.commit([{ key: 'a', expect: a.version }]))
  await expectOneRequest(() => store.commit([{ key: 'a', expect: a.version, value: 'y' }, ...Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, expect: null, value: '' }))]))
  await expectOneRequest(() => store.commit([put]))

  const later = open()
  const before = server.requests
  await later.read(['a'])
  assert.equal(server.requests - before, 2, 'one to see the format, one to read')
})

/** Whatever of an error can be printed. @param {unknown} error */
const printed = (error) => `${inspect(error, { depth: 20, showHidden: true })} ${/** @type {Error} */ (error).stack}`

/** Answers that are none. @type {import('../support/stores/hrana-server.mjs').Fault[]} */
const GARBAGE = [
  { text: '' }, { text: 'no JSON' }, { text: '<html>' }, { body: null }, { body: 5 }, { body: {} }, { body: { results: null } }, { body: { results: [] } }, { body: { results: [null, null] } },
  { body: { results: [{ type: 'ok' }, { type: 'ok' }] } }, { body: { results: [{ type: 'other' }, { type: 'other' }] } },
  { body: { results: Array.from({ length: 2 }, () => ({ type: 'ok', response: { type: 'close' } })) } },
  { body: { results: [{ type: 'ok', response: { type: 'execute', result: { cols: [], rows: [[]], affected_row_count: 0 } } }, { type: 'ok', response: { type: 'close' } }] } },
  { body: { results: [{ type: 'ok', response: { type: 'execute', result: { cols: [{ name: 'key' }, { name: 'value' }, { name: 'version' }], rows: [[5, 'x', null].map((value) => ({ type: 'float', value }))], affected_row_count: 0 } } }, { type: 'ok', response: { type: 'close' } }] } },
  { body: { results: [{ type: 'ok', response: { type: 'execute', result: { cols: [{ name: 'key' }, { name: 'value' }, { name: 'version' }], rows: [[{ type: 'text', value: 'a' }, { type: 'text', value: 'x' }, { type: 'integer', value: '9223372036854775807' }]], affected_row_count: 0 } } }, { type: 'ok', response: { type: 'close' } }] } },
]

/** Faults before which nothing was done. @type {import('../support/stores/hrana-server.mjs').Fault[]} */
const BEFORE = ['status', 'refuse', 'redirect', 'cut-before']

for (const fault of [...BEFORE, /** @type {const} */ ('cut-after'), ...GARBAGE]) {
  test(`a server that fails makes the store unavailable, reveals no secret, and leaves no partial commit: ${inspect(fault, { depth: 1, breakLength: Infinity }).slice(0, 80)}`, async () => {
    const { server, open } = await serve()
    const store = open()
    assert.equal(await store.commit([put]), true)
    const held = await contents(store)
    const changes = [{ key: 'a', expect: held[0].version, value: 'y' }, { key: 'b', expect: null, value: 'y' }]
    for (const call of [() => store.read(['a']), () => store.scan('', null, 1), () => store.commit(changes)]) {
      server.faults = [fault]
      const error = await refused(call, 'store_unavailable')
      assert.ok(!printed(error).includes(TOKEN), printed(error))
    }
    const now = (await contents(store)).map(({ key, value }) => [key, value])
    if (BEFORE.includes(fault)) assert.deepEqual(now, [['a', 'x']])
    else assert.deepEqual(now, [['a', 'y'], ['b', 'y']])
    assert.equal(await store.commit([{ key: 'c', expect: null, value: '' }]), true, 'the store goes on')

    const fresh = open()
    server.faults = [fault, fault, fault]
    await refused(() => fresh.commit([{ key: 'd', expect: null, value: '' }]), 'store_unavailable')
    server.faults = []
    assert.equal(await fresh.commit([{ key: 'd', expect: null, value: '' }]), true, 'and so does one that could not be opened')
  })
}

for (const fault of /** @type {const} */ (['stall', 'stall-body'])) {
  test(`a server that does not respond is a timeout: ${fault}`, { timeout: 10_000 }, async () => {
    const { server, open } = await serve()
    const store = open({ timeout: 200 })
    assert.equal(await store.commit([put]), true)
    server.faults = [fault, fault, fault]
    const calls = [() => store.read(['a']), () => store.scan('', null, 1), () => store.commit([{ key: 'b', expect: null, value: '' }])]
    await Promise.all(calls.map((call) => refused(call, 'store_unavailable')))
    assert.equal((await contents(store)).length, fault === 'stall' ? 1 : 2)
  })
}

test('a wrong token and an unreachable server make the store unavailable', async () => {
  const { open } = await serve()
  const wrong = 'another-token-that-must-not-leak'
  const error = await refused(() => open({ authToken: wrong }).read(['a']), 'store_unavailable')
  assert.match(printed(error), /401/)
  assert.ok(!printed(error).includes(wrong), printed(error))
  await refused(() => open({ authToken: undefined }).read(['a']), 'store_unavailable')
  // Port 9 is "discard": no server listens there.
  await refused(() => libsqlStore({ url: 'http://127.0.0.1:9', authToken: TOKEN }).commit([put]), 'store_unavailable')
})

test('an error of the server that is not a failed expectation is not a conflict', async () => {
  const { server, open } = await serve()
  const store = open()
  assert.equal(await store.commit([put]), true)
  const error = { message: 'CHECK constraint failed: expectation', code: 'SQLITE_CONSTRAINT' }
  const close = { type: 'ok', response: { type: 'close' } }
  // Of the whole request, and of the statement that begins the transaction: neither is a guard.
  const whole = { body: { results: [{ type: 'error', error }, close] } }
  for (const fault of [whole, { body: { results: [{ type: 'ok', response: { type: 'batch', result: { step_results: Array(5).fill(null), step_errors: [error, ...Array(4).fill(null)] } } }, close] } }]) {
    server.faults = [fault]
    await refused(() => store.commit([{ key: 'b', expect: null }, { key: 'c', expect: null, value: '' }]), 'store_unavailable')
  }
})
