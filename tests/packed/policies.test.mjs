// @ts-check
// The steps of the guides about policies, typed into an empty folder with the packed package: tests that pass and fail, and a
// list in SQL.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'libsql'
import { install, put } from './consumer.mjs'

const { project } = install()
const page = (/** @type {string} */ name) => readFileSync(join(project, 'node_modules/latchwork/docs', name), 'utf8')
const [testing, cli] = ['guides/testing-policies.md', 'cli.md'].map(page)

/** The blocks of a language. @param {string} text @param {string} language */
const blocks = (text, language) => [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code)

/** The files that a page has its reader write: the last name before a block of JSON. @param {string} text */
const files = (text) => Object.fromEntries([...text.matchAll(/`([\w.]+\.json)`[^`\n]*:\n\n```json\n(.*?)```/gs)].map(([, name, content]) => [name, content]))

/** Types a line; its exit code and output. @param {string} line */
function type(line) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line.replace('npx ', 'npx --offline ')], { cwd: project, encoding: 'utf8', timeout: 120_000 })
  return { status, out: stdout, err: stderr }
}

test('the guide about tests: they pass, and fail when the policy is broken', () => {
  const written = files(testing)
  assert.deepEqual(Object.keys(written), ['policy.json', 'policy.test.json'])
  for (const [name, content] of Object.entries(written)) put(project, name, content)
  const [first] = blocks(testing, 'sh').map((line) => line.trim())
  const [passed, failed] = blocks(testing, 'text')
  assert.deepEqual(type(first), { status: 0, out: passed, err: '' })

  const { limits, ...unlimited } = JSON.parse(written['policy.json'])
  assert.deepEqual(Object.keys(limits), ['docs/terms'])
  put(project, 'policy.json', JSON.stringify(unlimited))
  const broken = type(first)
  assert.equal(broken.status, 1)
  assert.ok(broken.out.startsWith(failed), broken.out)
  put(project, 'policy.json', written['policy.json'])
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
