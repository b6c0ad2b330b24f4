// @ts-check
// What records may hold many of costs a decision, or `open`, in proportion.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork'
import { living } from '../support/instance.mjs'

/** Milliseconds of so many calls: the least of some rounds. @param {number} calls @param {() => unknown} act */
function least(calls, act) {
  let best = Infinity
  for (let round = 0; round < 12; round += 1) {
    const start = performance.now()
    for (let call = 0; call < calls; call += 1) act()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

test('a decision of WSO2 is linear in the depth of the path, with a rule at each depth', () => {
  const time = (/** @type {number} */ depth) => {
    const path = (/** @type {number} */ length) => `/${Array.from({ length }, (_, index) => `part${index}`).join('/')}`
    const rules = Array.from({ length: depth }, (_, index) => ({ user: 'ann', resource: path(index + 1), action: /** @type {const} */ ('ui.execute'), effect: /** @type {'allow' | 'deny'} */ (index % 2 ? 'deny' : 'allow') }))
    const ann = open('wso2', { users: [{ name: 'ann' }], rules }).subject('ann')
    assert.equal(ann.decide('ui.execute', path(depth)).allow, depth % 2 === 1)
    assert.equal(ann.decide('ui.execute', path(depth - 1)).allow, depth % 2 === 0)
    return least(400, () => ann.decide('ui.execute', path(depth)))
  }
  // 16 times the depth: 16 times the time, where it was 190.
  const ratio = time(256) / time(16)
  assert.ok(ratio < 60, `${ratio.toFixed(1)} times as long`)
})

test("preparing a WSO2 user is linear in the rules of all roles together", () => {
  const time = (/** @type {number} */ count) => {
    const roles = Array.from({ length: count }, (_, index) => `Internal/r${index}`)
    const rules = roles.flatMap((role, index) => [
      { role, resource: '/permission', action: /** @type {const} */ ('ui.execute'), effect: /** @type {const} */ ('deny') },
      { role, resource: `/permission/p${index}`, action: /** @type {const} */ ('ui.execute'), effect: /** @type {const} */ ('allow') },
    ])
    const authorizer = open('wso2', { roles, users: [{ name: 'ann', roles }], rules })
    assert.equal(authorizer.can('ann', 'ui.execute', `/permission/p${count - 1}/x`), true)
    assert.equal(authorizer.can('ann', 'ui.execute', '/permission/other'), false)
    return least(1, () => authorizer.can('ann', 'ui.execute', '/permission/p1'))
  }
  const ratio = time(4_000) / time(250)
  assert.ok(ratio < 60, `${ratio.toFixed(1)} times as long`)
})

test("Tyk's map of 1,000 expressions costs a question little more than one of 10", () => {
  const time = (/** @type {number} */ count) => {
    const permissions = Array.from({ length: count }, (_, index) => ({ permission: `section-${index}`, rx: `^/api/area-${index}/[^/]+(/keys)?$` }))
    const ann = open('tyk', { users: [{ id: 'ann', active: true, user_permissions: { 'section-5': 'write' } }], permissions }).subject('ann')
    assert.equal(ann.can('GET', 'path:/api/area-5/thing/keys'), true)
    assert.equal(ann.can('GET', 'path:/api/area-6/thing'), false)
    return least(200, () => ann.decide('GET', 'path:/api/area-5/thing'))
  }
  const ratio = time(1_000) / time(10)
  assert.ok(ratio < 20, `${ratio.toFixed(1)} times as long`)
})

test('the memory for large records grows before they are read, not by 64 KiB at a time', () => {
  const users = Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`user-${index}`, { grants: { shop: { level: /** @type {const} */ ('ro') } } }]))
  const size = JSON.stringify({ users }).length
  const before = living.exports.memory.buffer.byteLength
  const authorizer = open('arangodb', { users })
  assert.ok(living.exports.memory.buffer.byteLength - before > 5 * size)
  assert.equal(authorizer.can('user-39999', 'use', 'shop'), true)
})

test('records of more text than a string should hold are read in pieces', () => {
  const extra = { text: 'ü€😀'.repeat(20_000) }
  const users = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`user-${index}`, { extra, grants: { shop: { level: /** @type {const} */ ('rw') } } }]))
  const authorizer = open('arangodb', { users })
  assert.equal(authorizer.can('user-29', 'use', 'shop'), true)
  assert.equal(authorizer.digest, open('arangodb', JSON.parse(JSON.stringify({ users }))).digest)
})
