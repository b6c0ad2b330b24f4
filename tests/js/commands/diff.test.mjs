// @ts-check
// `latchwork diff` and `lint`: changes between two documents, and parts without effect.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork/rbac/server'
import { POLICY, writeDocument, run } from '../support/command-folder.mjs'

const WIDER = { ...POLICY, roles: { ...POLICY.roles, reader: { grants: { 'docs/*': 'write' } } } }
writeDocument('old.json', POLICY)
writeDocument('new.json', WIDER)
const app = (/** @type {any} */ document) => /** @type {any} */ (open(document))

test('--json prints the differences that the core returns', async () => {
  const { code, out, err } = await run('diff', 'old.json', 'new.json', '--json')
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  const entries = JSON.parse(out)
  assert.deepEqual(entries, app(POLICY).diff(app(WIDER)))
  assert.ok(entries.length > 0)
  // Each example is a question that the two documents answer in different ways.
  for (const { change, example } of /** @type {any[]} */ (entries)) {
    assert.equal(app(POLICY).decide(example).allow, change === 'lost')
    assert.equal(app(WIDER).decide(example).allow, change === 'gained')
  }
})

test('differences are printed as lines or as a table', async () => {
  const { code, out } = await run('diff', 'old.json', 'new.json')
  assert.equal(code, 0)
  assert.match(out, /^gained: .*role `reader`.*`write`.* on `docs\/\*`/m)
  assert.match(out, /^ {2}example: \{/m)
  assert.match(out, /^\d+ changes?: \d+ gained$/m)
  const { out: markdown } = await run('diff', 'old.json', 'new.json', '--markdown')
  assert.match(markdown, /^### Access changes in `new\.json`\n/)
  assert.match(markdown, /^\| \*\*gained\*\* \| .*role `reader`/m)
  assert.match((await run('diff', 'new.json', 'old.json')).out, /^lost: /m)
})

test('an edit that changes no decision is not listed', async () => {
  writeDocument('same.json', { description: 'the same', ...POLICY, roles: { ...POLICY.roles, editor: { inherits: ['reader'], grants: { 'docs/*': ['read', 'write'] } } } })
  const { code, out } = await run('diff', 'old.json', 'same.json', '--exit-code')
  assert.deepEqual({ code, out }, { code: 0, out: 'no answer changes\n' })
  assert.equal((await run('diff', 'old.json', 'new.json', '--exit-code')).code, 1)
})

test('an invalid document is an error', async () => {
  writeDocument('wrong.json', { rols: {} })
  const { code, err } = await run('diff', 'old.json', 'wrong.json')
  assert.equal(code, 1)
  assert.match(err, /^ {2}wrong\.json:2:3 \/rols: /m)
})
