// @ts-check
// Places in JSON text, and JSON Patches.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { patched } from '../../../pkg/testing/json-patch.mjs'
import { escaped } from '../../../pkg/testing/json-pointer.mjs'
import { Places } from '../../../pkg/cli/json-places.mjs'

test('the place of a pointer is its member name or item, in characters', () => {
  const places = new Places('{\n  "a/b": { "~x": [1, {"ä😀": 2, "c": 3}] }\n}')
  for (const [pointer, line, column] of /** @type {[string, number, number][]} */ ([
    ['', 1, 1],
    ['/a~1b', 2, 3],
    ['/a~1b/~0x', 2, 12],
    ['/a~1b/~0x/0', 2, 19],
    ['/a~1b/~0x/1', 2, 22],
    ['/a~1b/~0x/1/ä😀', 2, 23],
    ['/a~1b/~0x/1/c', 2, 32],
    // What is missing is at the value that lacks it.
    ['/a~1b/~0x/1/d/e', 2, 22],
    ['/z', 1, 1],
  ])) assert.deepEqual(places.placeOf(pointer), { line, column }, pointer)
})

test('of duplicate members the last one has the place of the pointer, and each after the first is a problem', () => {
  const places = new Places('{ "a": { "b": 1, "c": 2 },\n  "a": { "c": 3, "c": 4 },\n  "x/y": 1, "a": { "b": 5 }, "x\\u002fy": 2 }')
  assert.deepEqual(places.placeOf('/a/b'), { line: 3, column: 20 })
  assert.deepEqual(places.placeOf('/a/c'), { line: 3, column: 13 })
  assert.deepEqual(places.duplicates().map(({ line, column, path, code }) => [line, column, path, code]), [
    [2, 3, '/a', 'duplicate'],
    [2, 18, '/a/c', 'duplicate'],
    [3, 13, '/a', 'duplicate'],
    [3, 30, '/x~1y', 'duplicate'],
  ])
})

test('each member of any JSON is found at its name', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(4), (value, indent) => {
    const text = JSON.stringify(value, null, indent)
    const places = new Places(text)
    const lines = text.split('\n')
    const visit = (/** @type {any} */ value, /** @type {string} */ pointer) => {
      for (const [name, member] of typeof value === 'object' && value !== null ? Object.entries(value) : []) {
        const inside = `${pointer}/${escaped(name)}`
        const { line, column } = places.placeOf(inside)
        const rest = [...lines[line - 1]].slice(column - 1).join('')
        const expected = Array.isArray(value) ? JSON.stringify(member, null, indent).split('\n')[0] : JSON.stringify(name)
        assert.ok(rest.startsWith(expected), `${inside}: ${rest}`)
        visit(member, inside)
      }
    }
    visit(value, '')
  }))
})

test('a patch adds, removes and replaces in a copy of the document', () => {
  const document = { a: { 'x/y': [1, 2] }, '~': null }
  const before = structuredClone(document)
  for (const [op, path, value, expected] of /** @type {[string, string, unknown, unknown][]} */ ([
    ['add', '/b', 1, { ...document, b: 1 }],
    ['add', '/a/x~1y/1', 9, { ...document, a: { 'x/y': [1, 9, 2] } }],
    ['add', '/a/x~1y/-', 9, { ...document, a: { 'x/y': [1, 2, 9] } }],
    ['add', '/a/x~1y/2', 9, { ...document, a: { 'x/y': [1, 2, 9] } }],
    ['replace', '/a/x~1y/0', 9, { ...document, a: { 'x/y': [9, 2] } }],
    ['replace', '/~0', 9, { ...document, '~': 9 }],
    ['replace', '', 9, 9],
    ['remove', '/a/x~1y/0', undefined, { ...document, a: { 'x/y': [2] } }],
    ['remove', '/a', undefined, { '~': null }],
  ])) {
    assert.deepEqual(patched(document, [{ op, path, value }]), expected, `${op} ${path}`)
    assert.deepEqual(document, before)
  }
  assert.deepEqual(patched({ '~1': 1, '/': 2 }, [{ op: 'remove', path: '/~01' }]), { '/': 2 })
  assert.deepEqual(patched({}, [{ op: 'add', path: '/a', value: {} }, { op: 'add', path: '/a/b', value: 1 }]), { a: { b: 1 } })
})

test('a patched member of a special name is an own member', () => {
  const value = patched(JSON.parse('{ "users": {} }'), [{ op: 'add', path: '/users/__proto__', value: { x: 1 } }])
  assert.deepEqual(Object.keys(value.users), ['__proto__'])
  assert.equal(Object.getPrototypeOf(value.users), Object.prototype)
  assert.deepEqual(JSON.stringify(patched(value, [{ op: 'replace', path: '/users/__proto__/x', value: 2 }])), '{"users":{"__proto__":{"x":2}}}')
})

test('a patch of a missing member is an error', () => {
  for (const [op, path] of [['remove', '/b'], ['replace', '/b'], ['add', '/b/c'], ['remove', '/a/2'], ['add', '/a/3'], ['add', '/a/01'], ['remove', '/a/-'], ['replace', '/a/0/x'], ['replace', '/toString'], ['remove', ''], ['add', 'x']]) {
    assert.throws(() => patched({ a: [1, 2] }, [{ op, path, value: 1 }]), Error, `${op} ${path}`)
  }
})
