// @ts-check
// Large records are opened: decision-steps.test.mjs counts what they cost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork'
import { growthsToOpen } from '../support/steps.mjs'

/** @template T @param {number} length @param {(index: number) => T} make */
const list = (length, make) => Array.from({ length }, (_, index) => make(index))
/** @param {number} length @param {(index: number) => [string, unknown]} make */
const object = (length, make) => Object.fromEntries(list(length, make))

const USERS = 2_000
/** Records that take much memory for their text, because their names are short. @type {[model: string, what: string, make: () => unknown][]} */
const short = [
  ['rbac', 'grants', () => ({ users: object(USERS, (user) => [`u${user}`, { grants: object(27, (index) => [`d${index}`, 'read']) }]) })],
  ['rbac', 'roles', () => ({ roles: object(27, (index) => [`r${index}`, { grants: { [`d${index}/*`]: 'read' } }]), users: object(USERS, (user) => [`u${user}`, { roles: list(27, (index) => `r${index}`) }]) })],
  ['antmedia', 'applications', () => ({ users: list(USERS, (user) => ({ email: `u${user}`, appNameUserType: object(27, (index) => [`a${index}`, 'USER']) })) })],
  ['arangodb', 'databases', () => ({ users: object(USERS, (user) => [`u${user}`, { grants: object(27, (index) => [`d${index}`, { level: 'ro' }]) }]) })],
  ['arangodb', 'collections', () => ({ users: object(USERS, (user) => [`u${user}`, { grants: { shop: { level: 'rw', collections: object(27, (index) => [`c${index}`, 'ro']) } } }]) })],
  ['arangodb', 'nothing', () => ({ users: object(10 * USERS, (user) => [`u${user}`, {}]) })],
  ['meuse', 'crates', () => ({ users: list(USERS, (user) => ({ name: `u${user}`, role: 'tech' })), crates: list(27, (index) => ({ name: `c${index}`, versions: ['1.0.0'], owners: list(USERS, (user) => `u${user}`) })) })],
  ['tyk', 'permissions', () => ({ users: list(USERS, (user) => ({ id: `u${user}`, active: true, user_permissions: object(27, (index) => [`p${index}`, 'read']) })) })],
  ['wso2', 'roles', () => ({ roles: list(27, (index) => `ro${index}`), users: list(USERS, (user) => ({ name: `us${user}`, roles: list(27, (index) => `ro${index}`) })) })],
]

// V8 may collect the JavaScript heap at each growth, so growing by 64 KiB at a time takes a time that grows with the heap.
for (const [model, what, make] of short) {
  test(`the memory for large records of ${model} grows in large steps: ${what}`, (t) => {
    const growths = growthsToOpen(model, make())
    t.diagnostic(`growths: ${growths}`)
    assert.ok(growths > 0 && growths <= 12, String(growths))
  })
}

test('records of more text than a string should hold are read in pieces', () => {
  const extra = { text: 'ü€😀'.repeat(20_000) }
  const users = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`user-${index}`, { extra, grants: { shop: { level: /** @type {const} */ ('rw') } } }]))
  const authorizer = open('arangodb', { users })
  assert.equal(authorizer.can('user-29', 'use', 'shop'), true)
  assert.equal(authorizer.digest, open('arangodb', JSON.parse(JSON.stringify({ users }))).digest)
})
