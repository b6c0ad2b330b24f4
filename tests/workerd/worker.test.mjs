// @ts-check
// The demo's worker on Cloudflare's runtime gives the answers that it gives in Node, digests included.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { classify, open } from 'latchwork'
import { open as openForServers } from 'latchwork/server'
import { Miniflare } from 'miniflare'
import worker from '../../www/worker.mjs'
import { questionsOf, withDefaults } from '../js/support/case-defaults.mjs'
import { bundle } from './bundle.mjs'

const cases = new URL('../cases/', import.meta.url)
const modules = await bundle('www', 'worker.mjs')

const miniflare = new Miniflare({
  modules,
  host: '127.0.0.1',
  port: 0,
  compatibilityDate: '2026-04-01',
  // Would ask the network where on earth it is.
  cf: false,
})
after(() => miniflare.dispose())

/** @param {string | Uint8Array<ArrayBuffer>} body @param {string} [method] */
async function askBoth(body, method = 'POST') {
  const init = method === 'GET' ? { method } : { method, body }
  const [there, here] = await Promise.all([
    miniflare.dispatchFetch('http://worker/decide', init),
    worker.fetch(new Request('http://worker/decide', init)),
  ])
  const got = [there, here].map(async (response) => ({
    status: response.status,
    allow: response.headers.get('allow'),
    body: await response.json(),
  }))
  return Promise.all(got)
}

test('the bundle has the loader for this runtime', () => {
  const [script, wasm] = modules
  assert.match(String(script.contents), /from ["']\.\/latchwork\.wasm["']/)
  assert.ok(script.contents.length < 200_000, 'the module is not inlined')
  assert.equal(String.fromCharCode(...wasm.contents.slice(0, 4)), '\0asm')
})

/** A decision without what explains it, which names places of its document. @param {any} decision */
const decided = (decision) => ({ allow: decision?.allow, rule: decision?.rule, level: decision?.level, needs: decision?.needs })

/** What a server sends to a page for a subject; undefined where the decisions depend on other users. @param {any} system @param {any} records @param {any} subject */
function slice(system, records, subject) {
  const authorizer = openForServers(system, records)
  try {
    return authorizer.slice(subject)
  } catch (error) {
    if (/** @type {any} */ (error).code !== 'unsupported') throw error
    return undefined
  } finally {
    authorizer.dispose()
  }
}

for (const system of readdirSync(cases)) {
  const path = new URL(`${system}/documented.json`, cases)
  if (!existsSync(path)) continue
  test(`${system}: the same decisions and digests as in Node`, { timeout: 60_000 }, async () => {
    const file = JSON.parse(readFileSync(path, 'utf8'))
    let asked = 0
    for (const testCase of file.cases.filter((/** @type {any} */ testCase) => 'ask' in testCase)) {
      const records = withDefaults(system, testCase.given)
      for (const { question, expect } of questionsOf(classify, system, testCase)) {
        const [there, here] = await askBoth(JSON.stringify({ system, records, question }))
        assert.deepEqual(there, here, testCase.id)
        const { decision, error, digest, subjectDigest } = /** @type {any} */ (there.body)
        const got = { ...decided(decision), error: error?.code }
        assert.deepEqual(got, { ...got, ...expect }, testCase.id)
        if (!error) assert.match(digest, /^sha256-[0-9a-f]{64}$/)
        asked += 1
        const sliced = error || question.subject === undefined ? undefined : slice(system, records, question.subject)
        if (!sliced) continue
        const [part] = await askBoth(JSON.stringify({ system, records: sliced, question }))
        const { body } = /** @type {any} */ (part)
        assert.deepEqual([decided(body.decision), body.subjectDigest], [decided(decision), subjectDigest], `${testCase.id}, from a slice`)
      }
    }
    assert.ok(asked >= 5, `${asked} questions`)
  })
}

test('errors have the same messages as in Node', async () => {
  const bodies = ['{', 'null', '{"system":"none-such","records":{},"question":{"subject":null,"action":"","resource":""}}', ' '.repeat(70_000), Uint8Array.of(0xff)]
  for (const body of bodies) {
    const [there, here] = await askBoth(body)
    assert.ok(there.status >= 400)
    assert.deepEqual(there, here)
  }
  const [there, here] = await askBoth('', 'GET')
  assert.equal(there.status, 405)
  assert.deepEqual(there, here)
})
