// @ts-check
// The playground in a real browser, used as a person uses it.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, test } from 'node:test'
import { brotliCompressSync, deflateRawSync } from 'node:zlib'
import { classify } from 'latchwork'
import { questionsOf } from '../js/support/case-defaults.mjs'
import { allStories } from '../../www/stories/plugin.mjs'
import { openPage, servePageForTests } from './served-page.mjs'

const cases = new URL('../cases/', import.meta.url)
const dist = new URL('../../www/dist/', import.meta.url)
const stories = allStories()
/** The title of the first story of each model that has one. @type {Record<string, string>} */
const TITLES = Object.fromEntries([...stories].reverse().map(({ model, title }) => [model, title]))
const systems = Object.keys(TITLES).sort()

const served = servePageForTests()
/** @type {import('playwright-core').Page} */
let page
/** Errors, warnings and unexpected requests of the page. @type {string[]} */
let complaints

beforeEach(async () => {
  ;({ page, complaints } = await openPage(served.browser, served.address))
  page.setDefaultTimeout(10_000)
  await ready()
})

afterEach(async () => {
  await page.close()
  // The browser itself logs that the worker refused something.
  assert.deepEqual(complaints.filter((text) => !text.includes('the server responded with a status of 400')), [])
})

/** Drops the complaints that a test expects. @param {string} text */
function removeComplaints(text) {
  complaints.splice(0, Infinity, ...complaints.filter((complaint) => !complaint.includes(text)))
}

/** Waits for the first matrix and for the editor. */
async function ready() {
  await page.locator(':root[data-ready]').waitFor()
  await page.locator('.cm-content').waitFor()
}

/** The answers of a row of the matrix, in the order of its columns. @param {string} resource @param {string} subject */
function answersOf(resource, subject) {
  return page.locator('.sample', { has: page.locator('h3', { hasText: resource }) }).getByRole('row', { name: subject }).getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')))
}

/** Replaces the document, as a person does by a paste. @param {string} text */
async function edit(text) {
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(text)
}

/** Opens a view. @param {string} name */
async function openView(name) {
  await page.getByRole('tab', { name, exact: true }).click()
  await page.locator(`#panel[aria-labelledby="${await page.getByRole('tab', { name, exact: true }).getAttribute('id')}"]:not([aria-busy]) > div`).waitFor()
}

/** Opens a story. @param {string} title */
async function openStory(title) {
  await page.getByRole('button', { name: title, exact: true }).click()
  await page.locator('.story[aria-current]', { hasText: title }).waitFor()
}

/** Waits until a function returns what is expected. @template T @param {() => Promise<T>} read @param {T} expected */
async function eventually(read, expected) {
  const end = Date.now() + 10_000
  for (;;) {
    const found = await read()
    try {
      return assert.deepEqual(found, expected)
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** A cell of the matrix. @param {string} resource @param {string} subject @param {string} action */
async function cell(resource, subject, action) {
  const grid = page.locator('.sample', { has: page.locator('h3', { hasText: resource }) })
  const actions = await grid.locator('thead th').allTextContents()
  return grid.getByRole('row', { name: subject }).getByRole('gridcell').nth(actions.indexOf(action))
}

/** The state that the page keeps. @returns {Promise<any>} */
async function keptState() {
  return JSON.parse(String(await page.evaluate(() => localStorage.getItem('latchwork-state') ?? 'null')))
}

test('the page opens on the first story with its matrix', async () => {
  assert.ok(stories.length >= 21)
  for (const model of ['antmedia', 'arangodb', 'meuse', 'rbac', 'tyk', 'wso2']) assert.ok(systems.includes(model), model)
  assert.equal(await page.locator('.story').count(), stories.length)
  assert.equal(await page.locator('.story[aria-current]').textContent(), 'A small company')
  assert.deepEqual(await answersOf('invoices/7', 'cleo'), ['allowed', 'allowed', 'denied'])
})

test('the guide of a story can be read', async () => {
  await openStory('Legal hold')
  const guide = page.getByRole('link', { name: 'Guide' })
  await page.goto(new URL(String(await guide.getAttribute('href')), served.address).href)
  await page.getByRole('heading', { name: 'Legal hold', level: 1 }).waitFor()
})

test('each story opens by one click, with a valid document, allowed and denied cells', { timeout: 60_000 }, async () => {
  for (const story of await page.locator('.story').all()) {
    const title = String(await story.textContent())
    await openStory(title)
    assert.equal(await page.locator('#document-status').getAttribute('data-state'), 'valid', title)
    for (const answer of ['allow', 'deny']) assert.ok((await page.locator(`td[data-answer=${answer}]`).count()) > 0, `${title}: ${answer}`)
    assert.equal(await page.locator('td[data-answer=error]').count(), 0, title)
  }
})

test('typing in the document updates the matrix', async () => {
  await edit('{ "users": { "zoe": { "grants": { "docs/*": "write" } } } }')
  await eventually(() => page.locator('#matrix-cells tbody th').allTextContents().then((names) => [...new Set(names)]), ['zoe', 'anonymous'])
  await openView('Why')
  await edit('{ "actions": { "view": "read", "edit": "write", "delete": "admin", "publish": null }, "users": { "zoe": { "grants": { "docs/*": "write" } } } }')
  await eventually(() => answersOf('docs/plan', 'zoe'), ['allowed', 'allowed', 'denied', 'denied'])
})

for (const system of systems) {
  test(`${system}: a wrong document shows all problems, each with a link to its place`, async () => {
    await openStory(TITLES[system])
    const right = JSON.parse((await keptStateOf(TITLES[system])).text)
    const wrong = JSON.stringify({ ...right, 'nosuch/1': 1, nosuch2: [] }, null, 2)
    await edit(wrong)
    const problems = page.locator('#document-status .problems').getByRole('button')
    await eventually(() => problems.count(), 2)
    for (const [index, name, path] of /** @type {[number, string, string][]} */ ([[0, 'nosuch/1', '/nosuch~11'], [1, 'nosuch2', '/nosuch2']])) {
      const line = wrong.slice(0, wrong.indexOf(`"${name}"`)).split('\n').length
      const text = String(await problems.nth(index).textContent())
      assert.ok(text.startsWith(`Line ${line} `), text)
      assert.ok(text.endsWith(` at ${path}`), text)
      await problems.nth(index).click()
      assert.equal(await page.locator('.cm-activeLineGutter').first().textContent(), String(line))
    }
    assert.ok((await page.locator('.cm-lintRange-error').count()) > 0, 'the problems are marked in the editor')
    assert.equal(await page.locator('#matrix-cells').getAttribute('data-stale'), '')
    await edit(JSON.stringify(right))
    await eventually(() => problems.count(), 0)
  })
}

/** The kept state, once it is that of a story. @param {string} title */
async function keptStateOf(title) {
  await page.waitForFunction((name) => document.querySelector('.story[aria-current]')?.textContent === name, title)
  const id = Object.keys(TITLES).find((name) => TITLES[name] === title)
  await eventually(async () => (await keptState())?.story ?? 'company', id === 'rbac' ? 'company' : id)
  return (await keptState()) ?? { text: JSON.stringify(JSON.parse(readFileSync(new URL('../../www/stories/company.json', import.meta.url), 'utf8')).document) }
}

test('text that is not JSON is marked at its place, and the matrix keeps its earlier decisions', async () => {
  await edit('{\n  "users": [\n    1,,\n  ]\n  "x": tru\n}')
  await eventually(() => page.locator('#document-status').getAttribute('data-state'), 'wrong')
  const lines = (await page.locator('#document-status .problems b').allTextContents()).map((text) => Number(text.replace('Line ', '')))
  assert.ok(lines.includes(3) && lines.includes(5), String(lines))
  assert.match(String(await page.locator('#matrix-status').textContent()), /problems? in the document/)
  assert.deepEqual(await answersOf('invoices/7', 'cleo'), ['allowed', 'allowed', 'denied'])
})

test('clicking a cell explains its decision, marks the lines, and offers a remedy', async () => {
  await (await cell('invoices/6', 'cleo', 'edit')).click()
  await page.locator('.verdict .badge', { hasText: 'Denied' }).waitFor()
  assert.match(String(await page.locator('.verdict .text').textContent()), /limit on invoices\/\*/)
  assert.match(String(await page.locator('.cm-pointed').first().textContent()), /invoices\/\*/)
  assert.match(String(await page.locator('.citation a').getAttribute('href')), /docs\/models\/rbac\.html#limits$/)
  assert.equal(await page.locator('.why .details').getAttribute('open'), null, 'details are folded')
  assert.match(String(await page.locator('.why .details').textContent()), /limit.*sha256-[0-9a-f]{64}.*sha256-[0-9a-f]{64}/s)
  // Another remedy is an attribute of this question, which changes no cell.
  await page.locator('.remedy', { hasText: 'remove the limit' }).getByRole('button', { name: 'Make it so' }).click()
  await page.locator('.verdict .badge', { hasText: 'Allowed' }).waitFor()
  await eventually(async () => (await (await cell('invoices/6', 'cleo', 'edit')).getAttribute('aria-label')), 'allowed')
  assert.match(String(await page.locator('.cm-content').textContent()), /docs\/\*/)
})

test('the explanation of a denied cell names a role that allows it, and adds the role to the document', async () => {
  await (await cell('docs/plan', 'cleo', 'publish')).click()
  const remedy = page.locator('.remedy', { hasText: 'role' }).first()
  await remedy.getByRole('button').click()
  await eventually(async () => (await (await cell('docs/plan', 'cleo', 'publish')).getAttribute('aria-label')), 'allowed')
  await eventually(async () => JSON.parse((await keptState())?.text ?? '{}').users?.cleo.roles, ['accountant', 'editor'])
})

test('changes against a pinned document are counted, listed and marked', async () => {
  await openView('What-if')
  await page.getByRole('button', { name: 'Pin this document' }).click()
  await page.locator('.what-if .summary', { hasText: 'No answer changes' }).waitFor()
  const { document } = JSON.parse(readFileSync(new URL('../../www/stories/company.json', import.meta.url), 'utf8'))
  document.users.ben.roles = ['staff', 'accountant']
  await edit(JSON.stringify(document, null, 2))
  await page.locator('.what-if .summary', { hasText: /gained, 0 lost/ }).waitFor()
  assert.match((await page.locator('.changes li').allTextContents()).join('\n'), /gained.*user ben.*invoices\/\*/)
  assert.equal(await (await cell('invoices/7', 'ben', 'edit')).getAttribute('data-change'), 'gained')
  assert.match((await page.locator('.findings li').allTextContents()).join('\n'), /grant_of_everything/)
  await page.getByRole('button', { name: 'Go back to it' }).click()
  await eventually(async () => (await (await cell('invoices/7', 'ben', 'edit')).getAttribute('aria-label')), 'denied')
})

test('queries return holders, reach, and a filter for each database', async () => {
  await (await cell('docs/plan', 'ben', 'edit')).click()
  await openView('Queries')
  const query = (/** @type {string} */ heading) => page.locator('.query', { has: page.locator('h3', { hasText: heading }) }).locator('pre')
  await eventually(() => query('Who may').textContent(), 'ann\nben\ndana')
  assert.match(String(await query('Where ben').textContent()), /docs\/\* when .*resource\.owner/)
  for (const [form, text] of /** @type {[string, RegExp][]} */ ([['PostgreSQL', /SELECT \* FROM doc\nWHERE .*"owner".*\$1/s], ['SQLite', /`owner` = \?/], ['Prisma', /"owner": \{ "equals": "ben" \}/], ['MongoDB', /"owner": \{ "\$in": \["ben"\] \}/]])) {
    await page.getByLabel('Form').selectOption(form)
    await eventually(async () => text.test(String(await query('Which rows').textContent())), true)
  }
  assert.doesNotMatch(String(await query('What a browser').textContent()), /cleo|dana/)
})

test('a model without filters reports that instead of a result', async () => {
  await openStory('ArangoDB')
  await openView('Queries')
  await page.locator('.query[data-state=none] pre', { hasText: /^ArangoDB has no filter/ }).waitFor()
  // It has no list of places either.
  await eventually(() => page.locator('.query[data-state=none]').count(), 2)
  assert.equal(await page.getByLabel('Type').isVisible(), false)
})

test('tests turn red as the document changes, with coverage and changes that no test notices', async () => {
  await openView('Tests')
  await page.locator('.test-bar .summary', { hasText: '6 passed, 0 failed' }).waitFor()
  await page.locator('.tests .meter', { hasText: 'changes noticed' }).waitFor()
  assert.match(String(await page.locator('.tests').textContent()), /8 of 12 grants, limits and roles exercised/)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download tests' }).click()
  const file = JSON.parse(readFileSync(String(await (await download).path()), 'utf8'))
  assert.equal(file.policy, './policy.json')
  assert.equal(file.cases.length, 6)
  await page.getByLabel('Expected answer of: ann edits the plan').selectOption('denied')
  await page.locator('.test-bar .summary', { hasText: '5 passed, 1 failed' }).waitFor()
  await page.getByRole('button', { name: 'Add the question above' }).click()
  await page.locator('.test-bar .summary', { hasText: '6 passed, 1 failed' }).waitFor()
})

test('a product model compares all users and actions of the table, and says where it lists nothing', async () => {
  await openStory('ArangoDB')
  await openView('What-if')
  await page.getByRole('button', { name: 'Pin this document' }).click()
  await page.locator('.what-if .summary', { hasText: '0 answers differ' }).waitFor()
  await edit(JSON.stringify({ databases: { shop: ['items', 'orders'], blog: ['posts'] }, users: { root: { grants: { _system: { level: 'rw' }, '*': { level: 'rw' } } }, alice: { grants: { shop: { level: 'rw', collections: { items: 'rw' } } } } } }))
  await page.locator('.changes li', { hasText: /^lostbob: read on shop\/items/ }).waitFor()
  const changes = (await page.locator('.changes li').allTextContents()).map((text) => text.replace(/Why$/, ''))
  for (const text of ['gainedalice: write on shop/orders', 'gainedalice: create-collection on shop', 'lostbob: use on shop']) assert.ok(changes.includes(text), `${text} in ${changes.join('; ')}`)
  assert.match(String(await page.locator('.what-if').textContent()), /A complete list is only for documents of rbac.*Only documents of rbac have findings/s)
  await openView('Tests')
  await page.locator('.test-bar .summary', { hasText: '1 passed, 1 failed' }).waitFor()
  assert.match(String(await page.locator('.tests').textContent()), /Only documents of rbac have coverage and changes to try/)
})

test('a document with problems leaves no answer of the document before in a view', async () => {
  await openView('Tests')
  await page.locator('.test-bar .summary[data-state=passed]').waitFor()
  await openView('Queries')
  await page.locator('.query[data-state=answer]').first().waitFor()
  await openView('What-if')
  await page.locator('.findings li').first().waitFor()
  await edit('{ "users": ')
  const notice = { Queries: '.queries .wrong', Tests: '.test-bar .summary', 'What-if': '.what-if .summary', 'Browser and worker': '#agreement', 'As whom': '.application .wrong', 'Measured here': '.measured > [role=status]', Why: '.verdict' }
  for (const [view, selector] of Object.entries(notice)) {
    await openView(view)
    await page.locator(selector, { hasText: /The document has problems/ }).first().waitFor()
  }
  await openView('As whom')
  assert.equal(await page.locator('.window:visible').count(), 0)
  await openView('What-if')
  assert.equal(await page.locator('.findings:visible').count(), 0)
  await openView('Queries')
  assert.equal(await page.locator('.query:visible').count(), 0)
  await openView('Tests')
  assert.equal(await page.locator('.cases:visible').count(), 0)
  assert.notEqual(await page.locator('.test-bar .summary').getAttribute('data-state'), 'passed')
})

test('the name of a test is shown whole on a narrow screen', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openStory('Separation of duties')
  await openView('Tests')
  await page.locator('.cases li').first().waitFor()
  const name = page.getByRole('textbox', { name: 'Name of the test' }).first()
  const cut = () => page.locator('.cases textarea').evaluateAll((fields) => fields.filter((field) => field.scrollHeight > field.clientHeight || field.scrollWidth > field.clientWidth).length)
  assert.equal(await cut(), 0)
  await name.fill('a name that is long enough for three lines, because it says exactly who may do what, where and why')
  assert.equal(await cut(), 0)
  await name.press('Enter')
  await eventually(async () => (await keptState())?.tests[0].id, 'a name that is long enough for three lines, because it says exactly who may do what, where and why')
  assert.equal(await cut(), 0)
})

test('a link opens the same state in a fresh profile, and the state survives a reload', async () => {
  await openStory('Temporary access')
  await openView('Share')
  await eventually(async () => (await page.getByLabel('Link to this state').inputValue()).includes('#s='), true)
  await eventually(async () => new URL(page.url()).hash === new URL(await page.getByLabel('Link to this state').inputValue()).hash, true)
  const link = await page.getByLabel('Link to this state').inputValue()
  const matrix = await page.locator('#matrix-cells').textContent()
  const fresh = await served.browser.newContext()
  try {
    const other = await fresh.newPage()
    await other.goto(link)
    await other.locator(':root[data-ready]').waitFor()
    assert.equal(await other.locator('#matrix-cells').textContent(), matrix)
    assert.equal(await other.locator('.story[aria-current]').textContent(), 'Temporary access')
    assert.equal(await other.getByRole('tab', { selected: true }).textContent(), 'Share')
  } finally {
    await fresh.close()
  }
  await page.goto(served.address)
  await ready()
  assert.equal(await page.locator('#matrix-cells').textContent(), matrix)
})

test('a link with a damaged or hostile state opens the first story', async () => {
  const fragmentOf = (/** @type {unknown} */ state) => `#s=${deflateRawSync(JSON.stringify(state)).toString('base64url')}`
  const states = [{ text: 1 }, { text: '{}', model: 'nosuch' }, { text: '{}', model: '__proto__' }, { text: '{}', samples: Array(1000).fill({ resource: 'x' }) }, { text: '{}', question: { action: 1 } }, [], null]
  for (const fragment of ['#s=!!!', '#s=AAAA', '#x', `#s=${'A'.repeat(10_000)}`, ...states.map(fragmentOf)]) {
    await page.goto('about:blank')
    await page.goto(served.address + fragment)
    await ready()
    assert.equal(await page.locator('.story[aria-current]').textContent(), 'A small company')
  }
})

test('the state can be copied as TypeScript, JSON, a request to the worker and SQL', async () => {
  await (await cell('docs/plan', 'ben', 'edit')).click()
  await openView('Share')
  const text = async (/** @type {string} */ name) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.locator('.share .choices [aria-pressed=true]', { hasText: name }).waitFor()
    return String(await page.getByRole('region', { name: 'Text to copy' }).textContent())
  }
  await eventually(async () => (await text('TypeScript')).includes("app.subject('ben').can('edit', 'docs/plan', { owner: 'ben' })"), true)
  await eventually(async () => JSON.parse(await text('JSON')).roles.staff !== undefined, true)
  await eventually(async () => (await text('SQL')).startsWith('SELECT * FROM doc'), true)
  await eventually(async () => (await text('Embed')).includes('?embed#s='), true)
  await eventually(async () => (await text('curl')).startsWith('curl '), true)
  const body = /--data '(.*)'/s.exec(await text('curl'))?.[1].replaceAll("'\\''", "'")
  const answered = await (await fetch(`${served.address}worker/decide`, { method: 'POST', body })).json()
  assert.equal(answered.decision.allow, true)
})

test('an embedded page shows the document and the matrix, and stores nothing', async () => {
  const response = await page.goto(`${served.address}?embed`)
  await ready()
  assert.match(String(response?.headers()['content-security-policy']), /frame-ancestors \*/)
  assert.equal(await page.locator('.gallery').isVisible(), false)
  assert.equal(await page.getByRole('link', { name: 'Open in the playground' }).isVisible(), true)
  await page.evaluate(() => localStorage.clear())
  await (await cell('docs/plan', 'ben', 'edit')).click()
  await page.waitForTimeout(500)
  assert.equal(await page.evaluate(() => localStorage.getItem('latchwork-state')), null)
})

test('a file of 100 KB opens by its model, stays in the page, and fits into a link', async () => {
  const users = Object.fromEntries(Array.from({ length: 1400 }, (_, index) => [`user-${index}`, { roles: ['reader'], attributes: { email: `user-${index}@example.org` } }]))
  const text = JSON.stringify({ roles: { reader: { grants: { 'docs/*': 'read' } } }, users })
  assert.ok(text.length > 100_000)
  await openStory('Meuse')
  /** @type {string[]} */
  const sent = []
  page.on('request', (request) => {
    if (request.method() !== 'GET' || request.postData()) sent.push(request.url())
  })
  await page.locator('input[type=file]').setInputFiles({ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await page.locator('#toast', { hasText: 'Nothing leaves this page' }).waitFor()
  assert.equal(await page.getByLabel('Model').inputValue(), 'rbac')
  assert.deepEqual(sent, [])
  await page.getByRole('button', { name: 'Show all 1,401 subjects' }).waitFor()
  await eventually(async () => (await keptState())?.text.length, text.length)
  await eventually(async () => new URL(page.url()).hash.length > 1000, true)
  const fresh = await served.browser.newContext()
  try {
    const other = await fresh.newPage()
    await other.goto(page.url())
    await other.locator(':root[data-ready]').waitFor()
    await other.getByRole('button', { name: 'Show all 1,401 subjects' }).waitFor()
  } finally {
    await fresh.close()
  }
})

test('a file that is dropped or pasted opens, and tests open beside the document', async () => {
  const drop = (/** @type {string} */ name, /** @type {string} */ text) =>
    page.evaluate(([name, text]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], name))
      for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
    }, [name, text])
  await drop('users.json', JSON.stringify({ users: [{ name: 'root_user', role: 'admin', active: true }] }))
  await eventually(() => page.getByLabel('Model').inputValue(), 'meuse')
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '{ "users": { "eva": { "grants": { "x": "read" } } } }')
    document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }))
  })
  await eventually(() => page.getByLabel('Model').inputValue(), 'rbac')
  await eventually(() => page.locator('#matrix-cells tbody th').first().textContent(), 'eva')
  await drop('policy.test.json', JSON.stringify({ policy: './policy.json', cases: [{ id: 'eva reads x', ask: { user: 'eva', action: 'read', resource: 'x' }, expect: { allow: true } }] }))
  await page.locator('.test-bar .summary', { hasText: '1 passed, 0 failed' }).waitFor()
})

test('resources and rows can be added to the matrix and removed', async () => {
  await page.getByText('Resources and rows of the table').click()
  await page.getByRole('textbox', { name: 'Resource', exact: true }).first().fill('docs/new')
  await page.getByLabel('Attributes (JSON, optional)').fill('{"owner":"cleo"}')
  await page.getByRole('button', { name: 'Add resource' }).click()
  await eventually(async () => (await (await cell('docs/new', 'cleo', 'edit')).getAttribute('aria-label')), 'allowed')
  await page.getByRole('button', { name: 'Remove docs/new' }).click()
  await eventually(() => page.locator('.sample').count(), 4)
  await page.getByLabel('User').fill('stranger')
  await page.getByRole('button', { name: 'Add row' }).click()
  await eventually(() => answersOf('docs/handbook', 'stranger'), ['allowed', 'denied', 'denied', 'denied'])
})

for (const system of systems) {
  test(`${system}: every documented example has the documented decision, with equal digests in browser and worker`, { timeout: 120_000 }, async () => {
    const file = JSON.parse(readFileSync(new URL(`${system}/documented.json`, cases), 'utf8'))
    const questions = file.cases
      .filter((/** @type {any} */ testCase) => 'ask' in testCase)
      .flatMap((/** @type {any} */ testCase) => questionsOf(classify, system, testCase).map((asked) => ({ id: testCase.id, ...asked })))
    await openStory(TITLES[system])
    await openView('Browser and worker')
    await page.locator('#agreement[data-state=agree]').waitFor()
    await page.getByRole('button', { name: 'Run all documented examples' }).click()
    await page.locator('#examples-status[data-state=done]').waitFor({ timeout: 60_000 })
    assert.equal(await page.locator('#examples-status').textContent(), `${questions.length} of ${questions.length}: ${questions.length} as documented, ${questions.length} equal in browser and worker`)
    const items = await page.locator('#examples li').evaluateAll((list) => list.map((item) => ({ ...(/** @type {HTMLElement} */ (item).dataset), badge: item.querySelector('.badge')?.textContent, text: item.textContent })))
    assert.equal(items.length, questions.length)
    for (const [index, { id, expect }] of questions.entries()) {
      const { state, documented, digests = '', badge, text = '' } = items[index]
      assert.ok(text?.includes(id), `${text} is ${id}`)
      assert.deepEqual([state, documented], ['agree', 'true'], id)
      if (expect.error) {
        assert.equal(badge, 'Refused', id)
        continue
      }
      if (!expect.level) assert.equal(badge, expect.allow ? 'Allow' : 'Deny', id)
      const [here, there, subjectHere, subjectThere] = digests.split(' ')
      for (const digest of [here, subjectHere]) assert.match(digest, /^sha256-[0-9a-f]{64}$/, id)
      assert.deepEqual([here, subjectHere], [there, subjectThere], id)
    }
  })
}

test('hostile names are displayed as text', async () => {
  const markup = '<img src=x onerror="window.broken = 1"><script>window.broken = 2</script>'
  await edit(`{"__proto__": {"polluted": 1}, "constructor": 1, ${JSON.stringify(markup)}: 1, "users": {}}`)
  await eventually(() => page.locator('#document-status').getAttribute('data-state'), 'wrong')
  const shown = (await page.locator('#document-status .problems').allTextContents()).join('\n')
  // A message quotes the beginning of a long name.
  for (const name of ['__proto__', 'constructor', markup.slice(0, 30)]) assert.ok(shown.includes(name), `${name} in ${shown}`)
  await edit(`{"users": {${JSON.stringify(markup)}: {"grants": {${JSON.stringify(markup.replaceAll('/', ''))}: "write"}}}}`)
  await eventually(() => page.locator('#document-status').getAttribute('data-state'), 'valid')
  await page.locator('td[role=gridcell]').first().click()
  await page.locator('.verdict .badge').waitFor()
  assert.equal(await page.locator('main img, main script').count(), 0)
  assert.equal(await page.evaluate('window.broken ?? ({}).polluted'), undefined)
})

test('an unreachable worker is reported, and not counted as a disagreement', async () => {
  await page.route('**/worker/decide', (route) => route.abort())
  await openView('Browser and worker')
  await page.locator('#agreement[data-state=alone]').waitFor()
  assert.match(String(await page.locator('#agreement').textContent()), /The worker cannot be reached/)
  assert.deepEqual(await page.locator('#answers tr').first().locator('td').allTextContents(), ['Deny', 'No answer'])
  // The browser logs the request that was cut off here.
  removeComplaints('net::ERR_FAILED')
})

test('a document that is too large for the worker is decided in the browser', async () => {
  const users = Object.fromEntries(Array.from({ length: 1400 }, (_, index) => [`user-${index}`, { attributes: { email: `user-${index}@example.org and some more` } }]))
  await page.locator('input[type=file]').setInputFiles({ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ users, everyone: { grants: { x: 'read' } } })) })
  await page.locator('td[role=gridcell]').first().click()
  await openView('Browser and worker')
  await page.locator('#agreement[data-state=differ]').waitFor()
  assert.match(String(await page.locator('#answers').textContent()), /too_large/)
  removeComplaints('status of 413')
})

test('the editor completes by the schema of the model', async () => {
  await edit('{ "ro" }')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Control+Space')
  await page.locator('.cm-tooltip-autocomplete li', { hasText: '"roles"' }).waitFor()
})

test('the page has no violation of its Content-Security-Policy', async () => {
  const response = await page.request.get(served.address)
  const policy = response.headers()['content-security-policy']
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:/)
  assert.equal(response.headers()['x-content-type-options'], 'nosniff')
  const refused = await page.evaluate('(() => { try { document.body.innerHTML = "<b>x</b>" } catch (error) { return error.name } })()')
  assert.equal(refused, 'TypeError', 'text becomes no markup even by mistake')
  // The browser logs the refusal that was provoked here.
  complaints.splice(0)
})

test('a narrow screen opens at the top of the page, with the deciding line in the editor', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('about:blank')
  await page.goto(served.address)
  await ready()
  const line = page.locator('.cm-pointed').first()
  await line.waitFor()
  await page.waitForTimeout(300)
  assert.equal(await page.evaluate('scrollY'), 0)
  const [top, bottom, editor] = await line.evaluate((found) => {
    const { top, bottom } = found.getBoundingClientRect()
    const scroller = /** @type {Element} */ (found.closest('.cm-scroller')).getBoundingClientRect()
    return [top, bottom, { top: scroller.top, bottom: scroller.bottom }]
  })
  assert.ok(top >= editor.top && bottom <= editor.bottom, `${top} to ${bottom} in ${editor.top} to ${editor.bottom}`)
})

test('every view fits a narrow screen in both themes, and every field has a name', { timeout: 60_000 }, async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme })
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await page.locator(`#panel[aria-labelledby="${await tab.getAttribute('id')}"]:not([aria-busy]) > *`).first().waitFor()
      await page.waitForTimeout(200)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, String(await tab.textContent()))
      const nameless = await page.locator('input, select, textarea').evaluateAll((fields) => fields.filter((field) => /** @type {any} */ (field).labels?.length === 0 && !field.hasAttribute('aria-label')).length)
      assert.equal(nameless, 0, String(await tab.textContent()))
    }
  }
})

test('every control can be reached and used by keyboard', async () => {
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the permission matrix')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'gridcell')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.verdict .answer', { hasText: 'cleo may not edit docs/handbook' }).waitFor()
  await page.locator('#tab-why').focus()
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'What-if')
})

test('the theme can be chosen, and the choice survives a reload', async () => {
  await page.getByRole('button', { name: 'Use the dark theme' }).click()
  await page.reload()
  await ready()
  assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
  await page.getByRole('button', { name: 'Use the light theme' }).waitFor()
})

test('the layout does not shift while the page loads', async () => {
  const fresh = await served.browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const other = await fresh.newPage()
    await other.addInitScript(() => {
      /** @type {any} */ (window).shift = 0
      new PerformanceObserver((list) => {
        for (const entry of /** @type {any[]} */ (list.getEntries())) if (!entry.hadRecentInput) /** @type {any} */ (window).shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await other.goto(served.address)
    await other.locator('.cm-content').waitFor()
    await other.waitForTimeout(500)
    assert.ok(Number(await other.evaluate('window.shift')) < 0.02, `the layout shift is ${await other.evaluate('window.shift')}`)
  } finally {
    await fresh.close()
  }
})

test('the page prints its document and matrix without controls', async () => {
  await page.emulateMedia({ media: 'print', reducedMotion: 'reduce' })
  assert.equal(await page.locator('.gallery').isVisible(), false)
  assert.equal(await page.locator('#matrix-cells').isVisible(), true)
  assert.equal(await page.locator('#matrix-cells td[role=gridcell]').first().evaluate((cell) => getComputedStyle(cell).transitionDuration), '0s')
})

test('what a first visit loads without the editor is at most 150 KB with brotli, one model included', async () => {
  const fresh = await served.browser.newContext()
  try {
    const other = await fresh.newPage()
    /** @type {string[]} */
    const paths = []
    other.on('request', (request) => void paths.push(new URL(request.url()).pathname))
    await other.goto(served.address)
    await other.locator('.cm-content').waitFor()
    await other.locator('.verdict .badge').waitFor()
    const files = paths.map((path) => (path === '/' ? 'index.html' : path.slice(1))).filter((path) => !path.includes('codemirror') && existsSync(new URL(path, dist)))
    assert.ok(files.some((path) => path.endsWith('.wasm')) && files.length > 4, files.join())
    const size = files.reduce((sum, path) => sum + brotliCompressSync(readFileSync(new URL(path, dist))).length, 0)
    assert.ok(size <= 150_000, `${size} bytes: ${files.join(', ')}`)
  } finally {
    await fresh.close()
  }
})
