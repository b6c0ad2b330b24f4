// @ts-check
// The page without a network, after it was loaded once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, openView, servePageForTests } from './served-page.mjs'

const served = servePageForTests()

test('after one visit, every view and model works without a network', { timeout: 120_000 }, async () => {
  const context = await served.browser.newContext()
  const { page, complaints } = await openPage(context, served.address)
  await page.getByText('This browser keeps the page').waitFor({ timeout: 60_000 })
  assert.deepEqual(complaints, [])
  await context.setOffline(true)
  await page.reload()
  await page.locator('html[data-ready]').waitFor()
  await page.locator('.cm-content').waitFor()
  const tabs = await page.getByRole('tab').allTextContents()
  for (const title of tabs) {
    await openView(page, title)
    assert.equal(await page.getByText('This view cannot be loaded').count(), 0, title)
  }
  for (const title of ['Ant Media Server', 'ArangoDB', 'Meuse', 'Tyk Dashboard', 'WSO2 API Manager']) {
    await page.getByRole('button', { name: title }).click()
    await page.getByText(/^\d+ answers, \d+ allowed$/).waitFor()
  }
  await openView(page, 'Console')
  await page.getByText('The worker cannot be reached. The directory in this page responded.').waitFor()
  await page.getByText('As documented.').waitFor()
  await context.close()
})
