// @ts-check
// The view "Console": documented requests, sent to a directory in the page and to one in the worker.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, test } from 'node:test'
import { openPage, openView, servePageForTests } from './served-page.mjs'

const SAME = 'Both responses are the same, byte by byte.'

const served = servePageForTests()
/** @type {import('playwright-core').Page} */
let page
/** @type {string[]} */
let complaints

beforeEach(async () => {
  ;({ page, complaints } = await openPage(served.browser, served.address))
})

afterEach(async () => {
  await page.close()
  assert.deepEqual(complaints, [])
})

/** Waits for the responses, and compares them. @returns {Promise<{ agreement: string, documented: string, statuses: string[] }>} */
async function waitForResponses() {
  await page.locator('.console:not([aria-busy]) .outcome [data-state]').waitFor()
  const [agreement, documented] = await page.locator('.console .outcome > *').allTextContents()
  return { agreement, documented, statuses: await page.locator('.console .status b').allTextContents() }
}

for (const product of ['Ant Media Server', 'ArangoDB', 'Meuse', 'Tyk Dashboard', 'WSO2 API Manager']) {
  test(`${product}: its first documented request has the documented response in the page and in the worker`, async () => {
    await openView(page, 'Console')
    await waitForResponses()
    await page.getByLabel('Product').selectOption(product)
    const { agreement, documented, statuses } = await waitForResponses()
    assert.equal(agreement, SAME)
    assert.equal(documented, 'As documented.')
    assert.equal(statuses.length, 2)
  })
}

test('each documented request has a label in words and a source', async () => {
  await openView(page, 'Console')
  await waitForResponses()
  for (const [product, title] of [['antmedia', 'Ant Media Server'], ['arangodb', 'ArangoDB'], ['meuse', 'Meuse'], ['tyk', 'Tyk Dashboard'], ['wso2', 'WSO2 API Manager']]) {
    await page.getByLabel('Product').selectOption(title)
    await waitForResponses()
    const { cases } = JSON.parse(readFileSync(new URL(`../cases/${product}/documented.json`, import.meta.url), 'utf8'))
    const labels = await page.getByLabel('Documented request').locator('option').allTextContents()
    assert.equal(labels.length, cases.filter((/** @type {any} */ testCase) => 'request' in testCase).length)
    assert.deepEqual(labels.filter((label) => !/^[A-Z][^·]+ · [A-Z]+ \/\S+( as \S+)?$/.test(label)), [])
    assert.equal(new Set(labels).size, labels.length)
    assert.match(String(await page.locator('.console .description + .quiet').textContent()), /^The documented response follows the (documentation|source) of /)
  }
})

test('the requests of an example are sent one after another', async () => {
  await openView(page, 'Console')
  await waitForResponses()
  await page.getByLabel('Product').selectOption('Tyk Dashboard')
  await waitForResponses()
  const examples = page.getByLabel('Documented request')
  const label = (await examples.locator('option').allTextContents()).find((text) => text.startsWith('Reset by mailed link')) ?? ''
  await examples.selectOption(label)
  await page.getByRole('button', { name: 'Next: POST /api/password/reset' }).waitFor()
  const mail = await page.locator('.response').first().getByRole('region', { name: 'Mail' }).textContent()
  assert.match(String(mail), /"token"/)
  for (let steps = 0; steps < 4; steps += 1) {
    await page.getByRole('button', { name: /^Next: / }).click()
    const { agreement, documented } = await waitForResponses()
    assert.equal(agreement, SAME)
    assert.equal(documented, 'As documented.')
  }
  assert.equal(await page.getByRole('button', { name: /^Next: / }).count(), 0)
})

test('changes stay in both directories until the example is restarted', async () => {
  await openView(page, 'Console')
  assert.deepEqual((await waitForResponses()).statuses, ['201', '201'])
  await page.getByRole('button', { name: 'Send to both' }).click()
  await page.locator('.console .status b', { hasText: '409' }).first().waitFor()
  const again = await waitForResponses()
  assert.deepEqual(again.statuses, ['409', '409'])
  assert.equal(again.agreement, SAME)
  assert.match(again.documented, /^Your own request/)
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.locator('.console .status b', { hasText: '201' }).first().waitFor()
  assert.deepEqual((await waitForResponses()).statuses, ['201', '201'])
})

test('an edited request is sent unchanged, and its copied curl command gets the same response from the worker', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.address })
  await openView(page, 'Console')
  await waitForResponses()
  await page.getByRole('combobox', { name: 'Method' }).selectOption('GET')
  await page.getByRole('textbox', { name: 'Path and query' }).fill('/_api/user/admin@example')
  await page.getByRole('textbox', { name: 'Body' }).fill('')
  await page.getByRole('button', { name: 'Send to both' }).click()
  await page.locator('.console .status b', { hasText: '200' }).first().waitFor()
  assert.equal((await waitForResponses()).agreement, SAME)
  await page.getByRole('button', { name: 'Copy as curl' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  const response = execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  assert.match(response, /^HTTP\/1\.1 200 /)
  assert.ok(response.includes('"user":"admin@example"'), response)
  const etag = await page.locator('.console dt', { hasText: 'etag' }).first().locator('+ dd').textContent()
  assert.ok(response.includes(`etag: ${etag}`), `${etag} in ${response}`)
})

test('a header line without a name is reported, and nothing is sent', async () => {
  await openView(page, 'Console')
  await waitForResponses()
  await page.getByRole('textbox', { name: 'Headers' }).fill('no name')
  await page.getByRole('button', { name: 'Send to both' }).click()
  await page.getByText('Not sent: the header line `no name` has no name').waitFor()
})

test('an unreachable worker is reported, and the page responds', async () => {
  await page.route('**/directories/**', (route) => route.abort())
  await openView(page, 'Console')
  const { agreement, documented, statuses } = await waitForResponses()
  assert.equal(agreement, 'The worker cannot be reached. The directory in this page responded.')
  assert.equal(documented, 'As documented.')
  assert.deepEqual(statuses, ['201'])
  // The browser logs the requests that failed.
  complaints.splice(0)
})
