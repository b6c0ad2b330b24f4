// @ts-check
// The README's JavaScript runs, and comes to what its comments say.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)

/** A line such as `ann.canId(mayStart) // true`. */
const CLAIM = /^( *)(\S.*) \/\/ (true|false|'[^']*')$/gm

test('the README has JavaScript, and it makes claims', () => {
  assert.ok(blocks.length >= 2)
  assert.ok((blocks.join('').match(CLAIM) ?? []).length >= 5)
})

for (const [index, code] of blocks.entries()) {
  test(`the README's block ${index + 1} runs as it says`, () => {
    const checked = code.replace(CLAIM, (_line, indent, expression, value) => `${indent}assert.equal(${expression}, ${value})`)
    const program = `import assert from 'node:assert/strict'\n${checked}`
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, stdio: 'pipe' })
  })
}
