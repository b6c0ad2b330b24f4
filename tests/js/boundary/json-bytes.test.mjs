// @ts-check
// The bytes of JSON that the core reads are those of `JSON.stringify`, for both outputs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toBytes, toJson } from '../../../pkg/core/json.mjs'

const MOST = 1 << 24
const RUNS = 500 * Number(process.env.LATCHWORK_PROOFS ?? 1)

/** @param {unknown} value */
function assertSameAsStringify(value) {
  const expected = JSON.stringify(value)
  assert.deepEqual(toJson(value, MOST), { text: expected, problems: [] })
  const { bytes, problems } = toBytes(value, MOST)
  assert.deepEqual(problems, [])
  assert.equal(Buffer.compare(bytes, Buffer.from(expected)), 0)
}

test('any value is written as by JSON.stringify', () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('e+308')), assertSameAsStringify), { numRuns: RUNS })
})

test('strings of every length around the growth of the bytes are written whole', () => {
  for (const letter of ['a', '"', '\\', '\u0000', '\u007f', 'é', '€', '😀']) {
    for (const length of [0, 1, 2, 19, 20, 21, 340, 341, 342, 510, 511, 512, 1_020, 1_021, 1_022, 1_023, 1_024, 1_025, 4_000, 70_000]) {
      const text = letter.repeat(length)
      assertSameAsStringify([text, `${text}"`, `"${text}`, { [text]: text }])
    }
  }
})

test('more than the largest length is refused, and what follows is not read', () => {
  for (const letter of ['a', 'é']) {
    const length = letter === 'a' ? 100 : 50
    assert.deepEqual(toBytes([letter.repeat(length)], 104).problems, [])
    const rest = { get unread() { throw new Error('read') } }
    assert.deepEqual(toBytes([letter.repeat(length), rest], 102).problems.map(({ code }) => code), ['too_long'])
  }
})
