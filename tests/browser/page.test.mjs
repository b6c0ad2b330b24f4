// @ts-check
// The demo page in a real browser, used as a person uses it: choose, read, edit.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { classify } from 'latchwork'
import { questionsOf } from '../js/support/case-defaults.mjs'
import { launch } from './chromium.mjs'

const cases = new URL('../cases/', import.meta.url)
const systems = readdirSync(cases).filter((name) => existsSync(new URL(`${name}/documented.json`, cases)))

/** @type {import('node:child_process').ChildProcess} */
let server
/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').Page} */
let page
let address = ''
/** What the page complained of. @type {string[]} */
let complaints = []

before(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('../../www/serve.mjs', import.meta.url)), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (server.stdout) })
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(10_000) })
  address = line.replace('latchwork demo: ', '')
  browser = await launch()
})

after(async () => {
  await browser?.close()
  if (!server) return
  server.kill('SIGTERM')
  const cut = setTimeout(() => server.kill('SIGKILL'), 5000)
  const [code] = server.exitCode === null ? await once(server, 'exit') : [server.exitCode]
  clearTimeout(cut)
  assert.equal(code, 0, 'the server stops cleanly on SIGTERM')
})

beforeEach(async () => {
  complaints = []
  page = await browser.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(address)
  await settled()
})

afterEach(async () => {
  await page.close()
  // The browser itself logs that the worker refused something.
  assert.deepEqual(complaints.filter((text) => !text.includes('the server responded with a status of 400')), [])
})

/** Waits for both answers to what stands in the form. */
async function settled() {
  const status = page.locator('#agreement:not([data-state="waiting"])[data-state]')
  await status.waitFor()
  return { state: await status.getAttribute('data-state'), text: await status.textContent() }
}

/** What the table says, row by row: the browser's column and the worker's. @returns {Promise<{ [row: string]: string[] }>} */
function answers() {
  return page.locator('#answers tr').evaluateAll((rows) =>
    Object.fromEntries(rows.map(({ children: [name, ...cells] }) => [name.textContent, cells.map((cell) => cell.textContent)])),
  )
}

/** @param {string} title */
async function choose(title) {
  await page.getByLabel('System').selectOption(title)
  return settled()
}

/** @param {string} text */
async function edit(text) {
  await page.getByRole('textbox', { name: 'Records' }).fill(text)
  return settled()
}

for (const system of systems) {
  test(`${system}: every documented example has the documented verdict, twice`, { timeout: 120_000 }, async () => {
    const file = JSON.parse(readFileSync(new URL(`${system}/documented.json`, cases), 'utf8'))
    const questions = file.cases
      .filter((/** @type {any} */ testCase) => 'ask' in testCase)
      .flatMap((/** @type {any} */ testCase) => questionsOf(classify, system, testCase).map((asked) => ({ id: testCase.id, ...asked })))
    await choose(system)
    const options = await page.locator('#example option').allTextContents()
    assert.equal(options.length, questions.length)

    for (const [index, { id, expect }] of questions.entries()) {
      assert.ok(options[index].startsWith(id), `${options[index]} is ${id}`)
      await page.locator('#example').selectOption(String(index))
      const { state, text } = await settled()
      assert.equal(state, 'agree', `${id}: ${text}`)
      assert.match(String(await page.locator('#documented').textContent()), /, as answered$/, id)
      const said = await answers()
      if (expect.error) {
        assert.deepEqual(said.Verdict, ['Refused', 'Refused'], id)
        for (const reason of said.Reason) assert.ok(reason.includes(expect.error), `${id}: ${reason}`)
        continue
      }
      if (expect.level) assert.deepEqual(said.Level, [expect.level, expect.level], id)
      else assert.deepEqual(said.Verdict, Array(2).fill(expect.allow ? 'Allow' : 'Deny'), id)
      for (const name of ['Rule', 'Records digest', 'Subject digest']) {
        const [here, there] = said[name]
        assert.match(here, name === 'Rule' ? /^[a-z0-9-]+$/ : /^sha256-[0-9a-f]{64}$/, id)
        assert.equal(here, there, id)
      }
      assert.notEqual(await page.locator('#text').textContent(), '', id)
      assert.notEqual(await page.locator('#citation cite').textContent(), '', id)
    }
  })

  test(`${system}: wrong records show all problems, each at its place`, { timeout: 60_000 }, async () => {
    await choose(system)
    const right = JSON.parse(await page.getByRole('textbox', { name: 'Records' }).inputValue())
    const wrong = JSON.stringify({ ...right, 'nosuch/1': 1, nosuch2: [] }, null, 2)
    const { state } = await edit(wrong)
    assert.equal(state, 'agree', 'both refuse')
    assert.deepEqual((await answers()).Verdict, ['Refused', 'Refused'])

    const problems = page.locator('#problems').getByRole('button')
    assert.equal(await problems.count(), 2)
    for (const [index, name, path] of /** @type {[number, string, string][]} */ ([[0, 'nosuch/1', '/nosuch~11'], [1, 'nosuch2', '/nosuch2']])) {
      const line = wrong.slice(0, wrong.indexOf(`"${name}"`)).split('\n').length
      const text = String(await problems.nth(index).textContent())
      assert.ok(text.startsWith(`Line ${line} `), text)
      assert.ok(text.endsWith(` at ${path}`), text)
      await problems.nth(index).click()
      const selected = await page.locator('#records').evaluate((/** @type {HTMLTextAreaElement} */ area) => area.value.slice(area.selectionStart, area.selectionEnd))
      assert.ok(selected.startsWith(`"${name}": `), selected)
    }
    assert.equal(await page.locator('#lines .wrong').count(), 2)
    assert.equal(await page.locator('#marks .note').count(), 2)
    assert.equal(await page.locator('#records').getAttribute('aria-invalid'), 'true')

    assert.equal((await edit(JSON.stringify(right))).state, 'agree')
    assert.equal(await problems.count(), 0)
    assert.equal(await page.locator('#records').getAttribute('aria-invalid'), 'false')
  })
}

test('records that are no JSON show where, and nothing is asked', async () => {
  const { state } = await edit('{\n  "users": [\n    1,,\n  ]\n  "x": tru\n}')
  assert.equal(state, 'unasked')
  const lines = (await page.locator('#problems button b').allTextContents()).map((text) => Number(text.replace('Line ', '')))
  assert.ok(lines.includes(3) && lines.includes(5), String(lines))
  assert.deepEqual((await answers()).Verdict, ['Refused', 'Refused'])
})

test('attributes that are no JSON are said beside them', async () => {
  await page.getByLabel('Attributes').fill('{"fields":')
  assert.equal((await settled()).state, 'unasked')
  assert.match(String(await page.locator('#attributes-problem').textContent()), /expected/)
})

test('a changed question gets a changed answer, and is no longer the documented one', async () => {
  const name = page.getByLabel('Name')
  await name.fill('somebody-else')
  assert.equal((await settled()).state, 'agree')
  assert.deepEqual((await answers()).Verdict, ['Deny', 'Deny'])
  assert.equal(await page.locator('#documented').textContent(), 'Changed from the example')
  await page.getByLabel('Who asks').selectOption('nobody')
  await settled()
  assert.ok(await name.isDisabled())
  assert.deepEqual((await answers()).Verdict, ['Deny', 'Deny'])
})

test('hostile records are text, whatever they say', async () => {
  const markup = '<img src=x onerror="window.broken = 1"><script>window.broken = 2</script>'
  await choose('arangodb')
  const hostile = `{"__proto__": {"polluted": 1}, "constructor": 1, ${JSON.stringify(markup)}: 1, "users": {${JSON.stringify(markup)}: {"__proto__": {}, "active": 1}}}`
  assert.equal((await edit(hostile)).state, 'agree')
  const shown = (await page.locator('#problems button').allTextContents()).join('\n')
  // A message quotes the beginning of a long name.
  for (const name of ['__proto__', 'constructor', markup.slice(0, 40)]) assert.ok(shown.includes(name), `${name} in ${shown}`)
  assert.equal(await page.locator('img, script:not([src])').count(), 0)
  assert.equal(await page.evaluate('window.broken ?? ({}).polluted'), undefined)

  await page.getByLabel('Name').fill(markup)
  await page.getByLabel('Resource').fill(markup)
  assert.equal((await edit(`{"users": {${JSON.stringify(markup)}: {"active": true, "grants": {"__proto__": {"level": "rw"}}}}}`)).state, 'agree')
  assert.equal(await page.locator('img, script:not([src])').count(), 0)
})

test('records larger than the worker takes still get the browser its answer', async () => {
  const large = { users: [], padding: 'x'.repeat(70_000) }
  const { state } = await edit(JSON.stringify(large))
  assert.equal(state, 'differ')
  assert.match((await answers()).Reason[1], /too_large/)
  complaints = complaints.filter((text) => !text.includes('status of 413'))
})

test('a worker that cannot be reached is no disagreement', async () => {
  await page.route('**/worker/decide', (route) => route.abort())
  const { state, text } = await choose('meuse')
  assert.equal(state, 'alone')
  assert.match(text ?? '', /no answer from the worker/)
  const { Verdict: [here, worker], Reason } = await answers()
  assert.match(here, /^(Allow|Deny)$/)
  assert.equal(worker, 'No answer')
  assert.equal(Reason[1], 'no answer from the worker (unreachable)')
  assert.equal(await page.locator('#answers .differ').count(), 0)
  // The browser logs the request that was cut off here.
  complaints = complaints.filter((text) => !text.includes('net::ERR_FAILED'))
})

test('the page holds what it promises to the policy that it is served with', async () => {
  const response = await page.request.get(address)
  const policy = response.headers()['content-security-policy']
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:/)
  assert.equal(response.headers()['x-content-type-options'], 'nosniff')
  const refused = await page.evaluate('(() => { try { document.body.innerHTML = "<b>x</b>" } catch (error) { return error.name } })()')
  assert.equal(refused, 'TypeError', 'text becomes no markup even by mistake')
  // The browser logs the refusal that was provoked here.
  complaints = []
})

test('it fits a narrow screen, and every field has a name', async () => {
  await page.setViewportSize({ width: 380, height: 800 })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 380)
  const nameless = await page.locator('input, select, textarea').evaluateAll((fields) => fields.filter((field) => /** @type {any} */ (field).labels.length === 0).length)
  assert.equal(nameless, 0)
})

test('it is used by keyboard alone', async () => {
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.id'), 'system')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.id'), 'example')
  assert.equal((await settled()).state, 'agree')
  await edit('{"nosuch": 1}')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'records')
})
