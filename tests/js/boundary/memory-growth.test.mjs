// @ts-check
// Memory does not grow with the number of questions, valid or not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { moduleState } from '../support/instance.mjs'
import { samples, untyped } from '../support/samples.mjs'
import { assertUnchanged } from '../support/assertions.mjs'

const { open, validate, classify } = untyped(latchwork)
const { records, user, allowed } = samples.meuse

const ROUNDS = 100_000

/** Bytes of the wasm memory, and slots of the table of references. */
const size = () => [moduleState.exports.memory.buffer.byteLength, moduleState.exports.__wbindgen_externrefs.length]

const throwing = {
  get name() {
    throw new Error('mine')
  },
}
const authorizer = open('meuse', records)
const subject = authorizer.subject(user)

/** @type {[string, (round: number) => unknown][]} */
const calls = [
  ['records that are refused', () => open('meuse', { users: [{ name: 'x', role: 'boss' }] })],
  ['records that can not be read', () => open('meuse', { users: [throwing] })],
  ['unknown systems', (round) => open(`system${round}`, {})],
  ['unknown actions', (round) => subject.can(`action${round}`, 'crates')],
  ['unknown kinds', (round) => validate('meuse', `kind${round}`, {})],
  ['forms that are refused', () => validate('meuse', 'user.create', { name: 5 })],
  ['values that can not be read', () => validate('meuse', 'user.create', throwing)],
  ['malformed strings', () => subject.can('crate.get', '\ud800')],
  ['numbers that were made up', (round) => subject.canId(round)],
  ['fresh names', (round) => subject.can('crate.get', `crate:latch@${round}`)],
  ['long fresh names', (round) => subject.can('crate.get', `crate:${'ก'.repeat(300)}${round}`)],
  ['questions prepared again', (round) => subject.prepare('crate.get', `crate:latch@${round}`)],
  ['unknown users', (round) => authorizer.can(`user${round}`, ...allowed)],
  ['subjects that are disposed', (round) => authorizer.subject(`user${round % 3}`).dispose()],
  ['requests', (round) => classify('meuse', { method: 'GET', path: `/api/v1/meuse/crate/c${round}` })],
  ['roles that there are not', () => authorizer.subject({ role: 'x' })],
]

for (const [what, act] of calls) {
  test(`hazard "100,000 exceptions passing through: about +131,000 slots": ${what} do not grow memory or table`, () => {
    const go = (/** @type {number} */ from, /** @type {number} */ to) => {
      for (let round = from; round < to; round += 1) {
        try {
          act(round)
        } catch {}
      }
    }
    go(0, 5_000)
    const before = size()
    go(5_000, ROUNDS)
    assert.deepEqual(size(), before)
    assertUnchanged()
  })
}

test('hazard "plain allocation too large": opening and disposing records does not grow memory', () => {
  const many = { users: Array.from({ length: 2_000 }, (_, index) => ({ name: `user${index}`, role: 'tech' })) }
  const go = () => open('meuse', many).dispose()
  for (let round = 0; round < 10; round += 1) go()
  const before = size()
  for (let round = 0; round < 200; round += 1) go()
  assert.deepEqual(size(), before)
  assertUnchanged()
})
