// @ts-check
// The built page with its worker, served on a loopback port.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch } from './chromium.mjs'

/**
 * Starts the server and a browser before the tests of a file, and stops both after them.
 * @returns {{ address: string, browser: import('playwright-core').Browser }} set when the tests run
 */
export function servePageForTests() {
  const served = /** @type {ReturnType<typeof servePageForTests>} */ ({})
  /** @type {Awaited<ReturnType<typeof servePage>> | undefined} */
  let server
  before(async () => {
    server = await servePage()
    served.address = server.address
    served.browser = await launch()
  })
  after(async () => {
    await served.browser?.close()
    await server?.close()
  })
  return served
}

/** Starts `www/serve.mjs`. */
async function servePage() {
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../www/serve.mjs', import.meta.url)), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: server.stdout }), 'line', { signal: AbortSignal.timeout(20_000) })
  return {
    address: line.replace('latchwork demo: ', ''),

    /** Stops the server, and checks that it exits by itself. */
    async close() {
      if (server.exitCode === null) {
        const exited = once(server, 'exit')
        server.kill('SIGTERM')
        const cut = setTimeout(() => server.kill('SIGKILL'), 5000)
        await exited
        clearTimeout(cut)
      }
      assert.equal(server.exitCode, 0, 'the server stops on SIGTERM')
    },
  }
}

/**
 * Opens the page, and collects what must not happen: errors and warnings of the console, exceptions, and requests to
 * another host.
 * @param {import('playwright-core').BrowserContext | import('playwright-core').Browser} browser
 * @param {string} address
 */
export async function openPage(browser, address) {
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  /** @type {string[]} */
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`request to ${request.url()}`)
  })
  await page.goto(address)
  await page.locator('html[data-ready]').waitFor()
  return { page, complaints }
}

/** Opens a view by its tab. @param {import('playwright-core').Page} page @param {string} title */
export async function openView(page, title) {
  const tab = page.getByRole('tab', { name: title, exact: true })
  if ((await tab.getAttribute('aria-selected')) === 'true') return
  const earlier = await page.evaluateHandle(() => document.querySelector('#panel > *'))
  await tab.click()
  await page.waitForFunction((/** @type {any} */ element) => ![element, null].includes(document.querySelector('#panel > *')), earlier)
}
