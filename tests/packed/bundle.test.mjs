// @ts-check
// The packed package in a page, bundled by Vite, in a browser.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { build, createServer, preview } from 'vite'
import { launch } from '../browser/chromium.mjs'
import { install, put } from './consumer.mjs'

const { project } = install()

/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  browser = await launch()
})

after(() => browser?.close())

/** The program of every page. It writes the results into the body. */
const PROGRAM = `
const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech' }], crates: [{ name: 'a', owners: ['ann'] }] })
const subject = authorizer.subject('ann')
const { problems } = validate('meuse', 'category.create', {})
document.body.textContent = [
  subject.can('crate.yank', 'crate:a@1.0.0'), subject.canId(subject.prepare('user.create', 'users')), problems.length, authorizer.explain({ subject, action: 'crate.list', resource: 'crates' }).citation.heading.length > 0, authorizer.digest,
].join(' ')
`
const ANSWER = /^true false 2 true sha256-[0-9a-f]{64}$/

/** A page with this script. @param {string} name @param {string} script */
function page(name, script) {
  put(project, `${name}/index.html`, '<!doctype html><title>page</title><link rel="icon" href="data:,"><body><script type="module" src="./main.js"></script>')
  put(project, `${name}/main.js`, `${script}\n${PROGRAM}`)
  return join(project, name)
}

/** The text of a page in the browser. Nothing may fail while it loads. @param {string} address */
async function visit(address) {
  const page = await browser.newPage()
  /** @type {string[]} */
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() !== 'debug' && complaints.push(message.text()))
  page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`))
  try {
    await page.goto(address)
    await page.waitForFunction('document.body.textContent.includes("sha256-")', undefined, { timeout: 15_000 }).catch((error) => complaints.push(String(error)))
    assert.deepEqual(complaints, [])
    return (await page.textContent('body'))?.trim() ?? ''
  } finally {
    await page.close()
  }
}

/** Builds a page. Returns its files and its text. @param {string} root */
async function bundled(root) {
  await build({ configFile: false, root, logLevel: 'error', build: { target: 'es2022', chunkSizeWarningLimit: 2_000 } })
  const server = await preview({ configFile: false, root, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
  try {
    const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    return { files, shownText: await visit(/** @type {any} */ (server.resolvedUrls).local[0]) }
  } finally {
    await server.close()
  }
}

test('a page that imports the package is bundled with its loader, and decides without waiting', async () => {
  const { files, shownText } = await bundled(page('default', "import { open, validate } from 'latchwork'"))
  assert.match(shownText, ANSWER)
  assert.deepEqual(files.filter((name) => name.endsWith('.wasm')), [])
})

test('a page that imports `latchwork/web` fetches the module as a file of its own', async () => {
  const { files, shownText } = await bundled(page('web', "import { init, open, validate } from 'latchwork/web'\nawait init()"))
  assert.match(shownText, ANSWER)
  const [wasm, ...more] = files.filter((name) => name.endsWith('.wasm'))
  assert.ok(wasm && more.length === 0)
  for (const name of files.filter((name) => name.endsWith('.js'))) assert.ok(readFileSync(join(project, 'web/dist', name)).length < 100_000, `${name} carries the module as well`)
})

test('a page can pass the address of the module', async () => {
  const { shownText } = await bundled(page('address', "import address from 'latchwork/latchwork.wasm?url'\nimport { init, open, validate } from 'latchwork/web'\nawait init(address)"))
  assert.match(shownText, ANSWER)
})

test('a page that uses only a check is bundled with the loader too', async () => {
  const root = page('check', '')
  put(project, 'check/main.js', "import { validate } from 'latchwork'\ndocument.body.textContent = `sha256- ${validate('meuse', 'category.create', {}).problems.length}`")
  assert.equal((await bundled(root)).shownText, 'sha256- 2')
})

test('both loaders on one page share one instance', async () => {
  const { shownText } = await bundled(page('both', "import { open } from 'latchwork'\nimport { validate } from 'latchwork/web'"))
  assert.match(shownText, ANSWER)
})

for (const [name, script] of [['default', "import { open, validate } from 'latchwork'"], ['web', "import { init, open, validate } from 'latchwork/web'\nawait init()"]]) {
  test(`a page decides under the development server: ${name}`, async () => {
    const server = await createServer({ configFile: false, root: page(`${name}-development`, script), logLevel: 'error', server: { host: '127.0.0.1', port: 0 } })
    await server.listen()
    try {
      assert.match(await visit(/** @type {any} */ (server.resolvedUrls).local[0]), ANSWER)
    } finally {
      await server.close()
    }
  })
}
