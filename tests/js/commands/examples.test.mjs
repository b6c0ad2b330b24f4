// @ts-check
// The example policies: their tests pass and exercise each part, and the one of the AuthZEN interoperability events answers its
// questions.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open } from 'latchwork/rbac'
import { run } from './folder.mjs'

const folder = fileURLToPath(new URL('../../../examples/policies/', import.meta.url))
const examples = readdirSync(folder).filter((name) => !name.endsWith('.md'))
const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'))

for (const example of examples) {
  test(`the tests of the policy ${example} exercise each part`, async () => {
    const { code, out } = await run('test', join(folder, example, 'policy.test.json'), '--coverage', '--json')
    const { ok, coverage } = JSON.parse(out)
    assert.deepEqual({ code, ok, unexercised: coverage.unexercised }, { code: 0, ok: true, unexercised: [] })
    assert.ok(coverage.parts >= 8, `${coverage.parts} parts`)
  })
}

test('the policy todo answers the questions of AuthZEN as they are expected', () => {
  const app = open(read(join(folder, 'todo/policy.json')))
  const { evaluation, evaluations } = read(fileURLToPath(new URL('../../vectors/authzen-todo.json', import.meta.url)))
  const decide = (/** @type {any} */ { subject, action, resource: { properties, ...resource } }) => app.decide({ subject: subject.id, action: action.name, resource, attributes: properties }).allow
  assert.ok(evaluation.length >= 40 && evaluations.length >= 3)
  for (const { request, expected } of evaluation) assert.equal(decide(request), expected, JSON.stringify(request))
  for (const { request, expected } of evaluations) {
    const { evaluations: questions, ...shared } = request
    assert.deepEqual(questions.map((/** @type {any} */ question) => ({ decision: decide({ ...shared, ...question }) })), expected)
  }
})
