// @ts-check
// Digests and packed decisions equal the recorded ones in tests/vectors/decisions.json.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { packedAnswer, subjectOf } from '../../vectors/packed.mjs'

const { open, vocabulary } = /** @type {any} */ (latchwork)

const recorded = JSON.parse(readFileSync(new URL('../../vectors/decisions.json', import.meta.url), 'utf8'))
/** @type {string[]} */
const systems = [...new Set(recorded.map((/** @type {any} */ entry) => entry.system))]

test('at least 200 sets of records are recorded, and some of each recorded model', () => {
  assert.ok(recorded.length >= 200)
  // Nothing is recorded of a new model.
  for (const system of ['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2']) assert.ok(systems.includes(system), system)
})

for (const system of systems) {
  test(`digests and packed decisions of ${system} equal the recorded ones`, () => {
    const words = vocabulary(system)
    for (const entry of recorded.filter((/** @type {any} */ entry) => entry.system === system)) {
      const authorizer = open(system, entry.records)
      const subjects = entry.subjects.map((/** @type {any} */ { who }) => {
        const subject = subjectOf(authorizer, who)
        return { who, digest: subject.digest, answers: entry.questions.map((/** @type {any} */ question) => packedAnswer(words, subject, question)) }
      })
      assert.deepEqual({ digest: authorizer.digest, subjects }, { digest: entry.digest, subjects: entry.subjects })
      authorizer.dispose()
    }
  })
}
