// @ts-check
// The store in a Durable Object without the runtime; `tests/workerd/` has the rest.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durableObjectStore } from 'latchwork/stores/durable-object'
import { refused } from '../support/stores/contract.mjs'

/** A stub that answers this. @param {number} status @param {string} text */
const stub = (status, text) => ({ fetch: async () => ({ status, text: async () => text }) })

const calls = /** @type {((store: import('latchwork/stores/durable-object').Store) => Promise<unknown>)[]} */ ([
  (store) => store.read(['a']), (store) => store.scan('', null, 1), (store) => store.commit([{ key: 'a', expect: null, value: '' }]),
])

test('an invalid binding is refused at once', () => {
  const open = /** @type {any} */ (durableObjectStore)
  for (const binding of [undefined, null, {}, 'STORE', 5, () => {}]) assert.throws(() => open(binding), { name: 'LatchworkError', code: 'wrong_type' })
  for (const options of [null, 'name', { name: 5 }]) assert.throws(() => open(stub(200, ''), options), { name: 'LatchworkError', code: 'wrong_type' })
})

test('an object that returns invalid data is unavailable', async () => {
  const entry = { key: 'a', value: 'x', version: 1 }
  for (const answer of [
    '', 'no JSON', 'null', '5', '{}', '[]', '{"code":"internal"}', '{"answer":null}', '{"answer":5}', '{"answer":"yes"}', '{"answer":{}}', '{"answer":[null]}', '{"answer":[{}]}',
    JSON.stringify({ answer: [{ ...entry, version: '1' }] }), JSON.stringify({ answer: [{ ...entry, version: 2 ** 53 }] }), JSON.stringify({ answer: [{ ...entry, value: null }] }),
  ]) {
    for (const status of [200, 500]) {
      for (const call of calls) await refused(() => call(durableObjectStore(stub(status, answer))), 'store_unavailable')
    }
  }
})

test('an object that cannot be reached is unavailable, and a broken stub is not used again', async () => {
  let stubs = 0
  const namespace = {
    idFromName: (/** @type {string} */ name) => name,
    get: () => {
      stubs += 1
      return { fetch: () => Promise.reject(new Error('the object was reset')) }
    },
  }
  const store = durableObjectStore(namespace)
  for (const call of calls) {
    const error = await refused(() => call(store), 'store_unavailable')
    assert.match(String(error.cause), /the object was reset/)
  }
  assert.equal(stubs, 3)
})

test('an object with tables of another format is an error', async () => {
  for (const call of calls) await refused(() => call(durableObjectStore(stub(500, '{"code":"unknown_format","message":"format 2"}'))), 'unknown_format')
})
