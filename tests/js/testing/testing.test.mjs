// @ts-check
// `latchwork/testing`: cases as tests of `node:test`, assertions and matchers. Vitest and Jest run in tests/matrix.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open } from 'latchwork/rbac'
import { assertAllowed, assertDenied, LatchworkError, matchers, policyTests } from 'latchwork/testing'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-testing-'))
after(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'node_modules'))
symlinkSync(fileURLToPath(new URL('../../../pkg/', import.meta.url)), join(folder, 'node_modules/latchwork'))
const writeDocument = (/** @type {string} */ name, /** @type {unknown} */ content) => writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))

const policy = { roles: { editor: { grants: { 'docs/*': 'write' } } }, users: { ann: { roles: ['editor'] }, bob: {} }, limits: { 'docs/archive': 'read' } }
const cases = [
  { id: 'ann writes', ask: { user: 'ann', action: 'write', resource: 'docs/1' }, expect: { allow: true } },
  { id: 'bob does not', ask: { user: 'bob', action: 'write', resource: 'docs/1' }, expect: { allow: false } },
]
const app = open(/** @type {any} */ (policy))

/** Declares tests, and runs those that were declared. @param {any} source */
function declared(source) {
  /** @type {string[]} */
  const groups = []
  /** @type {Map<string, () => void>} */
  const tests = new Map()
  const runner = { describe: (/** @type {string} */ name, /** @type {() => void} */ body) => (groups.push(name), body()), test: (/** @type {string} */ name, /** @type {() => void} */ body) => tests.set(name, body) }
  policyTests(source, runner)
  return { groups, tests }
}

test('each case of an object or a file becomes a test', () => {
  writeDocument('policy.json', policy)
  writeDocument('policy.test.json', { policy: 'policy.json', cases })
  const path = join(folder, 'policy.test.json')
  for (const [source, name] of /** @type {[any, string][]} */ ([[{ policy, cases }, 'policy'], [path, 'policy.test.json'], [new URL(`file://${path}`), 'policy.test.json']])) {
    const { groups, tests } = declared(source)
    assert.deepEqual(groups, [name])
    assert.deepEqual([...tests.keys()], ['ann writes', 'bob does not'])
    for (const body of tests.values()) body()
  }
})

test('a failing case throws the question, the expected and actual values, and the reason', () => {
  const { tests } = declared({ policy, cases: [{ ...cases[0], expect: { allow: false } }, { id: 'archive', ask: { user: 'ann', action: 'write', resource: 'docs/archive' }, expect: { allow: true } }] })
  assert.throws(() => tests.get('ann writes')?.(), { name: 'AssertionError', code: 'ERR_ASSERTION', message: /question: .*"docs\/1".*\nexpected: \{"allow":false\}\nfound: {4}\{"allow":true,.*\nwhy: {6}`ann` may `write`/ })
  assert.throws(() => tests.get('archive')?.(), /why: {6}The limit on `docs\/archive`[^]*remedy: {3}remove the limit/)
})

test('tests and policies that are not valid are refused with every problem', () => {
  for (const [source, code, message] of /** @type {[any, string, RegExp][]} */ ([
    [{ policy, cases: [{ ...cases[0], expects: {} }] }, 'invalid_tests', /\/cases\/0\/expects: unknown member/],
    [{ policy: { rols: {}, grops: {} }, cases }, 'invalid_records', /the policy is not valid:\n {2}\/\w+: .*\n {2}\/\w+: /],
    [join(folder, 'none.json'), 'invalid_tests', /none\.json` cannot be read as JSON/],
  ])) {
    assert.throws(() => declared(source), (/** @type {any} */ error) => error instanceof LatchworkError && error.code === code && message.test(error.message))
  }
  assert.throws(() => policyTests({ policy, cases }, /** @type {any} */ ({ describe() {} })), { code: 'wrong_type', message: /`test` of the options must be a function/ })
})

test('an assertion passes, or throws with the explanation', () => {
  const ann = app.subject('ann')
  assertAllowed(ann, 'write', 'docs/1')
  assertDenied(ann, 'write', 'docs/archive')
  assert.throws(() => assertAllowed(ann, 'write', 'docs/archive'), { name: 'AssertionError', message: /^expected `write` on `docs\/archive` to be allowed, got denied \(rule: limit\)\nwhy: {6}The limit on/ })
  assert.throws(() => assertDenied(ann, 'write', { type: 'docs', id: 1 }), { message: /^expected `write` on `\{"type":"docs","id":1\}` to be denied, got allowed \(rule: role\)/ })
  assert.throws(() => assertAllowed(ann, /** @type {any} */ ('wirte'), 'docs/1'), { code: 'unknown_action' })
  assert.throws(() => assertAllowed(/** @type {any} */ ('ann'), 'write', 'docs/1'), { code: 'wrong_type', message: /must be a subject: `authorizer\.subject\(id\)`/ })
})

test('a matcher has a message for failure and one for negation', () => {
  const ann = app.subject('ann')
  const yes = matchers.toBeAllowed(ann, 'write', 'docs/1')
  assert.equal(yes.pass, true)
  assert.match(yes.message(), /to be denied, got allowed/)
  const no = matchers.toBeAllowed(ann, 'write', 'docs/archive', {}, { now: 5 })
  assert.equal(no.pass, false)
  assert.match(no.message(), /to be allowed, got denied \(rule: limit\)/)
})

/** @param {string} program @param {NodeJS.ProcessEnv} [environment] */
function runNode(program, environment) {
  writeDocument('policy.test.mjs', program)
  const env = { ...process.env, ...environment }
  // The runner of this file is not that of the program.
  delete env.NODE_TEST_CONTEXT
  return spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'policy.test.mjs'], { cwd: folder, env, encoding: 'utf8' })
}

test('node:test is detected', () => {
  writeDocument('policy.json', policy)
  writeDocument('cases.json', { policy: 'policy.json', cases: [...cases, { ...cases[1], id: 'bob writes', expect: { allow: true } }] })
  const { status, stdout } = runNode("import { policyTests } from 'latchwork/testing'\npolicyTests(new URL('./cases.json', import.meta.url))\n")
  assert.equal(status, 1)
  assert.match(stdout, /ok 1 - ann writes/)
  assert.match(stdout, /not ok 3 - bob writes/)
  assert.match(stdout, /expected: \{"allow":true\}/)
  assert.match(stdout, /# tests 3\n/)
  assert.match(stdout, /# fail 1\n/)
})

test('without globals of a runner the error names what to pass', () => {
  for (const [variable, library] of [['VITEST', 'vitest'], ['JEST_WORKER_ID', '@jest/globals']]) {
    const { stdout } = runNode("import { policyTests } from 'latchwork/testing'\npolicyTests('cases.json')\n", { [variable]: '1' })
    assert.ok(stdout.includes(`import them from '${library}' and pass them: policyTests(tests, { describe, test })`), stdout)
  }
})
