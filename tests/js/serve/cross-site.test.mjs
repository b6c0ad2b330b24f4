// @ts-check
// `latchwork serve` for pages of other sites and for large bodies, over HTTP.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as requestTo } from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { file, serve } from '../support/serve-process.mjs'

const TOKEN = 't'.repeat(68)
const ALLOWED = 'https://admin.example.org'
const records = { users: [{ name: 'root', role: 'admin', password: 'long enough', description: 'd' }], tokens: [{ user: 'root', name: 't', token: TOKEN }] }

/** What Cargo sends to publish. @param {string} name @param {number} size of the file */
function publication(name, size) {
  const metadata = Buffer.from(JSON.stringify({ name, vers: '1.0.0', deps: [], features: {}, authors: [], yanked: false }))
  const length = (/** @type {number} */ count) => Buffer.from(Uint32Array.of(count).buffer)
  return Buffer.concat([length(metadata.length), metadata, length(size), Buffer.alloc(size, 'crate')])
}

/**
 * Sends a request with headers that `fetch` keeps for itself; whether the server asked for the body, and the answer.
 * @param {number} port @param {string} method @param {string} path @param {Record<string, string>} headers @param {Buffer | string} [body]
 */
async function ask(port, method, path, headers, body) {
  const sent = requestTo({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) } })
  let isAsked = false
  sent.on('error', () => {})
  if (headers.expect === '100-continue') {
    sent.flushHeaders()
    sent.on('continue', () => {
      isAsked = true
      sent.end(body)
    })
  } else {
    sent.end(body)
  }
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  sent.destroy()
  return { status: response.statusCode, headers: response.headers, text, isAsked }
}

test('the command accepts origins, a public URL and limits, and refuses pages of other sites', async () => {
  const words = ['--allow-origin', ALLOWED, '--allow-origin', 'http://localhost:3000', '--public-url', 'https://crates.example.org', '--limit', 'upload=300000']
  const { port, stop, output } = await serve('--system', 'meuse', '--seed', file(records), ...words)
  const path = '/api/v1/meuse/category'
  const as = { authorization: TOKEN, 'content-type': 'text/plain' }
  const category = (/** @type {string} */ name) => JSON.stringify({ name, description: 'd' })
  const own = `http://127.0.0.1:${port}`
  for (const [name, headers, status] of /** @type {[string, Record<string, string>, number][]} */ ([
    ['a', { origin: 'https://evil.example' }, 403],
    ['b', { origin: 'null' }, 403],
    ['c', { 'sec-fetch-site': 'cross-site', origin: own }, 403],
    ['d', { origin: own }, 200],
    ['e', { origin: 'https://crates.example.org' }, 200],
    ['f', { origin: ALLOWED, 'sec-fetch-site': 'cross-site' }, 200],
    ['g', { origin: 'http://localhost:3000' }, 200],
    ['h', {}, 200],
  ])) {
    const answer = await ask(port, 'POST', path, { ...as, ...headers }, category(name))
    assert.equal(answer.status, status, name)
    assert.equal(answer.headers['access-control-allow-origin'], [ALLOWED, 'http://localhost:3000'].find((origin) => origin === headers.origin))
  }
  const preflight = await ask(port, 'OPTIONS', path, { origin: ALLOWED, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' })
  assert.deepEqual([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers']], [204, ALLOWED, 'authorization'])
  const { text } = await ask(port, 'GET', path, as)
  assert.deepEqual(JSON.parse(text).categories.map((/** @type {any} */ { name }) => name).sort(), ['d', 'e', 'f', 'g', 'h'])
  // 70,000 bytes are an ordinary crate; what is over the limit is not asked for.
  const publish = (/** @type {string} */ token, /** @type {Buffer} */ body, headers = {}) => ask(port, 'PUT', '/api/v1/crates/new', { authorization: token, ...headers }, body)
  assert.match((await publish(TOKEN, publication('plain', 70_000))).text, /"warning"/)
  const continued = await publish(TOKEN, publication('continued', 70_000), { expect: '100-continue' })
  assert.ok(continued.isAsked && continued.text.includes('"warning"'), continued.text)
  const zipped = await publish(TOKEN, gzipSync(publication('zipped', 250_000)), { 'content-encoding': 'gzip' })
  assert.match(zipped.text, /"warning"/)
  const stranger = await publish('x'.repeat(68), publication('stranger', 70_000), { expect: '100-continue' })
  assert.deepEqual([stranger.isAsked, stranger.text.includes('"errors"')], [false, true])
  const huge = await publish(TOKEN, publication('huge', 300_000), { expect: '100-continue' })
  assert.deepEqual([huge.isAsked, huge.status], [false, 413])
  assert.equal(await stop(), 0)
  const failures = output.out.split('\n').filter((line) => line.includes('"failure"')).map((line) => JSON.parse(line).failure.split(':')[0])
  assert.deepEqual(failures, ['cross_site', 'cross_site', 'cross_site', 'too_large'])
})

test('the host of a target in absolute-form takes the place of the `Host` header, also in the check of other sites', async () => {
  const { port, stop, log } = await serve('--system', 'meuse', '--seed', file(records), '--public-url', 'https://crates.example.org')
  const path = '/api/v1/meuse/category'
  const as = { authorization: TOKEN, 'content-type': 'text/plain' }
  const own = `http://127.0.0.1:${port}`
  for (const [target, headers, status] of /** @type {[string, Record<string, string>, number][]} */ ([
    [own, {}, 200],
    [own, { origin: own, host: 'evil.example' }, 200],
    [own, { origin: 'http://evil.example', host: 'evil.example' }, 403],
    ['http://evil.example', { origin: own }, 403],
    ['http://evil.example', { origin: 'https://crates.example.org' }, 200],
    [own, { origin: own, 'sec-fetch-site': 'cross-site' }, 403],
  ])) {
    const name = String(log().length)
    const answer = await ask(port, 'POST', target + path, { ...as, ...headers }, JSON.stringify({ name, description: 'd' }))
    assert.equal(answer.status, status, `${target} ${JSON.stringify(headers)}`)
  }
  const [absolute, origin] = [await ask(port, 'GET', `${own}${path}?full=true`, as), await ask(port, 'GET', `${path}?full=true`, as)]
  assert.deepEqual([absolute.status, absolute.text], [200, origin.text])
  assert.equal(await stop(), 0)
  assert.ok(log().every((line) => line.path === path))
})
