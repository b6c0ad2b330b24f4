// @ts-check
// Converts requests to questions: a `Request`, a path with its query, methods in any case, models without routes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged } from '../support/assertions.mjs'

const { classify, classifyRequest, LatchworkError } = untyped(latchwork)

const address = 'https://example.org/api/v1/meuse'

/** @param {string} path @param {RequestInit & { body?: any }} [init] */
const request = (path, init) => new Request(`${address}${path}`, init)

/** @param {unknown} body */
const post = (body) => ({ method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

/** @param {Promise<unknown>} promise @param {string} code */
async function assertRejected(promise, code) {
  await assert.rejects(promise, (/** @type {any} */ error) => error instanceof LatchworkError && error.code === code)
}

test('a Request is converted by its method, path and query', () => {
  assert.deepEqual(classify('meuse', request('/user')), { action: 'user.list', resource: 'users' })
  assert.deepEqual(classify('meuse', request('/user/ci', { method: 'DELETE' })), { action: 'user.delete', resource: 'user:ci' })
  assert.deepEqual(classify('meuse', request('/token?user=ann#top')), { action: 'token.list', resource: 'tokens:ann' })
  assert.deepEqual(classify('tyk', new Request('https://example.org/api/users?p=2')), { action: 'GET', resource: 'path:/api/users' })
  assert.deepEqual(classify('meuse', request('/user', post({ name: 'ci' }))), { action: 'user.create', resource: 'users' })
  assertUnchanged()
})

test('a question that depends on a body needs the body', async () => {
  const change = () => request('/user/ann', post({ role: 'admin' }))
  assertRefused(() => classify('meuse', change()), 'body_needed')
  assertRefused(() => classify('meuse', request('/token', post({ user: 'ann' }))), 'body_needed')
  assert.deepEqual(await classifyRequest('meuse', change()), { action: 'user.update', resource: 'user:ann', attributes: { fields: ['role'] } })
  assert.deepEqual(await classifyRequest('meuse', request('/token', post({ user: 'ann' }))), { action: 'token.create', resource: 'tokens:ann' })
  assert.deepEqual(await classifyRequest('meuse', request('/user')), { action: 'user.list', resource: 'users' })
  assert.equal(await classifyRequest('meuse', request('/nothing')), null)
  // An object has its body as a member.
  assert.deepEqual(classify('meuse', { method: 'POST', path: '/api/v1/meuse/user/ann', body: { role: 'admin' } }), await classifyRequest('meuse', change()))
})

test('a body is read from a copy up to a limit, and must be JSON', async () => {
  const asked = request('/token', post({ user: 'ann' }))
  await classifyRequest('meuse', asked)
  assert.deepEqual(await asked.json(), { user: 'ann' })
  await assertRejected(classifyRequest('meuse', asked), 'invalid_value')
  await assertRejected(classifyRequest('meuse', request('/token', post('{"user":'))), 'malformed_json')
  await assertRejected(classifyRequest('meuse', request('/token', post('x'.repeat(70_000)))), 'too_large')
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(32)) })
  await assertRejected(classifyRequest('meuse', request('/token', /** @type {any} */ ({ method: 'POST', body: endless, duplex: 'half' }))), 'too_large')
  await assertRejected(classifyRequest('meuse', 5), 'wrong_type')
  assert.deepEqual(await classifyRequest('meuse', request('/token', post(''))), { action: 'token.create', resource: 'tokens:' })
})

test('the query of a path is not in the resource', () => {
  assert.deepEqual(classify('tyk', { method: 'GET', path: '/api/users?p=-1' }), { action: 'GET', resource: 'path:/api/users' })
  assert.deepEqual(classify('meuse', { method: 'GET', path: '/api/v1/meuse/token?user=ann' }), { action: 'token.list', resource: 'tokens:ann' })
  assert.deepEqual(classify('meuse', { method: 'GET', path: '/api/v1/meuse/token?user=a%20b+c' }).resource, 'tokens:a b c')
  // One parameter twice, wherever each of them stands, is no name.
  assert.deepEqual(classify('meuse', { method: 'GET', path: '/api/v1/meuse/token?user=ann', query: { user: 'bob' } }).resource, 'tokens:')
  const forwarded = { method: 'GET', path: '/rest/v2/request?_path=Live/rest/v2/broadcasts' }
  assert.equal(classify('antmedia', forwarded).resource, 'app:Live/broadcasts')
  assertUnchanged()
})

test('methods are compared without regard to case', () => {
  for (const method of ['post', 'Post', 'POST']) {
    assert.deepEqual(classify('meuse', { method, path: '/api/v1/meuse/user' }), { action: 'user.create', resource: 'users' })
    assert.deepEqual(classify('tyk', { method, path: '/api/users' }), { action: 'POST', resource: 'path:/api/users' })
    assert.equal(classify('antmedia', { method, path: '/rest/v2/users' }).action, 'create')
  }
  assert.equal(classify('meuse', { method: 'brew', path: '/api/v1/meuse/user' }), null)
  assertUnchanged()
})

test('a model without routes is an error', () => {
  for (const system of ['arangodb', 'wso2']) {
    assertRefused(() => classify(system, { method: 'GET', path: '/' }), 'unsupported')
  }
  assertRefused(() => classify('nonsense', { method: 'GET', path: '/' }), 'unknown_system')
  assertUnchanged()
})
