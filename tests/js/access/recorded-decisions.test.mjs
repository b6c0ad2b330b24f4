// @ts-check
// Digests and packed decisions equal the recorded ones in tests/vectors/decisions.json.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { packedAnswer, subjectOf } from '../../vectors/packed.mjs'
import { products } from '../support/samples.mjs'

const { open, vocabulary } = /** @type {any} */ (latchwork)

const recorded = JSON.parse(readFileSync(new URL('../../vectors/decisions.json', import.meta.url), 'utf8'))

test('at least 200 sets of records are recorded, of every system', () => {
  assert.ok(recorded.length >= 200)
  assert.deepEqual([...new Set(recorded.map((/** @type {any} */ entry) => entry.system))], [...products].sort())
})

for (const system of products) {
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
