// @ts-check
// Large records are opened: decision-steps.test.mjs counts what they cost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork'
import { moduleState } from '../support/instance.mjs'

test('the memory for large records grows before they are read, not by 64 KiB at a time', () => {
  const users = Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`user-${index}`, { grants: { shop: { level: /** @type {const} */ ('ro') } } }]))
  const size = JSON.stringify({ users }).length
  const before = moduleState.exports.memory.buffer.byteLength
  const authorizer = open('arangodb', { users })
  assert.ok(moduleState.exports.memory.buffer.byteLength - before > 5 * size)
  assert.equal(authorizer.can('user-39999', 'use', 'shop'), true)
})

test('records of more text than a string should hold are read in pieces', () => {
  const extra = { text: 'ü€😀'.repeat(20_000) }
  const users = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`user-${index}`, { extra, grants: { shop: { level: /** @type {const} */ ('rw') } } }]))
  const authorizer = open('arangodb', { users })
  assert.equal(authorizer.can('user-29', 'use', 'shop'), true)
  assert.equal(authorizer.digest, open('arangodb', JSON.parse(JSON.stringify({ users }))).digest)
})
