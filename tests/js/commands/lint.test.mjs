// @ts-check
// `latchwork lint`: parts of a document without effect, with their positions.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork/rbac/server'
import { POLICY, writeDocument, run } from '../support/command-folder.mjs'

const DOCUMENT = { ...POLICY, users: { ...POLICY.users, eve: { grants: { x: { allow: 'read', until: 100 } } } } }
writeDocument('policy.json', POLICY)
writeDocument('expired.json', DOCUMENT)

test('lint prints findings with place and code, for the given time', async () => {
  const { code, out } = await run('lint', 'expired.json', '--now', '100')
  const findings = open(/** @type {any} */ (DOCUMENT)).lint({ now: 100 })
  assert.equal(code, 1)
  assert.ok(findings.length > 0)
  assert.deepEqual(out.trim().split('\n').map((line) => line.replace(/:\d+:\d+ /, ' ')), findings.map(({ path, code, message }) => `expired.json ${path}: ${message} (${code})`))
  assert.match(out, /^expired\.json:\d+:\d+ \/users\/eve\/grants\/x/m)
  const { out: json } = await run('lint', 'expired.json', '--now', '100', '--json')
  assert.deepEqual(JSON.parse(json).map((/** @type {any} */ { line, column, ...finding }) => (assert.ok(line > 1 && column > 1), finding)), findings.map((finding) => ({ file: 'expired.json', ...finding })))
})

test('nothing is found before the bound has passed', async () => {
  const { code, out } = await run('lint', 'policy.json', 'expired.json', '--now', '99')
  assert.deepEqual({ code, out }, { code: 0, out: '' })
})
