// @ts-check
// A page that renders from a slice: what the server sends for a subject, opened by `latchwork/rbac/web`. It shows the same
// decisions and the same digest of the subject as the server has from its whole document.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { open } from 'latchwork/rbac'
import { launch, serve } from './chromium.mjs'

const PAGE = `<!doctype html><title>page</title><link rel="icon" href="data:,"><ul></ul>
<script>addEventListener('unhandledrejection', ({ reason }) => { document.title = reason })
addEventListener('error', ({ message }) => { document.title = message })</script>
<script type="module">
  import { init, open } from '/pkg/models/rbac.web.mjs'
  await init()
  for (const { document: policy, id, within, question } of await (await fetch('/sessions')).json()) {
    const authorizer = open(policy)
    const whole = authorizer.subject(id)
    const subject = within === undefined ? whole : whole.within(within)
    const { allow, rule, level, needs } = subject.decide(...question)
    const item = document.createElement('li')
    item.textContent = [whole.digest, allow ? 'yes' : 'no', rule, level, needs].join(' ')
    document.querySelector('ul').append(item)
    authorizer.dispose()
  }
  document.title = 'ready'
</script>`

const cases = new URL('../cases/rbac/', import.meta.url)
/** Cases with a decision, for a user with an id or an anonymous one. @type {any[]} */
const asked = readdirSync(cases)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, cases), 'utf8')).cases)
  .filter(({ given, given_text: text, ask, expect }) => (given ?? text) !== undefined && ask && expect.allow !== undefined)

/** The decision of the server for a case, and what it sends to the page. @param {any} testCase */
function session({ given, given_text: text, ask }) {
  const authorizer = open(text ?? given)
  const who = ask.subject ?? ask.user ?? null
  const id = who === null || typeof who === 'string' ? who : who.id
  const options = { context: ask.context, properties: ask.action_properties, now: ask.now ?? 0 }
  const holders = ask.within === undefined ? [] : [ask.within].flat()
  const roles = holders.flatMap(({ roles = [] }) => roles.map((/** @type {any} */ role) => role.role ?? role))
  const whole = authorizer.subject(who)
  const subject = ask.within === undefined ? whole : whole.within(ask.within)
  const { allow, rule, level, needs } = subject.decide(ask.action, ask.resource, ask.attributes, options)
  return {
    expected: [whole.digest, allow ? 'yes' : 'no', rule, level, needs].join(' '),
    sent: { document: authorizer.slice(who, roles), id, within: ask.within, question: [ask.action, ask.resource, ask.attributes ?? {}, options] },
  }
}

const sessions = asked.map(session)
/** @type {Awaited<ReturnType<typeof serve>>} */
let server
/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  const texts = /** @type {Record<string, [string, string]>} */ ({
    '/': ['text/html', PAGE],
    '/sessions': ['application/json', JSON.stringify(sessions.map(({ sent }) => sent))],
  })
  server = await serve((url) => texts[url])
  browser = await launch()
})

after(async () => {
  await browser?.close()
  server?.close()
})

test('a page decides from a slice as the server does from the whole document', { timeout: 120_000 }, async () => {
  assert.ok(sessions.length > 300, `${sessions.length} cases`)
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(server.address)
  await page.waitForFunction("document.title !== 'page'")
  assert.equal(await page.title(), 'ready')
  const items = await page.evaluate(() => [...document.querySelectorAll('li')].map((item) => item.textContent))
  assert.equal(items.length, sessions.length)
  sessions.forEach(({ expected }, index) => assert.equal(items[index], expected, asked[index].id))
})
