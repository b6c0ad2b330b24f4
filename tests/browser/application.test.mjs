// @ts-check
// The view "As whom": one application for two users, and a form that is checked in the page and by the worker.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { openPage, openView, servePageForTests } from './served-page.mjs'

const served = servePageForTests()
/** @type {import('playwright-core').Page} */
let page
/** @type {string[]} */
let complaints

beforeEach(async () => {
  ;({ page, complaints } = await openPage(served.browser, served.address))
  await openView(page, 'As whom')
})

afterEach(async () => {
  await page.close()
  assert.deepEqual(complaints, [])
})

/** The buttons of a user's window that can be clicked. @param {number} index */
const enabled = (index) => page.locator('.window').nth(index).getByRole('button', { disabled: false }).allTextContents()

/** The buttons of a resource in a user's window, by whether they can be clicked. @param {number} index @param {string} resource */
async function buttonsOf(index, resource) {
  const buttons = page.locator('.window').nth(index).getByRole('group', { name: resource }).getByRole('button')
  return Object.fromEntries(await buttons.evaluateAll((all) => all.map((/** @type {any} */ button) => [button.textContent, !button.disabled])))
}

test('two users see the same list, each with the buttons that the document allows', async () => {
  assert.deepEqual(await buttonsOf(0, 'docs/plan'), { view: true, edit: true, delete: false, publish: true })
  assert.deepEqual(await buttonsOf(1, 'docs/plan'), { view: true, edit: true, delete: false, publish: false })
  assert.deepEqual(await buttonsOf(1, 'docs/handbook'), { view: true, edit: false, delete: false, publish: false })
  await page.getByLabel('Signed in on the right').selectOption('dana')
  assert.deepEqual(await buttonsOf(1, 'docs/plan'), { view: true, edit: true, delete: true, publish: false })
})

test('buttons without permission can be hidden, and resources without a button are counted', async () => {
  await page.getByLabel('Buttons without permission').selectOption('hidden')
  assert.deepEqual(await buttonsOf(1, 'docs/handbook'), { view: true })
  assert.equal(await page.locator('.window').nth(1).getByRole('group', { name: 'invoices/7' }).count(), 0)
  assert.equal(await page.locator('.window').nth(1).locator('.left').textContent(), '2 more without a button for this user')
})

test('editing the document updates the buttons', async () => {
  assert.ok(!(await enabled(1)).includes('publish'))
  const editor = page.locator('.cm-content')
  await editor.click()
  await page.keyboard.press('ControlOrMeta+a')
  // Pasted, because the browser would insert the style of the selection too.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.address })
  await page.evaluate((text) => navigator.clipboard.writeText(text), '{"actions": {"view": "read", "edit": "write", "delete": "admin", "publish": null}, "users": {"ann": {}, "ben": {"grants": {"**": "publish"}}}}')
  await page.keyboard.press('ControlOrMeta+v')
  await page.locator('.window').nth(1).getByRole('button', { name: 'publish', disabled: false }).first().waitFor()
  assert.deepEqual(new Set(await enabled(1)), new Set(['publish']))
  assert.deepEqual(await enabled(0), [])
})

test('a click is also decided by the worker', async () => {
  await page.locator('.window').nth(0).getByRole('group', { name: 'docs/plan' }).getByRole('button', { name: 'edit' }).click()
  await page.getByText('ann: edit docs/plan. Allowed in this page, and allowed in the worker.').waitFor()
})

test('an unreachable worker is reported, with the decision of the page', async () => {
  await page.route('**/worker/decide', (route) => route.abort())
  await page.locator('.window').nth(0).getByRole('group', { name: 'docs/plan' }).getByRole('button', { name: 'edit' }).click()
  await page.getByText(/not checked again: .*worker/).waitFor()
  // The browser logs the request that failed.
  complaints.splice(0)
})

/** The field by which each product identifies a user. */
const IDENTITIES = { 'Ant Media Server': 'email', ArangoDB: 'user', Meuse: 'name', 'Tyk Dashboard': 'email_address', 'WSO2 API Manager': 'userName' }

for (const [product, identity] of Object.entries(IDENTITIES)) {
  test(`${product}: a body that the form accepts is created, and one that it refuses is refused by the worker too`, async () => {
    await page.getByLabel('New user of').selectOption(product)
    const result = page.locator('.new-user .result')
    await page.getByText(/^No problem in the form\. The worker and the directory in this page respond alike: 20[01]\.$/).waitFor()
    await page.getByRole('textbox', { name: identity, exact: true }).fill('')
    await page.getByText(/^\d+ problems? in the form\. The worker and the directory in this page respond alike/).waitFor()
    const text = String(await result.textContent())
    const body = String(await page.locator('.new-user').getByRole('region', { name: 'Body', exact: true }).textContent())
    assert.ok(/: 4\d\d\.$/.test(text) || body.includes('"success": false'), `${text} ${body}`)
    assert.equal(await page.locator('.new-user [aria-invalid=true]').count(), 1)
    // The browser logs no failure, because the response is inside the response of the worker.
  })
}
