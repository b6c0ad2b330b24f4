// @ts-check
// `latchwork check`, `explain` and `slice`: output, exit codes, and messages of mistakes.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { open } from 'latchwork/rbac'
import { cli, folder, POLICY, writeDocument, run } from '../support/command-folder.mjs'

writeDocument('policy.json', POLICY)
writeDocument('wrong.json', '{\n  "roles": {\n    "reader": { "grants": { "docs/*": "raed" } }\n  },\n  "rols": {}\n}\n')
writeDocument('broken.json', '{ "roles": }')
writeDocument('users.json', { users: [{ name: 'ann', role: 'tech' }] })

test('check prints which documents are valid', async () => {
  const { code, out, err } = await run('check', 'policy.json')
  assert.deepEqual({ code, out, err }, { code: 0, out: 'policy.json is valid\n', err: '' })
  const { out: json } = await run('check', 'policy.json', '--json')
  assert.deepEqual(JSON.parse(json), [{ file: 'policy.json', valid: true, digest: open(/** @type {any} */ (POLICY)).digest }])
})

test('output that a full disk loses is an error, and a closed pipe is none', { skip: existsSync('/dev/full') ? false : 'this system has no /dev/full' }, () => {
  const full = openSync('/dev/full', 'w')
  for (const words of [['check', 'policy.json'], ['slice', 'policy.json', '--subject', 'ann'], ['--help']]) {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd: folder, stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
    assert.deepEqual([status, stderr], [2, 'latchwork: the standard output cannot be written (ENOSPC) (unwritable_file)\n'], words[0])
  }
  closeSync(full)
  const closed = spawnSync('sh', ['-c', `"${process.execPath}" "${cli}" --help | true`], { cwd: folder, encoding: 'utf8' })
  assert.deepEqual([closed.status, closed.stderr], [0, ''])
})

test('check lists each problem of each document with its line and column', async () => {
  const { code, out } = await run('check', 'policy.json', 'wrong.json', 'broken.json')
  assert.equal(code, 1)
  assert.match(out, /^policy\.json is valid$/m)
  assert.match(out, /^wrong\.json:3:29 \/roles\/reader\/grants\/docs~1\*: .*`raed`.* \(unknown_name\)$/m)
  assert.match(out, /^wrong\.json:5:3 \/rols: .* \(unknown_field\)$/m)
  assert.match(out, /^broken\.json:1:12: expected a value \(malformed_json\)$/m)
  const { code: jsonCode, out: json } = await run('check', 'wrong.json', '--json')
  assert.equal(jsonCode, 1)
  const [{ valid, problems }] = JSON.parse(json)
  assert.equal(valid, false)
  assert.deepEqual(problems.map((/** @type {any} */ { file, line, column, path, code }) => [file, line, column, path, code]).sort(), [
    ['wrong.json', 3, 29, '/roles/reader/grants/docs~1*', 'unknown_name'],
    ['wrong.json', 5, 3, '/rols', 'unknown_field'],
  ])
})

test('a document that is not JSON is reported with its line and column, also as JSON', async () => {
  const place = { file: 'broken.json', line: 1, column: 12, path: '', code: 'malformed_json', message: 'expected a value' }
  assert.deepEqual(JSON.parse((await run('check', 'broken.json', '--json')).out), [{ file: 'broken.json', valid: false, problems: [place] }])
  const { code, err } = await run('lint', 'broken.json')
  assert.deepEqual({ code, err }, { code: 1, err: 'latchwork: the document `broken.json` is not JSON (malformed_json)\n  broken.json:1:12: expected a value (malformed_json)\n' })
  assert.deepEqual(JSON.parse((await run('lint', 'broken.json', '--json')).out).error.problems, [place])
})

test('a repeated member is a problem at its line and column, together with all others', async () => {
  writeDocument('repeated.json', '{\n  "roles": {\n    "reader": {},\n    "reader": { "grants": { "docs/*": "raed" } }\n  },\n  "users": { "ann": { "roles": ["\\ud800"] } }, "users": {},\n  "rols": {}\n}\n')
  const expected = [
    [4, 5, '/roles/reader', 'duplicate'],
    [6, 48, '/users', 'duplicate'],
    [4, 29, '/roles/reader/grants/docs~1*', 'unknown_name'],
    [7, 3, '/rols', 'unknown_field'],
  ]
  const placesOf = (/** @type {any[]} */ problems) => problems.map(({ line, column, path, code }) => [line, column, path, code])
  const { code, out } = await run('check', 'repeated.json', '--json')
  assert.equal(code, 1)
  assert.deepEqual(placesOf(JSON.parse(out)[0].problems).sort(), expected.sort())
  for (const words of [['lint', 'repeated.json'], ['diff', 'policy.json', 'repeated.json'], ['types', 'repeated.json']]) {
    const { code, err } = await run(...words)
    assert.equal(code, 1)
    assert.match(err, /^ {2}repeated\.json:4:5 \/roles\/reader: `reader` is repeated in this object \(duplicate\)$/m)
  }
  writeDocument('only-repeated.json', '{ "roles": {}, "roles": {} }')
  assert.equal((await run('check', 'only-repeated.json')).out, 'only-repeated.json:1:16 /roles: `roles` is repeated in this object (duplicate)\n')
  writeDocument('repeated-users.json', '{ "users": [], "users": [{ "name": "ann", "role": "tech", "role": "tech" }] }')
  const { out: product } = await run('check', 'repeated-users.json', '--system', 'meuse')
  assert.match(product, /^repeated-users\.json:1:16 \/users: .*\nrepeated-users\.json:1:59 \/users\/0\/role: .*\n$/)
})

test('check accepts the records of a product', async () => {
  assert.equal((await run('check', 'users.json', '--system', 'meuse')).out, 'users.json is valid\n')
  const { code, err } = await run('check', 'users.json', '--system', 'meus')
  assert.equal(code, 2)
  assert.match(err, /unknown system `meus`.*\(unknown_system\)/)
})

test('explain prints the reason with its places, and the remedy', async () => {
  const yes = await run('explain', 'policy.json', '--subject', 'ann', '--action', 'edit', '--resource', 'docs/1')
  assert.equal(yes.code, 0)
  assert.match(yes.out, /^allowed \(rule: role, level: write, needs: write\)\n`ann` may `edit` `docs\/1`: .*\ngranted by:\n {2}- `docs\/\*` at policy\.json:\d+:\d+ \/roles\/editor\/grants\/docs~1\*\n$/)
  const no = await run('explain', 'policy.json', '--subject', 'ann', '--action', 'edit', '--resource', 'docs/archive')
  assert.equal(no.code, 0)
  assert.match(no.out, /^denied \(rule: limit/)
  assert.match(no.out, /^limited by:\n {2}- `docs\/archive` at policy\.json:\d+:\d+ \/limits\/docs~1archive$/m)
  assert.match(no.out, /^would be allowed after one of these changes:\n {2}- remove the limit/m)
})

for (const [what, words, allow] of /** @type {[string, string[], boolean][]} */ ([
  ['attributes', ['--subject', 'ann', '--attributes', '{"owner": "ann"}'], true],
  ['other attributes', ['--subject', 'ann', '--attributes', '{"owner": "bob"}'], false],
  ['a record', ['--subject', '{"id": "eve", "groups": ["staff"]}', '--attributes', '{"owner": "eve"}'], true],
  ['nobody', ['--anonymous', '--attributes', '{"owner": "ann"}'], false],
  ['a holder', ['--subject', 'ann', '--attributes', '{"owner": "ann"}', '--within', '{"roles": ["reader"]}'], false],
])) {
  test(`explain accepts ${what}`, async () => {
    const { code, out } = await run('explain', 'policy.json', '--action', 'read', '--resource', '{"type": "drafts", "id": "1"}', ...words, '--json')
    assert.equal(code, 0)
    assert.equal(JSON.parse(out).allow, allow)
  })
}

test('explain takes the time in seconds or as a date', async () => {
  writeDocument('timed.json', { users: { ann: { grants: { x: { allow: 'read', until: 1_893_456_000 } } } } })
  for (const [now, allow] of [['1893455999', true], ['1893456000', false], ['2029-12-31', true], ['2030-01-01T00:00:00Z', false], ['2028-02-29', true], ['2029-12-31T23:30:00-01:00', false]]) {
    const { out } = await run('explain', 'timed.json', '--subject', 'ann', '--action', 'read', '--resource', 'x', '--json', '--now', String(now))
    assert.equal(JSON.parse(out).allow, allow, String(now))
  }
})

test('an id or a path that begins like JSON is a JSON string', async () => {
  writeDocument('braces.json', { users: { '{x}': { grants: { '"y"': 'read' } } } })
  const { code, out } = await run('explain', 'braces.json', '--subject', '"{x}"', '--action', 'read', '--resource', '"\\"y\\""', '--json')
  assert.deepEqual([code, JSON.parse(out).allow], [0, true])
})

test('explain names the attribute of each condition that does not hold', async () => {
  const grant = { allow: 'read', when: { 'context.a': 1, 'context.b': 2 } }
  writeDocument('conditions.json', { everyone: { grants: { x: grant } } })
  const { out } = await run('explain', 'conditions.json', '--anonymous', '--action', 'read', '--resource', 'x')
  const place = 'at conditions\\.json:\\d+:\\d+ /everyone/grants/x'
  assert.match(out, new RegExp(`^almost granted by:\n {2}- \`x\` ${place} \\(condition on \`context\\.a\`\\)\n {2}- \`x\` ${place} \\(condition on \`context\\.b\`\\)$`, 'm'))
})

test('slice prints a document for one subject, with the same digest', async () => {
  const { code, out } = await run('slice', 'policy.json', '--subject', 'bob')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), open(/** @type {any} */ (POLICY)).slice('bob'))
  const { out: kept } = await run('slice', 'policy.json', '--subject', 'bob', '--roles', 'editor')
  assert.ok(JSON.parse(kept).roles.editor)
  assert.deepEqual(JSON.parse((await run('slice', 'policy.json', '--anonymous')).out).users, {})
})

const question = ['explain', 'policy.json', '--subject', 'ann', '--action', 'edit']
test('a slice of a product has one user', async () => {
  const { code, out } = await run('slice', 'users.json', '--subject', 'ann', '--system', 'meuse')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out).users.map((/** @type {any} */ { name }) => name), ['ann'])
})

for (const [code, words, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['missing_file', ['check'], /the document is missing: type `latchwork check FILE`/],
  ['unreadable_file', ['check', 'none.json'], /`none\.json` cannot be read, the file does not exist/],
  ['unknown_option', ['check', 'policy.json', '--jsno'], /did you mean `--json`\?/],
  ['unexpected_value', ['check', 'policy.json', '--json=yes'], /`--json` takes no value/],
  ['missing_option', ['explain', 'policy.json', '--subject', 'ann', '--resource', 'x'], /`--action` is missing: type `latchwork explain/],
  ['missing_option', question, /`--resource` is missing/],
  ['missing_option', ['slice', 'policy.json'], /`--subject` is missing/],
  ['missing_value', [...question, '--resource'], /type `--resource PATH`/],
  ['duplicate_option', [...question, '--anonymous', '--resource', 'x'], /type it without `--subject`/],
  ['duplicate_option', [...question, '--action', 'read'], /`--action` is given twice/],
  ['invalid_value', [...question, '--resource', 'x', '--attributes', 'owner'], /`--attributes` is not JSON: type it in single quotes/],
  ['invalid_value', [...question, '--resource', 'x', '--now', 'tomorrow'], /`tomorrow` after `--now` is not a time/],
  ...['2030-02-30', '2029-02-29T12:00:00Z', '2030-04-31', '2030-13-01', '2030-01-00'].map((date) => ['invalid_value', [...question, '--resource', 'x', '--now', date], /` after `--now` is not a time/]),
  ['invalid_value', ['slice', 'policy.json', '--subject', '{"id":'], /the value of `--subject` is not JSON: .*`--subject '\{"id": "ann", "roles": \["editor"\]\}'`, or text that begins with `\{` as a JSON string, as `--subject '"\{x"'`/],
  ['invalid_value', [...question, '--resource', '{x}/1'], /`--resource '\{"type": "doc", "id": 42\}'`, or text .*`--resource '"\{x"'`/],
  ['invalid_value', [...question, '--resource', '"x'], /or text that begins with `"` as a JSON string, as `--resource '"\\"x"'`/],
  ['invalid_value', [...question, '--resource', 'x', '--within', 'reader'], /`--within '\{"roles": \["reader"\]\}'`/],
  ['bad_question', [...question, '--resource', 'x', '--attributes', '[]'], /attributes/],
  ['unexpected_argument', [...question, '--resource', 'x', 'y'], /unexpected argument `y`/],
  ['unknown_action', ['explain', 'policy.json', '--subject', 'ann', '--resource', 'x', '--action', 'edti'], /unknown action `edti`/],
])) {
  test(`\`latchwork ${words.join(' ')}\` names the correction`, async () => {
    const { code: exit, out, err } = await run(...words)
    assert.deepEqual({ exit, out }, { exit: 2, out: '' })
    assert.match(err, message)
    assert.ok(err.includes(`(${code})`), err)
    const { out: json } = await run(...words, '--json')
    if (code !== 'unknown_option' && code !== 'unexpected_value' && code !== 'missing_value') assert.equal(JSON.parse(json).error.code, code)
  })
}

test('explain of an invalid document prints its problems, with exit code 1', async () => {
  const { code, err } = await run('explain', 'wrong.json', '--subject', 'ann', '--action', 'read', '--resource', 'x')
  assert.equal(code, 1)
  assert.match(err, /`wrong\.json` is not valid \(invalid_records\)\n/)
  assert.match(err, /^ {2}wrong\.json:3:29 /m)
})

for (const command of ['check', 'test', 'explain', 'lint', 'diff', 'slice', 'filter', 'types']) {
  test(`the help of ${command} names its options and exit codes`, async () => {
    const { code, out } = await run(command, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^usage: latchwork ${command} (FILE|OLD NEW)`))
    assert.match(out, /^Exit code: 0/m)
    assert.equal(/^ {2}--json /m.test(out), command !== 'types')
    // A name of a function is not a word of a description.
    assert.deepEqual(out.match(/^ {2}-.* {2}\S.*$/gm)?.filter((line) => /\b[a-z]+[A-Z]\w*/.test(line)), [])
    assert.match((await run('--help')).out, new RegExp(`^ {2}${command} (FILE|OLD NEW)`, 'm'))
  })
}

test('a question that a model does not support is an error', async () => {
  writeDocument('users.test.json', { policy: 'users.json', cases: [{ id: 'x', ask: { user: 'ann', action: 'crate.list', resource: 'crates' }, expect: { allow: true } }] })
  const question = ['--subject', 'ann', '--action', 'crate.list']
  for (const words of [
    ['lint', 'users.json'],
    ['diff', 'users.json', 'users.json'],
    ['filter', 'users.json', ...question, '--type', 'crate'],
    ['test', 'users.test.json', '--coverage'],
    ['test', 'users.test.json', '--mutants'],
  ]) {
    const { code, out, err } = await run(...words, '--system', 'meuse')
    assert.deepEqual({ code, out }, { code: 2, out: '' }, words.join(' '))
    assert.match(err, /^latchwork: meuse has no .*\(unsupported\)\n$/, words.join(' '))
  }
})

for (const [code, words, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['missing_file', ['diff', 'policy.json'], /the new document is missing: type `latchwork diff OLD NEW`/],
  ['duplicate_option', ['diff', 'policy.json', 'policy.json', '--json', '--markdown'], /are two formats: remove one/],
  ['missing_option', ['filter', 'policy.json', '--subject', 'ann', '--action', 'edit'], /`--type` is missing/],
  ['missing_option', ['filter', 'policy.json', '--subject', 'ann', '--action', 'edit', '--type', 'docs', '--sql', 'sqlite'], /`--columns` is missing/],
  ['missing_option', ['filter', 'policy.json', '--subject', 'ann', '--action', 'edit', '--type', 'docs', '--columns', 'policy.json'], /`--sql` is missing/],
  ['invalid_value', ['lint', 'policy.json', '--now', 'soon'], /`soon` after `--now` is not a time/],
  ['unexpected_value', ['test', 'policy.json', '--watch', '--json'], /type it without `--json`/],
])) {
  test(`\`latchwork ${words.join(' ')}\` is refused`, async () => {
    const { code: exit, out, err } = await run(...words)
    assert.equal(exit, 2)
    if (words.includes('--json')) return assert.match(JSON.stringify(JSON.parse(out)), message)
    assert.match(err, message)
    assert.ok(err.includes(`(${code})`), err)
  })
}
