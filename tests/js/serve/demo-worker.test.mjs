// @ts-check
// The demo's worker with valid and invalid requests.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { classify, open } from 'latchwork'
import worker from '../../../www/worker.mjs'
import { questionsOf, withDefaults } from '../support/case-defaults.mjs'

/** @param {unknown} body @param {RequestInit} [init] */
function post(body, init) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return worker.fetch(new Request('http://worker/decide', { method: 'POST', body: /** @type {any} */ (text), ...init }))
}

/** @param {Response} response @param {number} status @param {string} code */
async function refused(response, status, code) {
  const text = await response.text()
  assert.equal(response.status, status, text)
  assert.equal(response.headers.get('content-type'), 'application/json')
  const { error, ...rest } = JSON.parse(text)
  assert.deepEqual(rest, {})
  assert.deepEqual(Object.keys(error), ['code', 'message', 'problems'])
  assert.equal(error.code, code)
  assert.doesNotMatch(text, /\bat .*:\d+:\d+|\.mjs|wasm/, 'no stack leaves the worker')
  return error.problems
}

const question = { subject: 'nobody-known', action: 'read', resource: 'system:users' }
const good = { system: 'antmedia', records: {}, question }

test('a question gets the same decision as from the package', async () => {
  const { cases } = JSON.parse(readFileSync(new URL('../../cases/antmedia/documented.json', import.meta.url), 'utf8'))
  const testCase = cases[0]
  const records = withDefaults('antmedia', testCase.given)
  const [{ question }] = questionsOf(classify, 'antmedia', testCase)
  const response = await post({ system: 'antmedia', records, question })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('cache-control'), 'no-store')

  const authorizer = open('antmedia', records)
  const subject = authorizer.subject(question.subject)
  const { text, citation, ...decision } = subject.explain(question.action, question.resource)
  assert.deepEqual(await response.json(), {
    decision,
    explanation: { text, citation },
    digest: authorizer.digest,
    subjectDigest: subject.digest,
  })
})

test('an anonymous user can be the subject of a question', async () => {
  const response = await post({ ...good, question: { ...question, subject: null } })
  assert.equal(/** @type {any} */ (await response.json()).decision.allow, false)
})

test('a question with `within`, a context, properties and a time gets the same decision as from the package', async () => {
  const records = { actions: { edit: 'write' }, users: { ann: { grants: { 'docs/*': { allow: 'edit', when: { 'context.mfa': true, 'action.fields': 'title' }, until: 200 } } } } }
  const asked = { subject: 'ann', action: 'edit', resource: 'docs/1', attributes: {}, context: { mfa: true }, properties: { fields: ['title'] }, now: 100 }
  const decideWith = async (/** @type {object} */ changes) => /** @type {any} */ (await (await post({ system: 'rbac', records, question: { ...asked, ...changes } })).json()).decision
  assert.equal((await decideWith({})).allow, true)
  assert.equal((await decideWith({ now: 300 })).allow, false)
  assert.equal((await decideWith({ context: {} })).allow, false)
  assert.equal((await decideWith({ within: { grants: { 'docs/*': 'read' } } })).rule, 'within')
})

test('another path is a 404 for every method', async () => {
  await refused(await worker.fetch(new Request('http://worker/')), 404, 'not_found')
  await refused(await worker.fetch(new Request('http://worker/decide/', { method: 'POST', body: '{}' })), 404, 'not_found')
})

test('another method gets a 405 with the allowed one', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await worker.fetch(new Request('http://worker/decide', { method }))
    assert.equal(response.headers.get('allow'), 'POST')
    await refused(response, 405, 'method_not_allowed')
  }
})

test('a body that is not JSON in UTF-8 is malformed', async () => {
  for (const body of ['', '{', 'nothing', '{"system":}', Uint8Array.of(0x22, 0xff, 0x22)]) {
    await refused(await post(body), 400, 'malformed_json')
  }
  await refused(await worker.fetch(new Request('http://worker/decide', { method: 'POST' })), 400, 'malformed_json')
})

test('a body over 64 KiB is too large, and one of exactly 64 KiB is not', async () => {
  const text = JSON.stringify(good)
  assert.equal((await post(text.padEnd(65_536))).status, 200)
  await refused(await post(text.padEnd(65_537)), 413, 'too_large')
})

test('an endless body is read up to the limit only', async () => {
  let pulled = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(1024).fill(0x20))
    },
  })
  await refused(await post('', /** @type {any} */ ({ body: endless, duplex: 'half' })), 413, 'too_large')
  assert.ok(pulled < 80, `${pulled} KiB were read`)
})

test('a body of another shape is refused with all its problems', async () => {
  for (const body of [null, [], 'text', 7]) {
    assert.deepEqual((await refused(await post(JSON.stringify(body)), 400, 'invalid_request')).map((/** @type {any} */ { path }) => path), [''])
  }
  const problems = await refused(await post({ records: {}, question: { action: 'read', atributes: {}, 'a/b': 1 }, extra: 1 }), 400, 'invalid_request')
  assert.deepEqual(
    problems.map((/** @type {any} */ { path, code }) => `${path} ${code}`),
    ['/system required', '/extra unknown_field', '/question/resource required', '/question/atributes unknown_field', '/question/a~1b unknown_field'],
  )
  await refused(await post({ ...good, question: { action: 'read', resource: '' } }), 400, 'invalid_request')
  await refused(await post({ ...good, question: { ...question, role: 'both' } }), 400, 'invalid_request')
  await refused(await post('{"__proto__": {"system": "antmedia"}, "records": {}, "question": {}}'), 400, 'invalid_request')
})

test('an error of the package keeps its code and its problems', async () => {
  await refused(await post({ ...good, system: 'none-such' }), 400, 'unknown_system')
  await refused(await post({ ...good, system: 7 }), 400, 'wrong_type')
  await refused(await post({ ...good, question: { ...question, action: 'none-such' } }), 400, 'unknown_action')
  await refused(await post({ ...good, question: { ...question, subject: 7 } }), 400, 'wrong_type')
  await refused(await post({ ...good, question: { ...question, resource: 'x'.repeat(4097) } }), 400, 'name_too_long')
  await refused(await post({ ...good, question: { role: 'r', action: 'read', resource: 'x' } }), 400, 'unsupported')
  const problems = await refused(await post({ ...good, records: { users: [{ nosuch: 1 }], nosuch: 1 } }), 400, 'invalid_records')
  assert.ok(problems.length >= 2, 'all problems at once')
  assert.ok(problems.some((/** @type {any} */ { path }) => path === '/users/0/nosuch'))
})

test('deeply nested text is refused', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  await refused(await post(`{"system":"antmedia","records":${deep},"question":${JSON.stringify(question)}}`), 400, 'invalid_records')
})
