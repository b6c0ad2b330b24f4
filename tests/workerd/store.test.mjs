// @ts-check
// The store in a Durable Object, on Cloudflare's runtime.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { durableObjectStore } from 'latchwork/stores/durable-object'
import { contents, contract, refused } from '../js/support/stores/contract.mjs'
import { COUNTER } from '../js/support/stores/counter.mjs'
import { objects } from './objects.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-objects-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const miniflare = objects(folder)
after(() => miniflare.dispose())
const namespace = await miniflare.getDurableObjectNamespace('STORE')

let names = 0
const fresh = () => `object ${(names += 1)}`

contract('durable object', () => {
  const name = fresh()
  return { open: () => durableObjectStore(namespace, { name }) }
}, { shared: true, runs: 15 })

/** Asks a store that runs in the worker. @param {string} call @param {unknown[]} args @param {{ name: string, stub?: boolean }} where */
async function inWorker(call, args, where) {
  const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify({ call, args, ...where }) })
  return /** @type {any} */ (await response.json())
}

const put = { key: 'a', expect: null, value: 'x\0😀' }

test('the store works inside of a worker, by a namespace and by a stub', async () => {
  for (const stub of [false, true]) {
    const where = { name: fresh(), stub }
    assert.deepEqual(await inWorker('commit', [[put]], where), { result: true })
    assert.deepEqual(await inWorker('commit', [[put]], where), { result: false })
    assert.deepEqual(await inWorker('read', [['a', 'b']], where), { result: [{ key: 'a', value: put.value, version: 1 }, null] })
    assert.equal((await inWorker('scan', ['a', null, -1], where)).code, 'out_of_range')
  }
})

test('each name is a store of its own, and a missing name has a default', async () => {
  const [one, two] = [durableObjectStore(namespace, { name: fresh() }), durableObjectStore(namespace, { name: fresh() })]
  assert.equal(await one.commit([put]), true)
  assert.deepEqual(await contents(two), [])
  assert.equal(await durableObjectStore(namespace).commit([put]), true)
  assert.equal((await contents(durableObjectStore(namespace, { name: 'latchwork' }))).length, 1)
})

test('commits are kept when the runtime restarts', async () => {
  const first = objects(folder)
  const name = fresh()
  const before = durableObjectStore(await first.getDurableObjectNamespace('STORE'), { name })
  assert.equal(await before.commit([put]), true)
  const held = await contents(before)
  await first.dispose()
  const second = objects(folder)
  try {
    const again = durableObjectStore(await second.getDurableObjectNamespace('STORE'), { name })
    assert.deepEqual(await contents(again), held)
    assert.equal(await again.commit([{ ...put, expect: held[0].version }]), true)
    assert.ok((await contents(again))[0].version > held[0].version)
  } finally {
    await second.dispose()
  }
})

test('a class without SQLite storage is unavailable, and the cause names the reason', async () => {
  const without = objects(folder, false)
  try {
    const store = durableObjectStore(await without.getDurableObjectNamespace('STORE'))
    const error = await refused(() => store.commit([put]), 'store_unavailable')
    assert.match(String(error.cause), /SQLite|SQL/)
  } finally {
    await without.dispose()
  }
})

test('64 writers in a worker: no increment is lost', { timeout: 60_000 }, async (t) => {
  const name = fresh()
  const { result } = await inWorker('increments', [64, 50], { name })
  t.diagnostic(`${result} tries were refused`)
  assert.equal((await durableObjectStore(namespace, { name }).read([COUNTER]))[0]?.value, '3200')
})
