// @ts-check
// The JavaScript of each page in docs/ runs, and its values are those that its comments state.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { claimsOf, compileSnippets, root, runSnippet, snippetsOf } from '../support/snippets.mjs'

const folder = join(root, 'docs')
const pages = readdirSync(folder, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const guides = pages.filter(({ name }) => name.startsWith('guides/'))

test('each guide states at least three values', () => {
  assert.ok(guides.length >= 14)
  for (const { name, text } of guides) {
    const claims = snippetsOf(text).reduce((sum, code) => sum + claimsOf(code), 0)
    assert.ok(claims >= 3, name)
  }
})

for (const { name, text } of pages) {
  for (const [index, code] of snippetsOf(text).entries()) {
    test(`snippet ${index + 1} of docs/${name} has the values that it states`, () => runSnippet(code))
  }
}

test('the snippets of docs/ compile as TypeScript, strictly', () => {
  compileSnippets(pages.flatMap(({ text }) => snippetsOf(text)))
})

test('each link of docs/ to another page of docs/ leads to a page', () => {
  for (const { name, text } of pages) {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g)) {
      const path = new URL(target, `file:///docs/${name}`).pathname.replace('/docs/', '')
      if (!path.startsWith('/')) assert.ok(pages.some((page) => page.name === path), `docs/${name}: ${target}`)
    }
  }
})
