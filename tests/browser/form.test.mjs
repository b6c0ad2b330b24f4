// @ts-check
// The example of a form: the page shows the problems that `validate` finds, and its server refuses the same values.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { launch } from './chromium.mjs'

const example = fileURLToPath(new URL('../../examples/form/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchwork-form-'))
/** @type {import('node:child_process').ChildProcess} */
let server
/** @type {import('playwright-core').Browser} */
let browser
let address = ''

before(async () => {
  await build({ configFile: false, root: example, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const child = spawn(process.execPath, [join(example, 'src/server.mjs'), folder], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  server = child
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  ;[address] = /http:\S+/.exec(line) ?? assert.fail(line)
  browser = await launch()
})

after(async () => {
  await browser?.close()
  server?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('a field shows its problem once the user has left it, and a valid form is sent', { timeout: 60_000 }, async () => {
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(address)
  const problem = (/** @type {string} */ name) => page.locator(`#${name}-problem`).textContent()
  await page.fill('#password', 'short')
  assert.equal(await problem('password'), '')
  await page.focus('#role')
  assert.match(String(await problem('password')), /8/)
  assert.equal(await problem('name'), '')
  await page.fill('#password', 'long enough')
  assert.equal(await problem('password'), '')

  await page.click('button')
  assert.notEqual(await problem('name'), '')
  await page.fill('#name', 'ci')
  await page.fill('#description', 'builds the crates')
  await page.selectOption('#role', 'tech')
  await page.click('button')
  await page.getByText('ci was created').waitFor()
})

test('the server refuses a value that the form would not send', async () => {
  const send = async (/** @type {string} */ body) => {
    const response = await fetch(`${address}/users`, { method: 'POST', body })
    const { problems = [] } = await response.json()
    return [response.status, ...problems.map((/** @type {any} */ { path }) => path).sort()]
  }
  assert.deepEqual(await send(JSON.stringify({ name: 'ci', description: 'd', password: 'short', role: 'chief', active: true })), [400, '/password', '/role'])
  assert.deepEqual(await send('{'), [400, ''])
  assert.deepEqual(await send(' '.repeat(70_000)), [400, ''])
  assert.deepEqual(await send(JSON.stringify({ name: 'ci', description: 'd', password: 'long enough', role: 'tech', active: true })), [201])
})
