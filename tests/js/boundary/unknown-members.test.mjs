// @ts-check
// Unknown members in arguments of the package are refused, and never ignored.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatchworkError, classify, open, validate } from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { hash, needsRehash, verify } from 'latchwork/password'
import { verify as verifyLegacy } from 'latchwork/password-legacy'
import { durableObjectStore } from 'latchwork/stores/durable-object'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'

const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech' }] })
const question = { subject: 'ann', action: 'user.update', resource: 'user:ann' }
const stored = await hash('a password', { memory: 64, passes: 1, parallelism: 1 })
const stub = { fetch: async () => new Response('{}') }

/** With one misspelled or foreign member each: the call, the code of its error, and what the message names. @type {Record<string, [() => unknown, string?]>} */
const calls = {
  'the question of decide': [() => authorizer.decide(/** @type {any} */ ({ ...question, unknown: { fields: ['role'] } }))],
  'the question of explain': [() => authorizer.explain(/** @type {any} */ ({ ...question, unknown: undefined }))],
  'a question of canMany': [() => authorizer.canMany([/** @type {any} */ (question), /** @type {any} */ ({ ...question, unknown: 1 })])],
  'the request of classify': [() => classify('meuse', /** @type {any} */ ({ method: 'GET', path: '/api/v1/meuse/token', unknown: '?user=bob' }))],
  'the records of open': [() => open('meuse', /** @type {any} */ ({ users: [], unknown: [] })), 'invalid_records'],
  'the options of `createDirectory`': [() => createDirectory(/** @type {any} */ ({ system: 'meuse', store: memoryStore(), unknown: 1 }))],
  'the limits of a directory': [() => createDirectory(/** @type {any} */ ({ system: 'meuse', store: memoryStore(), limits: { unknown: 1 } }))],
  'the options of hash': [() => hash('a password', /** @type {any} */ ({ unknown: 64 })), 'invalid_cost'],
  'the options of verify': [() => verify('a password', stored, /** @type {any} */ ({ unknown: 64 })), 'invalid_cost'],
  'the options of needsRehash': [() => needsRehash(stored, /** @type {any} */ ({ unknown: 64 })), 'invalid_cost'],
  'the options of the legacy verify': [() => verifyLegacy('a password', stored, /** @type {any} */ ({ unknown: 64 })), 'invalid_cost'],
  'the options of libsqlStore': [() => libsqlStore(/** @type {any} */ ({ file: 'x.db', unknown: 1 }))],
  'the options of durableObjectStore': [() => durableObjectStore(stub, /** @type {any} */ ({ unknown: 'x' }))],
  'a change of a commit': [() => memoryStore().commit([/** @type {any} */ ({ key: 'a', expect: null, unknown: 'x' })])],
}

for (const [what, [call, code = 'invalid_value']] of Object.entries(calls)) {
  test(`an unknown member of ${what} is refused`, async () => {
    const error = await new Promise((done) => done(call())).then(() => assert.fail('accepted'), (error) => error)
    assert.ok(error instanceof LatchworkError, error)
    assert.equal(error.code, code)
    assert.match(code === 'invalid_records' ? JSON.stringify(error.problems) : error.message, /unknown/)
    assert.match(error.message, /^[`a-z].*[^.]$/s)
  })
}

test('a store in memory has no options', async () => {
  assert.throws(() => /** @type {any} */ (memoryStore)({ file: 'users.db' }), { code: 'invalid_value' })
  assert.deepEqual(await /** @type {any} */ (memoryStore)(undefined).scan('', null, 1), [])
})

test('a refused call changes nothing, and members of Object.prototype do not count', async () => {
  const store = memoryStore()
  await assert.rejects(store.commit([{ key: 'a', expect: null, value: 'x' }, /** @type {any} */ ({ key: 'b', expect: null, valeu: 'y' })]), { code: 'invalid_value' })
  assert.deepEqual(await store.scan('', null, 10), [])
  const polluted = Object.create({ unknown: 1 }, Object.getOwnPropertyDescriptors(question))
  assert.equal(authorizer.decide(polluted).allow, true)
})

test('forms of products that ignore unknown members drop them', () => {
  assert.deepEqual(validate('meuse', 'category.create', { name: 'c', description: 'd', unknown: 1 }), { value: { name: 'c', description: 'd' } })
  for (const [system, kind] of /** @type {const} */ ([['wso2', 'user.list'], ['antmedia', 'session.create']])) {
    const { problems } = /** @type {any} */ (validate)(system, kind, { unknown: 1 })
    assert.ok(problems.some((/** @type {any} */ { path, code }) => path === '/unknown' && code === 'unknown_field'), JSON.stringify(problems))
  }
})
