// @ts-check
// Documented calls of every product that has a directory.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runCall } from '../support/run-call.mjs'
import { casesOf, isCall } from '../support/run-decision.mjs'
import { allEntries } from '../support/all-entries.mjs'

/** How many calls each document has: a file that is not read must not pass. */
const SYSTEMS = { antmedia: 26, arangodb: 61, meuse: 31, tyk: 25, wso2: 24 }

for (const [system, count] of Object.entries(SYSTEMS)) {
  const file = new URL(`../../cases/${system}/documented.json`, import.meta.url)
  const calls = casesOf(JSON.parse(readFileSync(file, 'utf8'))).filter(isCall)

  test(`${system} has its documented calls`, () => {
    assert.equal(calls.length, count)
  })

  for (const call of calls) {
    test(`${system} responds to ${call.id} as documented`, async () => {
      assert.deepEqual(await runCall(allEntries, system, call), [])
    })
  }
}
