// @ts-check
// The playground in a real browser, used as a person uses it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch } from './chromium.mjs'

/** @type {import('node:child_process').ChildProcess} */
let server
/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').Page} */
let page
let address = ''
/** What the page complained of. @type {string[]} */
let complaints = []

before(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('../../www/serve.mjs', import.meta.url)), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (server.stdout) })
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(10_000) })
  address = line.replace('latchwork demo: ', '')
  browser = await launch()
})

after(async () => {
  await browser?.close()
  if (!server) return
  server.kill('SIGTERM')
  const cut = setTimeout(() => server.kill('SIGKILL'), 5000)
  const [code] = server.exitCode === null ? await once(server, 'exit') : [server.exitCode]
  clearTimeout(cut)
  assert.equal(code, 0, 'the server stops cleanly on SIGTERM')
})

beforeEach(async () => {
  complaints = []
  page = await browser.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(address)
  await ready()
})

afterEach(async () => {
  await page.close()
  // The browser itself logs that the worker refused something.
  assert.deepEqual(complaints.filter((text) => !text.includes('the server responded with a status of 400')), [])
})

/** Waits for the first matrix and for the editor. */
async function ready() {
  await page.locator(':root[data-ready]').waitFor()
  await page.locator('.cm-content').waitFor()
}

/** The answers of a row of the matrix, in the order of its columns. @param {string} resource @param {string} subject */
function answersOf(resource, subject) {
  return page.locator('.sample', { has: page.locator('h3', { hasText: resource }) }).getByRole('row', { name: subject }).getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')))
}

test('the page opens on the first story with its matrix', async () => {
  assert.equal(await page.locator('.story').count(), 21)
  assert.equal(await page.locator('.story[aria-current]').textContent(), 'A small company')
  assert.deepEqual(await answersOf('invoices/7', 'cleo'), ['allowed', 'allowed', 'denied'])
})

test('each story opens by one click, with a valid document and answers of both kinds', { timeout: 60_000 }, async () => {
  for (const story of await page.locator('.story').all()) {
    await story.click()
    await page.locator('.story[aria-current]', { hasText: String(await story.textContent()) }).waitFor()
    const title = await story.textContent()
    assert.equal(await page.locator('#document-status').getAttribute('data-state'), 'valid', String(title))
    for (const answer of ['allow', 'deny']) assert.ok((await page.locator(`td[data-answer=${answer}]`).count()) > 0, `${title}: ${answer}`)
    assert.equal(await page.locator('td[data-answer=error]').count(), 0, String(title))
  }
})

test('the page holds what it promises to the policy that it is served with', async () => {
  const response = await page.request.get(address)
  const policy = response.headers()['content-security-policy']
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:/)
  assert.equal(response.headers()['x-content-type-options'], 'nosniff')
  const refused = await page.evaluate('(() => { try { document.body.innerHTML = "<b>x</b>" } catch (error) { return error.name } })()')
  assert.equal(refused, 'TypeError', 'text becomes no markup even by mistake')
  // The browser logs the refusal that was provoked here.
  complaints = []
})
