// @ts-check
// The position of a JSON mistake, compared with the parser of the runtime.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findMistake } from '../../../pkg/cli/json-place.mjs'

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

for (const [text, line, column, message] of /** @type {[string, number, number, RegExp][]} */ ([
  ['', 1, 1, /got the end of the file/],
  ['{"a": 1,}', 1, 9, /name in double quotes/],
  ["{'a': 1}", 1, 2, /name in double quotes/],
  ['{"a" 1}', 1, 6, /`:`/],
  ['[1 2]', 1, 4, /`,` or `]`/],
  ['{"a": 1\n "b": 2}', 2, 2, /`,` or `}`/],
  ['{"a": tru}', 1, 7, /a value/],
  ['[01]', 1, 3, /`,` or `]`/],
  ['{"ą😀": x}', 1, 8, /a value/],
  ['["a\nb"]', 1, 4, /line break/],
  ['["\\x"]', 1, 3, /escape/],
  ['{"a": 1} {', 1, 10, /end of the file/],
  ['// no\n{}', 1, 1, /a value/],
  ['{"a": {"b": 1, "\\u0062": 2}}', 1, 16, /twice/],
  ['['.repeat(1_000_000), 1, 1, /nesting is too deep/],
])) {
  test(`a syntax error is reported at line ${line}, column ${column}: ${text.slice(0, 30)}`, () => {
    const found = findMistake(text)
    assert.deepEqual([found?.line, found?.column], [line, column])
    assert.match(String(found?.message), message)
  })
}

test('exactly the texts that the runtime parses are accepted', () => {
  fc.assert(fc.property(fc.json(), (text) => assert.equal(findMistake(text), null)))
  const letters = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ntrufalse0123.eE+-/ \n\t\r\u0001é') })
  fc.assert(fc.property(letters, (text) => assert.equal(findMistake(text) === null, isJson(text), text)), { numRuns: 2_000, examples: [['{"a":1,"a":2}x']] })
  fc.assert(fc.property(fc.json(), fc.nat(), (text, at) => {
    const cut = text.slice(0, at % (text.length + 1))
    assert.equal(findMistake(cut) === null, isJson(cut), cut)
  }))
})

test('duplicate members are JSON where they may repeat', () => {
  for (const text of ['{"a": 1, "a": 2}', '[{"a": {"b": 1, "b": 2}}]']) assert.equal(findMistake(text, true), null)
  assert.deepEqual(findMistake('{"a": 1, "a": x}', true), { line: 1, column: 15, message: 'expected a value' })
})
