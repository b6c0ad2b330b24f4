// @ts-check
// The JavaScript of the README runs, and has the values that its comments state.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkTypes, claimsOf, root, runSnippet, snippetsOf } from '../support/snippets.mjs'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const snippets = snippetsOf(readme)

test('the README has JavaScript, and its comments state values', () => {
  assert.ok(snippets.length >= 2)
  assert.ok(claimsOf(snippets.join('')) >= 5)
})

for (const [index, code] of snippets.entries()) {
  test(`snippet ${index + 1} of the README has the values that it states`, () => runSnippet(code))
}

test('the snippets of the README pass the strict checks of TypeScript', () => checkTypes(snippets))
