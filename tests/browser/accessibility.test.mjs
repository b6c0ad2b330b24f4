// @ts-check
// axe finds no violation in any view, in both themes, wide and narrow.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { openPage, openView, servePageForTests } from './served-page.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const served = servePageForTests()

/** Of the whole page, one line for each violation. @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
async function violations(page) {
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ['violations'] })
    return violations.flatMap((/** @type {any} */ { id, nodes }) => nodes.map((/** @type {any} */ { target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))
  })
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 390]) {
    test(`axe finds no violation in any view: ${colorScheme}, ${width} pixels`, { timeout: 240_000 }, async () => {
      const context = await served.browser.newContext({ colorScheme, viewport: { width, height: 900 } })
      const { page } = await openPage(context, served.address)
      await page.locator('.cm-content').waitFor()
      await page.evaluate(axe)
      /** @type {Set<string>} */
      const found = new Set()
      for (const title of await page.getByRole('tab').allTextContents()) {
        await openView(page, title)
        await page.waitForLoadState('networkidle')
        for (const line of await violations(page)) found.add(`${title}: ${line}`)
      }
      assert.deepEqual([...found], [])
      await context.close()
    })
  }
}

for (const [colorScheme, width] of /** @type {const} */ ([['light', 390], ['dark', 1280]])) {
  test(`axe finds no violation in any view while the document of a product has problems: ${colorScheme}, ${width} pixels`, { timeout: 240_000 }, async () => {
    const context = await served.browser.newContext({ colorScheme, viewport: { width, height: 900 } })
    const { page } = await openPage(context, served.address)
    await page.getByRole('button', { name: 'ArangoDB' }).click()
    await page.locator('.cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('Delete')
    await page.keyboard.insertText('{ "users": ')
    await page.locator('#matrix-cells[data-stale]').waitFor()
    await page.evaluate(axe)
    /** @type {Set<string>} */
    const found = new Set()
    for (const title of await page.getByRole('tab').allTextContents()) {
      await openView(page, title)
      for (const line of await violations(page)) found.add(`${title}: ${line}`)
    }
    assert.deepEqual([...found], [])
    await context.close()
  })
}
