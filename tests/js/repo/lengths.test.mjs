// @ts-check
// The length of source files: few have over 300 lines, and each of those gives its reason in its first lines.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const LINES_MAX = 300

/** The most files with over 300 lines. */
const LONG_MAX = 16

/** The files under version control that people write and that can have comments. Tests are as long as their cases. */
const sources = execFileSync('git', ['ls-files', 'src', 'xtask', 'pkg', 'www', 'scripts', 'benches', 'examples'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(rs|mjs|ts|css|template)$/.test(path))

/** @param {string} text */
const isLong = (text) => text.trimEnd().split('\n').length > LINES_MAX

/** Whether the comment at the beginning of a file has the words "over 300 lines because". @param {string} text */
function givesReason(text) {
  const comment = /^(?:\s*\/\/.*\n)*/.exec(text)?.[0] ?? ''
  return /\bover 300 lines because \w+/.test(comment.replaceAll(/\s*\n\s*\/\/[/!]?\s*/g, ' '))
}

test('a file over 300 lines gives its reason in its first lines', () => {
  assert.ok(sources.length > 500, `${sources.length} sources`)
  const long = sources.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })).filter(({ text }) => isLong(text))
  const without = long.filter(({ text }) => !givesReason(text)).map(({ path }) => path)
  assert.deepEqual(without, [], 'split these files by their ideas, or begin them with a comment: "The file has over 300 lines because …"')
  assert.ok(long.length <= LONG_MAX, `${long.length} files have over 300 lines: ${long.map(({ path }) => path).join(', ')}`)
})

test('a reason is found in the first comment only, also across its lines', () => {
  assert.ok(givesReason('//! Title.\n//!\n//! The file has over 300\n//! lines because it is one table.\n\nuse a;\n'))
  assert.ok(givesReason('// @ts-check\n// It has over 300 lines because it is one class.\n'))
  for (const text of ['', 'use a;\n// over 300 lines because it is one table\n', '// It has over 300 lines.\n', '// It has over 300 lines because\n']) assert.ok(!givesReason(text), text)
})

test('a file of exactly 300 lines is not long', () => {
  assert.ok(!isLong('a\n'.repeat(LINES_MAX)))
  assert.ok(isLong('a\n'.repeat(LINES_MAX + 1)))
})
