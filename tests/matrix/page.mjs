// @ts-check
// Pages of a target: served as a plain web server does, and visited in Chromium. A page shows `ok`, or what failed.

import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join, normalize } from 'node:path'
import { pathToFileURL } from 'node:url'
import { put } from './install.mjs'

export const HTML = '<!doctype html><title>page</title><link rel="icon" href="data:,"><body><script type="module" src="./main.js"></script>'

/** The end of every page's script. @param {string} check an expression of a promise */
export const shows = (check) => `Promise.resolve().then(() => ${check}).then(() => { document.body.dataset.result = 'ok' }, (error) => { document.body.dataset.result = String(error?.stack ?? error) })\n`

/** A page of `check.js`, which exports \`check\`. @param {string} folder @param {string} name @param {string} program @param {string} [address] of the wasm file @param {string} [main] */
export function page(folder, name, program, address, main) {
  put(folder, `${name}/index.html`, HTML)
  put(folder, `${name}/check.js`, program)
  put(folder, `${name}/main.js`, main ?? `import { check } from './check.js'\n${shows(`check(${address ? JSON.stringify(address) : ''})`)}`)
  return join(folder, name)
}

/** @type {any} */
let browser

/** Ends the browser. */
export const closeBrowser = () => browser?.close()

/** Waits until a page shows `ok`; throws what else it shows or complains about. @param {string} folder whose \`playwright-core\` is taken @param {string} address @param {RegExp} [missing] addresses that may be missing */
export async function visit(folder, address, missing) {
  if (!browser) {
    const { chromium } = await import(pathToFileURL(createRequire(join(folder, 'x.js')).resolve('playwright-core')).href).then((module) => module.default ?? module)
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
  }
  const context = await browser.newContext()
  const page = await context.newPage()
  /** @type {string[]} */
  const complaints = []
  page.on('pageerror', (/** @type {unknown} */ error) => complaints.push(String(error)))
  page.on('console', (/** @type {any} */ message) => ['error', 'warning'].includes(message.type()) && !missing?.test(message.location().url) && complaints.push(message.text()))
  page.on('response', (/** @type {any} */ response) => response.status() >= 400 && !missing?.test(response.url()) && complaints.push(`${response.status()} ${response.url()}`))
  try {
    await page.goto(address)
    // Not by a function, which a strict policy would refuse to evaluate.
    await page.waitForSelector('body[data-result]', { state: 'attached', timeout: 120_000 }).catch((/** @type {unknown} */ error) => complaints.push(String(error)))
    const result = await page.getAttribute('body', 'data-result')
    if (result !== 'ok' || complaints.length > 0) throw new Error([result, ...complaints].join('\n'))
  } finally {
    await context.close()
  }
}

const TYPES = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', css: 'text/css' }

/** Serves a folder while a step runs. @param {string} root @param {(address: string) => Promise<void>} step @param {Record<string, string>} [headers] */
export async function served(root, step, headers = {}) {
  const server = createServer((request, response) => {
    const path = join(root, normalize(new URL(request.url ?? '/', 'http://page').pathname.replace(/\/$/, '/index.html')))
    if (!existsSync(path)) return response.writeHead(404).end()
    response.writeHead(200, { ...headers, 'content-type': TYPES[/** @type {'html'} */ (path.split('.').at(-1))] ?? 'application/octet-stream' })
    return createReadStream(path).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  try {
    await step(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** A package of the group, as this process takes it. @param {string} folder @param {string} name @returns {Promise<any>} */
export async function packageOf(folder, name) {
  return import(pathToFileURL(createRequire(join(folder, 'x.js')).resolve(name)).href)
}
