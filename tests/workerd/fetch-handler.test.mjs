// @ts-check
// The example of a protected fetch handler, on Cloudflare's runtime as it is.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Miniflare } from 'miniflare'
import { bundle } from './bundle.mjs'

const modules = await bundle('examples/fetch-handler', 'src/handler.mjs')
const miniflare = new Miniflare({ modules, host: '127.0.0.1', port: 0, compatibilityDate: '2026-04-01', cf: false })
after(() => miniflare.dispose())

test('the fetch handler decides on Cloudflare as it does in Node', { timeout: 60_000 }, async () => {
  const send = async (/** @type {string} */ method, /** @type {string} */ name, /** @type {string} */ token) => {
    const init = { method, headers: { authorization: `Bearer ${token}` }, body: method === 'PUT' ? 'It rains.' : null }
    return (await miniflare.dispatchFetch(`http://worker/articles/${name}`, init)).status
  }
  assert.equal(await send('GET', 'welcome', 'unknown'), 200)
  assert.equal(await send('PUT', 'news', 'token-of-ann'), 200)
  assert.equal(await send('PUT', 'news', 'token-of-ben'), 403)
  assert.equal(await send('PUT', 'news', 'unknown'), 401)
})
