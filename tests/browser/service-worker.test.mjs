// @ts-check
// Passwords in a service worker that loads the unbundled files of the package. It cannot start a worker or import a
// module while it runs.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, serve } from './chromium.mjs'

const FILES = /** @type {Record<string, [string, string]>} */ ({
  '/': ['text/html', '<!doctype html><title>page</title><link rel="icon" href="data:,"><body>'],
  '/worker.js': ['text/javascript', `
    import { hash, verify } from '/pkg/entries/password.mjs'
    import { verify as verifyLegacy } from '/pkg/entries/password-legacy.mjs'
    addEventListener('install', () => skipWaiting())
    addEventListener('activate', (event) => event.waitUntil(clients.claim()))
    addEventListener('message', async ({ data, ports: [port] }) => {
      try {
        const stored = await hash(data)
        port.postMessage([await verify(data, stored), await verify('x', stored), await verifyLegacy('a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe')].join(' '))
      } catch (error) {
        port.postMessage(String(error.code) + ': ' + error.message + ': ' + error.cause)
      }
    })`],
})

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  server = await serve((url) => FILES[url])
  browser = await launch()
})

after(async () => {
  await browser?.close()
  server?.close()
})

test('a service worker without a bundler hashes and verifies passwords', { timeout: 60_000 }, async () => {
  const page = await browser.newPage()
  await page.goto(`${server.address}/`)
  const answer = await page.evaluate(`(async () => {
    const registration = await navigator.serviceWorker.register('/worker.js', { type: 'module' })
    await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)))
    registration.active.postMessage('correct horse', [port2])
    return answer
  })()`)
  assert.equal(answer, 'true false true')
})
