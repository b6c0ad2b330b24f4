// @ts-check
// `latchwork test`: passed and failed tests, reports of failures, and invalid files of tests.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, POLICY, writeDocument, run, start } from '../support/command-folder.mjs'

writeDocument('policies/policy.json', POLICY)

/** @param {object[]} cases @param {object} [members] */
const tests = (cases, members) => writeDocument('tests/policy.test.json', { policy: '../policies/policy.json', cases, ...members })

const right = { id: 'an editor edits', ask: { user: 'ann', action: 'edit', resource: 'docs/1' }, expect: { allow: true } }

test('tests that pass are counted', async () => {
  const { code, out, err } = await run('test', tests([
    right,
    { id: 'a reader does not', ask: { user: 'bob', action: 'edit', resource: 'docs/1' }, expect: { allow: false, level: 'read', needs: 'write', rule: 'no-grant' }, why: 'a note' },
    { id: 'an anonymous user is denied', ask: { action: 'read', resource: 'docs/1' }, expect: { rule: 'not-signed-in' } },
    { id: 'a record', ask: { subject: { id: 'eve', roles: ['reader'] }, action: 'read', resource: 'docs/1' }, expect: { allow: true } },
    { id: 'a token', ask: { user: 'ann', action: 'edit', resource: 'docs/1', within: { roles: ['reader'] } }, expect: { allow: false, rule: 'within' } },
    { id: 'the owner', ask: { user: 'ann', action: 'read', resource: 'drafts/1', attributes: { owner: 'ann' } }, expect: { allow: true } },
    { id: 'a misspelled action', ask: { user: 'ann', action: 'edti', resource: 'docs/1' }, expect: { error: 'unknown_action' } },
    { id: 'its own document', given: { users: { ann: { grants: { x: { allow: 'read', until: 9 } } } } }, ask: { user: 'ann', action: 'read', resource: 'x', now: 8 }, expect: { allow: true } },
    { id: 'a question without a time', given: { users: { ann: { grants: { x: { allow: 'read', from: 1 } } } } }, ask: { user: 'ann', action: 'read', resource: 'x' }, expect: { allow: false } },
    { id: 'a refused document', given: { rols: {} }, expect: { problems: [{ path: '/rols', code: 'unknown_field' }] } },
  ]))
  assert.deepEqual({ code, out, err }, { code: 0, out: '10 passed, 0 failed\n', err: '' })
})

test('a failure prints the question, the expected and actual values, and the reason', async () => {
  const { code, out } = await run('test', tests([right, { id: 'the archive', ask: { user: 'ann', action: 'edit', resource: 'docs/archive' }, expect: { allow: true } }]))
  assert.equal(code, 1)
  const lines = out.split('\n')
  assert.match(lines[0], /^failed the archive \(tests\/policy\.test\.json:\d+:5\)$/)
  assert.deepEqual(lines.slice(1, 4), [
    '  question: {"user":"ann","action":"edit","resource":"docs/archive"}',
    '  expected: {"allow":true}',
    '  found:    {"allow":false,"rule":"limit","level":"read","needs":"write"}',
  ])
  assert.match(lines[4], /^ {2}why: {6}The limit on `docs\/archive`/)
  assert.match(out, /^ {12}\/limits\/docs~1archive$/m)
  assert.match(out, /^ {2}remedy: {3}remove the limit/m)
  assert.match(out, /^1 passed, 1 failed\n$/m)
})

test('a failure with its own document prints the reason', async () => {
  const { out } = await run('test', tests([{ id: 'own', given: { limits: { x: 'none' }, users: { ann: { grants: { x: 'read' } } } }, ask: { user: 'ann', action: 'read', resource: 'x' }, expect: { allow: true } }]))
  assert.match(out, /^ {2}why: {6}The limit on `x`/m)
})

test('each wrong expectation fails', async () => {
  const wrong = [
    { id: 'allow', ask: right.ask, expect: { allow: false } },
    { id: 'level', ask: right.ask, expect: { level: 'read' } },
    { id: 'needs', ask: right.ask, expect: { allow: true, needs: 'admin' } },
    { id: 'rule', ask: right.ask, expect: { rule: 'grant' } },
    { id: 'error', ask: right.ask, expect: { error: 'unknown_action' } },
    { id: 'no error', ask: { ...right.ask, action: 'edti' }, expect: { allow: false } },
    { id: 'missing problem', given: { rols: {} }, expect: { problems: [{ path: '/rols' }, { path: '/users' }] } },
    { id: 'further problem', given: { rols: {}, grops: {} }, expect: { problems: [{ path: '/rols' }] } },
    { id: 'no problem', given: {}, expect: { problems: [{ path: '/rols' }] } },
  ]
  const { code, out } = await run('test', tests(wrong), '--json')
  assert.equal(code, 1)
  const { ok, passed, failed, cases } = JSON.parse(out)
  assert.deepEqual({ ok, passed, failed }, { ok: false, passed: 0, failed: wrong.length })
  assert.deepEqual(cases.map((/** @type {any} */ { id, passed }) => [id, passed]), wrong.map(({ id }) => [id, false]))
  assert.ok(cases[0].explanation.grants.length > 0 && cases[0].line > 1)
})

test('tests of a product use its model, also by requests and forms', async () => {
  writeDocument('users.json', { users: [{ name: 'ann', role: 'tech' }], crates: [{ name: 'a', owners: ['ann'] }] })
  const cases = [
    { id: 'an owner yanks', ask: { user: 'ann', action: 'crate.yank', resource: 'crate:a@1.0.0' }, expect: { allow: true } },
    { id: 'by the request', ask: { user: 'ann', http: { method: 'DELETE', path: '/api/v1/crates/a/1.0.0/yank' } }, expect: { allow: true } },
    { id: 'the same', ask: { user: 'ann', action: 'crate.yank', resource: 'crate:a@1.0.0' }, http: { method: 'DELETE', path: '/api/v1/crates/a/1.0.0/yank' }, expect: { allow: true } },
    { id: 'not the same', ask: { user: 'ann', action: 'crate.yank', resource: 'crate:b@1.0.0' }, http: { method: 'DELETE', path: '/api/v1/crates/a/1.0.0/yank' }, expect: { allow: false } },
    { id: 'no route', ask: { user: 'ann', http: { method: 'DELETE', path: '/elsewhere' } }, expect: { allow: false } },
  ]
  writeDocument('product.test.json', { system: 'meuse', policy: 'users.json', cases })
  const { code, out } = await run('test', 'product.test.json', '--json')
  assert.equal(code, 1)
  assert.deepEqual(JSON.parse(out).cases.map((/** @type {any} */ { passed }) => passed), [true, true, true, false, true])
  writeDocument('unnamed.test.json', { policy: 'users.json', cases: cases.slice(0, 1) })
  assert.equal((await run('test', 'unnamed.test.json', '--system', 'meuse')).code, 0)
  assert.equal((await run('test', 'unnamed.test.json')).code, 2)
})

for (const [what, content, message] of /** @type {[string, unknown, RegExp][]} */ ([
  ['no cases', { policy: '../policies/policy.json' }, /policy\.test\.json:1:1 \/cases: expected a list of cases \(missing_field\)/],
  ['an empty list of cases', { cases: [] }, /\/cases: expected at least one case/],
  ['an unknown member', { cases: [{ ...right, expected: {} }] }, /:\d+:\d+ \/cases\/0\/expected: unknown member `expected`/],
  ['an unknown member of a question', { policy: '../policies/policy.json', cases: [{ ...right, ask: { ...right.ask, attribute: {} } }] }, /\/cases\/0\/ask\/attribute: unknown member/],
  ['an unknown expectation', { policy: '../policies/policy.json', cases: [{ ...right, expect: { allowed: true } }] }, /\/cases\/0\/expect\/allowed: unknown member `allowed`, expected allow,/],
  ['no expectation', { policy: '../policies/policy.json', cases: [{ ...right, expect: {} }] }, /\/cases\/0\/expect: expected at least one of allow,/],
  ['an expectation of another type', { policy: '../policies/policy.json', cases: [{ ...right, expect: { allow: 'yes' } }] }, /\/cases\/0\/expect\/allow: expected a boolean/],
  ['a question without a resource', { policy: '../policies/policy.json', cases: [{ ...right, ask: { user: 'ann', action: 'edit' } }] }, /\/cases\/0\/ask\/resource: expected `resource`/],
  ['a case without a document', { cases: [right] }, /\/cases\/0: expected `given`, or `policy`/],
  ['two cases of one name', { policy: '../policies/policy.json', cases: [right, right] }, /\/cases\/1\/id: another case has this name/],
  ['a call', { cases: [{ id: 'x', given: {}, request: {}, expect: {} }] }, /\/cases\/0\/request: a call needs a directory/],
  ['a policy inside', { policy: POLICY, cases: [right] }, /\/policy: expected the path of the document/],
  ['a policy that is missing', { policy: 'none.json', cases: [right] }, /`tests\/none\.json` cannot be read/],
  ['a policy that is not valid', { policy: '../policies/wrong.json', cases: [right] }, /policies\/wrong\.json:\d:\d /],
  ['fields in rbac', { policy: '../policies/policy.json', cases: [{ ...right, ask: { ...right.ask, fields: ['title'] } }] }, /\/cases\/0\/ask\/fields: `rbac` has no fields of a question: write .* `action_properties` \(unknown_field\)/],
  ['two documents', { cases: [{ ...right, given: POLICY, given_text: '{}' }] }, /\/cases\/0\/given_text: `given_text` has no effect beside `given`: remove one/],
  ['a form check beside a question', { policy: '../policies/policy.json', cases: [{ ...right, validate: { kind: 'x', value: 1 } }] }, /\/cases\/0\/validate: `validate` has no effect beside `ask`/],
  ['a request without a question', { policy: '../policies/policy.json', cases: [{ id: 'x', given: { rols: {} }, http: { method: 'GET', path: '/' }, expect: { problems: [{ path: '/rols' }] } }] }, /\/cases\/0\/http: a request without a question in `ask` has no effect/],
  ['fields and attributes', { system: 'meuse', cases: [{ id: 'x', given: {}, ask: { user: 'ann', action: 'user.update', resource: 'user:ann', fields: ['active'], attributes: {} }, expect: { allow: false } }] }, /\/cases\/0\/ask\/attributes: `attributes` has no effect beside `fields`/],
  ['no JSON', '{ "cases": }', /the file of tests `tests\/policy\.test\.json` is not JSON \(malformed_json\)\n {2}tests\/policy\.test\.json:1:12: expected a value/],
])) {
  test(`tests with ${what} are refused with their place, and exit code 2`, async () => {
    writeDocument('policies/wrong.json', { rols: {} })
    const { code, out, err } = await run('test', writeDocument('tests/policy.test.json', content))
    assert.deepEqual({ code, out }, { code: 2, out: '' })
    assert.match(err, message)
  })
}

test('a case that cannot be asked is a problem at its line, and all such cases are listed', async () => {
  const cases = [
    right,
    { id: 'an unknown role', given: { users: { ann: { roles: ['x'] } } }, ask: right.ask, expect: { allow: true } },
    { id: 'no JSON', given_text: '{', ask: right.ask, expect: { allow: true } },
    { id: 'an unknown form', validate: { kind: 'role', value: {} }, expect: { valid: true } },
  ]
  const { code, out, err } = await run('test', tests(cases))
  assert.deepEqual({ code, out }, { code: 2, out: '' })
  const [first, ...problems] = err.trim().split('\n')
  assert.equal(first, 'latchwork: the policy tests in `tests/policy.test.json` are not valid (invalid_tests)')
  const lines = readFileSync(join(folder, 'tests/policy.test.json'), 'utf8').split('\n')
  assert.deepEqual(problems.map((problem) => /^ {2}tests\/policy\.test\.json:(\d+):\d+ (\S+): .+ \((\w+)\)$/.exec(problem)?.slice(1)), [
    [String(lines.findIndex((line) => line.includes('"x"')) + 1), '/cases/1/given/users/ann/roles/0', 'unknown_role'],
    [String(lines.findIndex((line) => line.includes('"given_text"')) + 1), '/cases/2/given_text', 'malformed_json'],
    [String(lines.findIndex((line) => line.includes('"validate"')) + 1), '/cases/3/validate', 'unknown_kind'],
  ])
})

test('all decision cases of the repository pass', async () => {
  const cases = new URL('../../cases/rbac/', import.meta.url)
  const files = readdirSync(cases).filter((name) => name.endsWith('.json'))
  const { code, out } = await run('test', ...files.map((name) => new URL(name, cases).pathname))
  const all = files.reduce((sum, name) => sum + JSON.parse(readFileSync(new URL(name, cases), 'utf8')).cases.length, 0)
  assert.deepEqual({ code, out }, { code: 0, out: `${all} passed, 0 failed\n` })
})

test('coverage names the grants, limits and roles that no test exercises, with their places', async () => {
  const some = [right, { id: 'a token', ask: { user: 'ann', action: 'edit', resource: 'docs/1', within: {} }, expect: { allow: false } }]
  const { code, out } = await run('test', tests(some), '--coverage')
  assert.equal(code, 1)
  assert.match(out, /^2 passed, 0 failed\ncoverage: 2 of 6 grants, limits and roles exercised; no test exercises:\n/)
  const lines = out.trim().split('\n').slice(2).map((line) => line.trim().split(' '))
  assert.deepEqual(lines.map(([, kind, path]) => `${kind} ${path}`).sort(), ['grant /groups/staff/grants/drafts~1*', 'grant /roles/reader/grants/docs~1*', 'limit /limits/docs~1archive', 'role /roles/reader'])
  for (const [place] of lines) assert.match(place, /^policies\/policy\.json:\d+:\d+$/)

  const all = [
    right,
    { id: 'inherited', ask: { user: 'ann', action: 'read', resource: 'docs/1' }, expect: { allow: true } },
    { id: 'condition', ask: { user: 'ann', action: 'read', resource: 'drafts/1', attributes: { owner: 'ann' } }, expect: { allow: true } },
    { id: 'limit', ask: { user: 'ann', action: 'edit', resource: 'docs/archive' }, expect: { allow: false } },
  ]
  assert.deepEqual((await run('test', tests(all), '--coverage')).out, '4 passed, 0 failed\ncoverage: 6 of 6 grants, limits and roles exercised\n')
  // A case with a document of its own exercises nothing of the policy, and two files of one policy count together.
  writeDocument('tests/first.test.json', { policy: '../policies/policy.json', cases: all.slice(0, 2) })
  writeDocument('tests/second.test.json', { policy: '../policies/policy.json', cases: [...all.slice(2, 3), { ...all[3], given: POLICY }] })
  const { coverage } = JSON.parse((await run('test', 'tests/first.test.json', 'tests/second.test.json', '--coverage', '--json')).out)
  assert.deepEqual([coverage.parts, coverage.unexercised.map((/** @type {any} */ { path }) => path)], [6, ['/limits/docs~1archive']])
})

test('a watcher runs again when the policy or a test changes, and after a mistake', async () => {
  const watched = join(folder, 'watched')
  rmSync(watched, { recursive: true, force: true })
  mkdirSync(watched)
  const write = (/** @type {unknown} */ policy) => writeDocument('watched/policy.json', policy)
  write(POLICY)
  writeDocument('watched/policy.test.json', { policy: 'policy.json', cases: [right] })
  const { child, output, closed } = start('test', 'watched/policy.test.json', '--watch')
  const until = async (/** @type {RegExp} */ expected) => {
    for (const deadline = Date.now() + 20_000; !expected.test(output.out + output.err); await new Promise((resolve) => setTimeout(resolve, 20))) assert.ok(Date.now() < deadline, `${expected}: ${output.out}${output.err}`)
    output.out = output.err = ''
  }
  try {
    await until(/1 passed, 0 failed[^]*waiting for changes/)
    write({ ...POLICY, users: {} })
    await until(/0 passed, 1 failed[^]*waiting for changes/)
    write('{')
    await until(/not JSON|malformed_json/)
    write(POLICY)
    await until(/1 passed, 0 failed/)
    writeDocument('watched/policy.test.json', { policy: 'policy.json', cases: [right, { ...right, id: 'again' }] })
    await until(/2 passed, 0 failed/)
  } finally {
    child.kill('SIGTERM')
    await closed
  }
  assert.ok(existsSync(watched))
})
