// @ts-check
// The view "Measured here".

import assert from 'node:assert/strict'
import { statSync, readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { launch } from './chromium.mjs'
import { openPage, openView, servePage } from './served-page.mjs'

const { version } = JSON.parse(readFileSync(new URL('../../pkg/package.json', import.meta.url), 'utf8'))
const assets = new URL('../../www/dist/assets/', import.meta.url)

/** @type {Awaited<ReturnType<typeof servePage>>} */
let server
/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  server = await servePage()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await server?.close()
})

test('size, load and checks per second are measured, for each model, with their method beside', { timeout: 120_000 }, async () => {
  const { page, complaints } = await openPage(browser, server.address)
  await openView(page, 'Measured here')
  const figures = async () => {
    await page.getByText('Measured in this browser, just now.').waitFor()
    const rows = await page.locator('.measured tr').evaluateAll((all) => all.map(({ children: [name, figure] }) => [name.textContent, figure.textContent]))
    return /** @type {Record<string, string>} */ (Object.fromEntries(rows))
  }
  for (const [model, title] of [['rbac', ''], ['tyk', 'Tyk Dashboard']]) {
    if (title) {
      await page.getByRole('button', { name: title }).click()
      await page.getByText('The document changed since it was measured.').waitFor()
      await page.getByRole('button', { name: 'Measure again' }).click()
    }
    const { Module, Fetch, Compile, Open, can, canId, explain } = await figures()
    const file = readdirSync(assets).find((name) => name.startsWith(`${model}-`) && name.endsWith('.wasm')) ?? ''
    assert.equal(Module, `${(statSync(new URL(file, assets)).size / 1000).toFixed(1)} KB`)
    for (const time of [Fetch, Compile, Open]) assert.match(time, /^\d[\d.]* ms$/)
    for (const rate of [can, canId, explain]) assert.match(rate, /^[1-9][\d,]* \/ s$/)
  }
  const method = page.getByText('How this is measured')
  await method.click()
  await page.getByText(/the median of 5 rounds\. Subjects are prepared once/).waitFor()
  assert.equal(await page.locator('.measured .package dd').first().textContent(), `latchwork ${version}`)
  assert.equal(await page.getByRole('link', { name: 'www.npmjs.com/package/latchwork' }).getAttribute('href'), 'https://www.npmjs.com/package/latchwork')
  assert.deepEqual(complaints, [])
  await page.close()
})
