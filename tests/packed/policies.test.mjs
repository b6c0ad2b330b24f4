// @ts-check
// The steps of the guides about policies, typed into an empty folder with the packed package: tests that pass and fail, the
// changes between two documents, and a list in SQL.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import Database from 'libsql'
import { install, put, run } from './consumer.mjs'

const { project } = install()
const page = (/** @type {string} */ name) => readFileSync(join(project, 'node_modules/latchwork/docs', name), 'utf8')
const [testing, reviewing, cli] = ['guides/testing-policies.md', 'guides/reviewing-changes.md', 'reference/cli.md'].map(page)

/** The blocks of a language. @param {string} text @param {string} language */
const blocks = (text, language) => [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code)

/** The files that a page has its reader write: the last name before a block of JSON. @param {string} text */
const files = (text) => Object.fromEntries([...text.matchAll(/`([\w.]+\.json)`[^`\n]*:\n\n```json\n(.*?)```/gs)].map(([, name, content]) => [name, content]))

/** Types a line; its exit code and output. @param {string} line */
function type(line) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line.replace('npx ', 'npx --offline ')], { cwd: project, encoding: 'utf8', timeout: 120_000 })
  return { status, out: stdout, err: stderr }
}

test('the tests of the guide pass, miss some changes, and fail if the policy is broken', () => {
  const written = files(testing)
  assert.deepEqual(Object.keys(written), ['policy.json', 'policy.test.json'])
  for (const [name, content] of Object.entries(written)) put(project, name, content)
  const [first, complete] = blocks(testing, 'sh').map((line) => line.trim())
  const [passed, failed, missed] = blocks(testing, 'text')
  assert.deepEqual(type(first), { status: 0, out: passed, err: '' })

  assert.deepEqual(type(complete), { status: 1, out: missed, err: '' })
  const tests = JSON.parse(written['policy.test.json'])
  const further = blocks(testing, 'json').slice(2).map((text) => JSON.parse(text))
  assert.equal(further.length, 2)
  put(project, 'policy.test.json', JSON.stringify({ ...tests, cases: [...tests.cases, ...further] }))
  const whole = type(complete)
  assert.equal(whole.status, 0, whole.out)

  put(project, 'policy.test.json', written['policy.test.json'])
  const { limits, ...unlimited } = JSON.parse(written['policy.json'])
  assert.deepEqual(Object.keys(limits), ['docs/terms'])
  put(project, 'policy.json', JSON.stringify(unlimited))
  const broken = type(first)
  assert.equal(broken.status, 1)
  assert.ok(broken.out.startsWith(failed), broken.out)
  put(project, 'policy.json', written['policy.json'])
})

test('the changes of the guide are listed, and its policy has no dead part', () => {
  const written = files(reviewing)
  assert.deepEqual(Object.keys(written), ['old.json', 'policy.json'])
  for (const [name, content] of Object.entries(written)) put(project, name, content)
  const [diff, lint] = blocks(reviewing, 'sh')[0].trim().split('\n')
  assert.deepEqual(type(diff), { status: 0, out: blocks(reviewing, 'text')[0], err: '' })
  assert.deepEqual(type(lint), { status: 0, out: '', err: '' })
})

test('the workflow writes one comment, and replaces it', () => {
  const [workflow] = blocks(reviewing, 'yaml')
  const script = /run: \|\n((?: {10}.*\n)+)/.exec(workflow)?.[1].replaceAll(/^ {10}/gm, '') ?? ''
  const repository = join(project, 'repository')
  mkdirSync(join(repository, 'bin'), { recursive: true })
  const git = (/** @type {string[]} */ ...words) => run(repository, 'git', '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words)
  const written = files(reviewing)
  git('init', '--quiet')
  put(repository, 'policy.json', written['old.json'])
  git('add', 'policy.json')
  git('commit', '--quiet', '--message', 'before')
  const base = git('rev-parse', 'HEAD').trim()
  put(repository, 'policy.json', written['policy.json'])
  // A `gh` that notes how it was called, and knows a comment if `known` has its number.
  writeFileSync(join(repository, 'bin/gh'), '#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--jq*) cat known;; esac\n', { mode: 0o755 })
  const attempt = (/** @type {string} */ known, /** @type {string} */ from) => {
    for (const [name, text] of [['calls', ''], ['known', known], ['summary', '']]) put(repository, name, text)
    const path = [join(repository, 'bin'), join(project, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    const { status, stderr } = spawnSync('bash', ['-e', '-c', script], { cwd: repository, encoding: 'utf8', env: { ...process.env, PATH: path, BASE: from, REPOSITORY: 'o/r', NUMBER: '7', GITHUB_STEP_SUMMARY: 'summary' } })
    assert.equal(status, 0, stderr)
    return Object.fromEntries(['calls', 'summary', 'changes.md'].map((name) => [name, readFileSync(join(repository, name), 'utf8')]))
  }
  const first = attempt('', base)
  assert.match(first['changes.md'], /^### Access changes in `policy\.json`\n/)
  assert.match(first['changes.md'], /\| \*\*gained\*\* \| .*`docs\/\*`/)
  assert.equal(first.summary, first['changes.md'])
  assert.match(first.calls, /^pr comment 7 --body-file changes\.md$/m)
  const later = attempt('55\n', base)
  assert.match(later.calls, /^api --method PATCH repos\/o\/r\/issues\/comments\/55 --field body=@changes\.md$/m)
  assert.doesNotMatch(later.calls, /pr comment/)
  // A policy that is new has no base.
  assert.match(attempt('', `${base}:none`)['changes.md'], /gained/)
})

test('the condition of SQL keeps the rows on which the subject has the action', () => {
  put(project, 'policy.json', files(testing)['policy.json'])
  put(project, 'columns.json', files(cli)['columns.json'])
  const line = blocks(cli, 'sh').find((line) => line.includes('--sql')) ?? ''
  const { status, out } = type(`${line.trim()} --json`)
  assert.equal(status, 0)
  const { text, params } = JSON.parse(out)
  const database = new Database(':memory:')
  database.exec('CREATE TABLE docs (id TEXT, owner TEXT)')
  for (const row of [['1', 'ann'], ['2', 'bob'], ['terms', 'ann'], ['4', null], ['5', 'ann']]) database.prepare('INSERT INTO docs VALUES (?, ?)').run(...row)
  assert.deepEqual(database.prepare(`SELECT id FROM docs WHERE ${text} ORDER BY id`).all(...params).map((row) => /** @type {any} */ (row).id), ['1', '5'])
  database.close()
  assert.ok(type(line.trim()).out.startsWith(text))
})
