// @ts-check
// The example policies: their tests pass and are complete, and the one of the AuthZEN interoperability events answers its
// questions.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open } from 'latchwork/rbac'
import { folder as elsewhere, run, writeDocument } from '../support/command-folder.mjs'

const folder = fileURLToPath(new URL('../../../examples/policies/', import.meta.url))
const examples = readdirSync(folder).filter((name) => !name.endsWith('.md'))
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'))

for (const example of examples) {
  test(`the tests of the policy ${example} exercise each part, and notice each change`, async () => {
    const { code, out } = await run('test', join(folder, example, 'policy.test.json'), '--coverage', '--mutants', '--json')
    const { ok, coverage, mutants } = JSON.parse(out)
    assert.deepEqual({ code, ok, unexercised: coverage.unexercised, survived: mutants.survived }, { code: 0, ok: true, unexercised: [], survived: [] })
    assert.ok(coverage.parts >= 8 && mutants.tested >= 10, `${coverage.parts} parts, ${mutants.tested} changes`)
  })

  test(`the policy ${example} has no dead part`, async () => {
    const { code, out } = await run('lint', join(folder, example, 'policy.json'), '--now', '0')
    assert.deepEqual({ code, out }, { code: 0, out: '' })
  })
}

test('leaving a test out leaves a part or a change untested', async () => {
  assert.deepEqual(examples, ['documents', 'todo'])
  const { cases } = readJson(join(folder, 'documents/policy.test.json'))
  writeDocument('left-out/policy.json', readJson(join(folder, 'documents/policy.json')))
  for (const id of ['the press deletes no documents of acme', 'a viewer of globex has lost access when the time is over', 'the owner deletes an invoice that another user submitted']) {
    assert.ok(cases.some((/** @type {any} */ testCase) => testCase.id === id), id)
    writeDocument('left-out/policy.test.json', { policy: 'policy.json', cases: cases.filter((/** @type {any} */ testCase) => testCase.id !== id) })
    const { code, out } = await run('test', join(elsewhere, 'left-out/policy.test.json'), '--coverage', '--mutants', '--json')
    const { coverage, mutants } = JSON.parse(out)
    assert.equal(code, 1, id)
    assert.ok(coverage.unexercised.length + mutants.survived.length > 0, id)
  }
})

test('the policy todo gives the decisions that AuthZEN expects', () => {
  const app = open(readJson(join(folder, 'todo/policy.json')))
  const { evaluation, evaluations } = readJson(fileURLToPath(new URL('../../vectors/authzen-todo.json', import.meta.url)))
  const decide = (/** @type {any} */ { subject, action, resource: { properties, ...resource } }) => app.decide({ subject: subject.id, action: action.name, resource, attributes: properties }).allow
  assert.ok(evaluation.length >= 40 && evaluations.length >= 3)
  for (const { request, expected } of evaluation) assert.equal(decide(request), expected, JSON.stringify(request))
  for (const { request, expected } of evaluations) {
    const { evaluations: questions, ...shared } = request
    assert.deepEqual(questions.map((/** @type {any} */ question) => ({ decision: decide({ ...shared, ...question }) })), expected)
  }
})
