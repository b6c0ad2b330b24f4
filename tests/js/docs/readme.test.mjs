// @ts-check
// The README's JavaScript and its curl lines run, and come to what their comments say.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkTypes, claimsOf, root, runSnippet, snippetsOf } from '../support/snippets.mjs'
import { runTranscript, transcriptsOf } from '../support/transcripts.mjs'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const snippets = snippetsOf(readme)

test('the README has JavaScript, and it makes claims', () => {
  assert.ok(snippets.length >= 2)
  assert.ok(claimsOf(snippets.join('')) >= 5)
})

for (const [index, code] of snippets.entries()) {
  test(`the README's block ${index + 1} runs as it says`, () => runSnippet(code))
}

test("the README's JavaScript passes the strict checks of TypeScript", () => checkTypes(snippets))

const transcripts = transcriptsOf(readme)

test('the README has the requests of all five documents', () => {
  assert.deepEqual(transcripts.map(({ start }) => /--system (\w+)/.exec(start)?.[1]), ['arangodb', 'meuse', 'antmedia', 'tyk', 'wso2'])
  assert.deepEqual(transcripts.map(({ responses }) => responses.length), [16, 4, 5, 4, 8])
})

for (const transcript of transcripts) {
  test(`the requests of the README to port ${transcript.port} have the documented responses`, () => runTranscript(transcript))
}
