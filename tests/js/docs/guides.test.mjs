// @ts-check
// The JavaScript and the shell transcripts of each page in docs/ run, and give the values that their comments state.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkTypes, claimsOf, root, runSnippet, snippetsOf } from '../support/snippets.mjs'
import { runTranscript, transcriptsOf } from '../support/transcripts.mjs'

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
    // The tests of the crate run the Rust of a page.
    const assertions = [...text.matchAll(/^assert(_eq)?!/gm)].length
    assert.ok(claims + assertions >= 3, name)
  }
})

for (const { name, text } of pages) {
  for (const [index, code] of snippetsOf(text).entries()) {
    test(`snippet ${index + 1} of docs/${name} has the values that it states`, () => runSnippet(code))
  }
}

for (const { name, text } of pages) {
  for (const transcript of transcriptsOf(text)) {
    test(`the requests of docs/${name} to port ${transcript.port} have the documented responses`, () => runTranscript(transcript))
  }
}

test('the snippets of docs/ pass the strict checks of TypeScript', () => {
  checkTypes(pages.flatMap(({ text }) => snippetsOf(text)))
})

test('each link of docs/ to another page of docs/ leads to a page', () => {
  for (const { name, text } of pages) {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g)) {
      const path = new URL(target, `file:///docs/${name}`).pathname.replace('/docs/', '')
      if (!path.startsWith('/')) assert.ok(pages.some((page) => page.name === path), `docs/${name}: ${target}`)
    }
  }
})
