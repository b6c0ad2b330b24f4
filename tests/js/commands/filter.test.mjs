// @ts-check
// `latchwork filter`: the expression, and the condition of SQL.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork/rbac/server'
import { sql } from 'latchwork/filter/sql'
import { writeDocument, run } from '../support/command-folder.mjs'

const POLICY = {
  resources: { doc: 'docs/{id}' },
  roles: { editor: { grants: { 'docs/*': { allow: 'write', when: { 'resource.owner': { ref: 'subject.id' }, 'context.network': 'office' }, until: 100 } } } },
  users: { ann: { roles: ['editor'] } },
  limits: { 'docs/terms': 'read' },
}
const COLUMNS = { 'resource.id': 'id', 'resource.owner': 'owner_id' }
writeDocument('policy.json', POLICY)
writeDocument('columns.json', COLUMNS)

const question = ['filter', 'policy.json', '--subject', 'ann', '--action', 'write', '--type', 'doc']
const details = ['--context', '{"network": "office"}', '--now', '99']
const app = open(/** @type {any} */ (POLICY))
const expected = app.subject('ann').filter('write', 'doc', { context: { network: 'office' }, now: 99 })

test('filter prints the expression for the subject, the context and the time', async () => {
  const { code, out, err } = await run(...question, ...details)
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  assert.deepEqual(JSON.parse(out), expected)
  assert.equal(JSON.stringify(expected).includes('resource.owner'), true)
  for (const words of [['--context', '{"network": "home"}', '--now', '99'], ['--context', '{"network": "office"}', '--now', '100'], [...details, '--within', '{}']]) {
    assert.equal(JSON.parse((await run(...question, ...words)).out).where, false, words.join(' '))
  }
})

for (const dialect of /** @type {const} */ (['postgres', 'sqlite'])) {
  test(`filter prints a condition for ${dialect}`, async () => {
    const condition = sql(/** @type {any} */ (expected), { dialect, columns: COLUMNS })
    const { code, out } = await run(...question, ...details, '--sql', dialect, '--columns', 'columns.json')
    assert.deepEqual({ code, out }, { code: 0, out: `${condition.text}\nparameters: ${JSON.stringify(condition.params)}\n` })
    assert.ok(out.includes('owner_id'))
    const { out: json } = await run(...question, ...details, '--sql', dialect, '--columns', 'columns.json', '--json')
    assert.deepEqual(JSON.parse(json), condition)
  })
}

for (const [code, words, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['unknown_action', ['filter', 'policy.json', '--subject', 'ann', '--action', 'wirte', '--type', 'doc'], /`wirte`/],
  ['unknown_resource', ['filter', 'policy.json', '--subject', 'ann', '--action', 'write', '--type', 'dco'], /dco|type/],
  ['invalid_value', [...question, ...details, '--sql', 'oracle', '--columns', 'columns.json'], /'postgres' or 'sqlite'/],
  ['unmapped_attribute', [...question, ...details, '--sql', 'sqlite', '--columns', writeDocument('few.json', {})], /resource\./],
  ['malformed_json', [...question, ...details, '--sql', 'sqlite', '--columns', writeDocument('broken.json', '{"resource.id": }')], /the file of columns `broken\.json` is not JSON.*\n {2}broken\.json:1:17: expected a value/],
  ['unmapped_attribute', [...question, ...details, '--sql', 'sqlite', '--columns', writeDocument('list.json', [])], /resource\./],
  ['unreadable_file', [...question, ...details, '--sql', 'sqlite', '--columns', 'none.json'], /the file of columns `none\.json` cannot be read/],
])) {
  test(`\`latchwork ${words.join(' ')}\` names the mistake`, async () => {
    const { code: exit, out, err } = await run(...words)
    assert.deepEqual({ exit, out }, { exit: 2, out: '' })
    assert.match(err, message)
    assert.ok(err.includes(`(${code})`), err)
  })
}
