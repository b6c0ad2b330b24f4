// @ts-check
// The directories beside the demo page. Each documented request gets the documented response, and the same one from the
// handler on the server as from a directory in the page.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openDirectory } from '../../../www/directory.mjs'
import directories from '../../../www/directories.mjs'
import { curlOf } from '../../../www/page/directory/exchange.mjs'
import { Script } from '../../../www/page/directory/script.mjs'

const ID = '0123456789abcdef0123456789abcdef'
const opening = { publicUrl: `http://127.0.0.1/directories/${ID}` }
const records = { users: { root: { passwd: 'rootpass', active: true, grants: { _system: { level: 'rw' }, '*': { level: 'rw' } } } } }

/** @param {string} method @param {string} path @param {unknown} [value] @param {Record<string, string>} [headers] */
async function call(method, path, value, headers = { 'content-type': 'application/json' }) {
  const body = value === undefined ? undefined : JSON.stringify(value)
  const response = await directories.fetch(new Request(`http://server${path}`, { method, body, headers: body === undefined ? {} : headers }))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

for (const system of ['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2']) {
  const { cases } = JSON.parse(readFileSync(new URL(`../../cases/${system}/documented.json`, import.meta.url), 'utf8'))
  for (const testCase of cases.filter((/** @type {any} */ each) => 'request' in each)) {
    test(`${testCase.id}: page and server give the documented response, equal in each byte`, async () => {
      const script = new Script(system, testCase)
      const page = await openDirectory({ system, records: script.records, id: ID, ...opening })
      assert.equal((await call('PUT', `/${ID}`, { system, records: script.records, ...opening })).status, 204)
      const send = async (/** @type {any} */ request) => {
        const inPage = await page.send(request)
        const { status, body } = await call('POST', `/${ID}`, request)
        assert.equal(status, 200, JSON.stringify(body))
        assert.deepEqual(body, JSON.parse(JSON.stringify(inPage)))
        return inPage
      }
      await script.prepare(send)
      let seconds = 0
      for (const step of script.steps) {
        seconds += script.secondsBefore(step)
        if (!step.request) continue
        const request = { ...(await script.requestOf(step)), seconds }
        seconds = 0
        assert.deepEqual(script.receive(step, request, await send(request)), [], step.label)
      }
    })
  }
}

test('the path of a directory serves the API of its product', async () => {
  await call('PUT', `/${ID}`, { system: 'arangodb', records, ...opening })
  const headers = { authorization: `Basic ${btoa('root:rootpass')}` }
  const response = await directories.fetch(new Request(`http://server/${ID}/_api/user?x=1`, { headers }))
  assert.equal(response.status, 200)
  assert.deepEqual((await response.json()).result.map((/** @type {any} */ { user }) => user), ['root'])
  assert.equal((await directories.fetch(new Request(`http://server/${ID}/_api/user`))).status, 401)
})

test('a directory that is not open, or another path, is not found', async () => {
  const unknown = 'f'.repeat(32)
  assert.equal((await call('POST', `/${unknown}`, { method: 'GET', path: '/', headers: [] })).body.error.code, 'unknown_directory')
  assert.equal((await call('GET', `/${unknown}/_api/user`)).body.error.code, 'unknown_directory')
  for (const path of ['/', '/x', `/${ID.toUpperCase()}`, `/${ID}0`]) assert.equal((await call('PUT', path, {})).status, 404, path)
  const { status, headers } = await call('GET', `/${ID}`)
  assert.equal(status, 405)
  assert.equal(headers.get('allow'), 'PUT, POST')
})

test('a request that a page of another site could send without a preflight opens nothing', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    assert.equal((await call('PUT', `/${ID}`, { system: 'arangodb', records, ...opening }, { 'content-type': type })).status, 415, type)
  }
})

test('wrong openings and requests are refused with their problems', async () => {
  assert.equal((await call('PUT', `/${ID}`, { system: 'arangodb', records })).body.error.code, 'invalid_request')
  assert.equal((await call('PUT', `/${ID}`, { system: 'arangodb', records: { users: 1 }, ...opening })).body.error.code, 'invalid_records')
  assert.equal((await call('PUT', `/${ID}`, { system: 'rbac', records: {}, ...opening })).status, 400)
  assert.equal((await call('PUT', `/${ID}`, { system: 'arangodb', records, ...opening, publicUrl: 'x' })).body.error.code, 'invalid_value')
  await call('PUT', `/${ID}`, { system: 'arangodb', records, ...opening })
  for (const request of [{ method: 1, path: '/', headers: [] }, { method: 'GET', path: 'x', headers: [] }, { method: 'GET', path: '/', headers: [['a b', 'c']] }, { method: 'GET', path: '/', headers: {} }, { method: 'GET', path: '/', headers: [], seconds: 'x' }]) {
    assert.equal((await call('POST', `/${ID}`, request)).status, 400, JSON.stringify(request))
  }
})

test('a new directory evicts the least recently used one', async () => {
  const idOf = (/** @type {number} */ number) => number.toString(16).padStart(32, '0')
  const opened = { system: 'arangodb', records, ...opening }
  for (let number = 0; number < 64; number += 1) await call('PUT', `/${idOf(number)}`, opened)
  const isOpen = async (/** @type {number} */ number) => (await call('GET', `/${idOf(number)}/_api/user`)).status === 401
  assert.ok(await isOpen(0))
  await call('PUT', `/${idOf(64)}`, opened)
  assert.deepEqual([await isOpen(0), await isOpen(1), await isOpen(64)], [true, false, true])
})

test('a copied curl command quotes special characters of the shell', () => {
  const request = { method: 'POST', path: '/a b?x=$y', headers: /** @type {[string, string][]} */ ([['authorization', "it's"]]), body: '{"a": 1}' }
  assert.equal(curlOf('http://h', request), `curl -i -X POST -H 'authorization: it'\\''s' --data-raw '{"a": 1}' 'http://h/a b?x=$y'`)
  assert.equal(curlOf('http://h', { method: 'GET', path: '/x', headers: [] }), 'curl -i http://h/x')
})
