// @ts-check
// The documentation beside the playground, in a real browser.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { MODELS } from '../../scripts/models.mjs'
import { allPages } from '../../www/docs/pages.mjs'
import { addressOf, rulesAddress } from '../../www/page/citations.mjs'
import { servePageForTests } from './served-page.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** The models whose explanations cite documents at other addresses. A new model can cite its own page. */
const LINKED = ['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2']
const pages = allPages().map(({ page }) => page)

const served = servePageForTests()

/** The explanations of a model's rules. @param {string} model @returns {{ document: string, heading: string }[]} */
const wordsOf = (model) => Object.values(JSON.parse(readFileSync(new URL(`../../src/systems/${model}/words.json`, import.meta.url), 'utf8')))

test('every page is shown under its policy, and each link leads to a page and a heading that exist', { timeout: 120_000 }, async () => {
  const page = await served.browser.newPage({ viewport: { width: 390, height: 844 } })
  /** @type {string[]} */
  const complaints = []
  page.on('console', (message) => void complaints.push(`${page.url()}: ${message.text()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(served.address)) complaints.push(`${page.url()} asked for ${request.url()}`)
  })
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map()
  /** @type {Set<string>} */
  const links = new Set()
  for (const path of pages) {
    await page.goto(served.address + path)
    const { ids, hrefs, width, policy } = await page.evaluate(() => ({
      ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
      hrefs: [...document.querySelectorAll('a')].map(({ href }) => href),
      width: document.documentElement.scrollWidth,
      policy: document.querySelector('meta[http-equiv]')?.getAttribute('content'),
    }))
    assert.equal(width, 390, `${path} fits a narrow screen`)
    assert.match(String(policy), /script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/)
    anchors.set(path, new Set(ids))
    for (const href of hrefs) if (href.startsWith(served.address)) links.add(href.slice(served.address.length))
  }
  for (const model of MODELS) {
    for (const address of [rulesAddress(model), ...wordsOf(model).map((words) => addressOf(model, words))]) if (address.startsWith('./')) links.add(address.slice(2))
  }
  const broken = [...links].filter((link) => {
    const [path, anchor] = link.split('#')
    return path !== '' && !(anchor === undefined ? anchors.has(path) : anchors.get(path)?.has(decodeURIComponent(anchor)))
  })
  assert.deepEqual(broken, [])
  assert.deepEqual(complaints, [])
  await page.close()
})

test('each explanation cites a document with an address', () => {
  const missing = MODELS.flatMap((model) => wordsOf(model).filter((words) => !/^(https:\/\/|\.\/docs\/)/.test(addressOf(model, words))))
  assert.deepEqual(missing, [])
  assert.deepEqual(LINKED.flatMap((model) => wordsOf(model).filter((words) => addressOf(model, words).startsWith('./'))), [])
})

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 390]) {
    test(`axe finds no violation: ${colorScheme}, ${width} pixels`, { timeout: 120_000 }, async () => {
      const page = await served.browser.newPage({ colorScheme, viewport: { width, height: 900 } })
      for (const path of ['docs/index.html', 'docs/readme.html', 'docs/models/tyk.html', 'docs/reference/api.html', 'docs/guides/filtering-lists.html']) {
        await page.goto(served.address + path)
        await page.evaluate(axe)
        const violations = await page.evaluate(async () => (await /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ['violations'] })).violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ { target }) => target)}`))
        assert.deepEqual(violations, [], path)
      }
      await page.close()
    })
  }
}

test('the playground links to the documentation, and a page that was read works without a network', { timeout: 60_000 }, async () => {
  const context = await served.browser.newContext()
  const page = await context.newPage()
  await page.goto(served.address)
  await page.getByText('This browser keeps the page').waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Docs', exact: true }).click()
  await page.getByRole('link', { name: 'Legal hold' }).first().click()
  await page.getByRole('heading', { name: 'Legal hold', level: 1 }).waitFor()
  await context.setOffline(true)
  await page.reload()
  await page.getByRole('heading', { name: 'Legal hold', level: 1 }).waitFor()
  assert.notEqual(await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector('main'))).borderTopStyle), 'none', 'its style is kept too')
  await page.goto(`${served.address}docs/guides/plans.html`)
  await page.getByText('There is no network, and this page was not read before').waitFor()
  await page.goto(served.address)
  await page.locator('html[data-ready]').waitFor()
  await context.close()
})

test('the theme that was chosen in the playground is that of the documentation', async () => {
  const context = await served.browser.newContext({ colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto(served.address)
  await page.getByRole('button', { name: 'Use the dark theme' }).click()
  await page.goto(`${served.address}docs/index.html`)
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
  await context.close()
})
