// @ts-check
// The example of a protected fetch handler: its decisions, the permissions that it sends to a page, and its Node server.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { open } from 'latchwork/rbac'
import handler from '../../../examples/fetch-handler/src/handler.mjs'
import { root } from '../support/snippets.mjs'

/** @param {string} method @param {string} path @param {string} [user] @param {string} [body] */
const requestOf = (method, path, user, body) => new Request(`http://localhost${path}`, { method, headers: user ? { authorization: `Bearer token-of-${user}` } : {}, body: body ?? null })

test('the fetch handler responds with 200, 401 or 403 as the policy decides', async () => {
  /** @type {[method: string, path: string, user: string | undefined, status: number][]} */
  const requests = [
    ['GET', '/articles/welcome', undefined, 200],
    ['GET', '/articles/news', undefined, 401],
    ['GET', '/articles/news', 'ben', 200],
    ['PUT', '/articles/news', 'ann', 200],
    ['PUT', '/articles/news', 'ben', 403],
    ['PUT', '/articles/news', 'eve', 401],
    ['PUT', '/articles/terms', 'ann', 403],
    ['DELETE', '/articles/news', 'ann', 404],
    ['GET', '/articles/a%2fb', 'ann', 404],
  ]
  for (const [method, path, user, status] of requests) {
    const response = await handler.fetch(requestOf(method, path, user, method === 'PUT' ? 'It rains.' : undefined))
    assert.equal(response.status, status, `${method} ${path} by ${user}`)
  }
  assert.equal(await (await handler.fetch(requestOf('GET', '/articles/news', 'ben'))).text(), 'It rains.')
})

test('the fetch handler sends a page the permissions of its user, once for each change', async () => {
  const response = await handler.fetch(requestOf('GET', '/permissions', 'ann'))
  const { id, document } = await response.json()
  assert.doesNotMatch(JSON.stringify(document), /ben/)
  const ann = open(document).subject(id)
  assert.equal(ann.can('edit', 'articles/news', { author: 'ann' }), true)
  assert.equal(ann.can('edit', 'articles/terms', { author: 'ann' }), false)
  const again = requestOf('GET', '/permissions', 'ann')
  again.headers.set('if-none-match', response.headers.get('etag') ?? '')
  assert.equal((await handler.fetch(again)).status, 304)
})

test('the Node server of the example responds as the fetch handler does', async (context) => {
  const server = spawn(process.execPath, [join(root, 'examples/fetch-handler/src/server.mjs')], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  context.after(() => server.kill('SIGKILL'))
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data')
  const [address] = /http:\S+/.exec(line) ?? assert.fail(line)
  const send = (/** @type {string} */ user) => fetch(`${address}/articles/news`, { method: 'PUT', headers: { authorization: `Bearer token-of-${user}` }, body: 'It rains.' })
  assert.equal((await send('ann')).status, 200)
  assert.equal((await send('ben')).status, 403)
  const page = await fetch(`${address}/articles/news`, { headers: { authorization: 'Bearer token-of-ben' } })
  assert.equal(await page.text(), 'It rains.')
})
