// @ts-check
// Recent subjects and decisions: they are bounded, and never give the answer to another question.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as latchwork from 'latchwork'
import { Decisions, UNKNOWN } from '../../../pkg/core/decisions.mjs'
import { RecentSubjects } from '../../../pkg/core/recent.mjs'
import { instance } from '../support/instance.mjs'
import { samples, untyped } from '../support/samples.mjs'
import { assertRefused } from '../support/assertions.mjs'

const { open } = untyped(latchwork)
const { records, user, allowed, denied } = samples.meuse

let left = 0

/** What an instance does with a question that has no recent decision. @param {Decisions} decisions @param {number} handle @param {number} code @param {string} resource @param {number} packed */
function ask(decisions, handle, code, resource, packed) {
  if (decisions.findDecision(handle, code, resource) !== UNKNOWN) return
  // Behind the name is what an earlier one left, as in the scratch area.
  left = (left + 1) & 255
  const bytes = new Uint8Array(128).fill(left)
  const { written } = new TextEncoder().encodeInto(resource, bytes)
  decisions.store(handle, code, resource, packed, new Int32Array(bytes.buffer), written)
}

test('a stored decision is returned for its own subject, action and resource only', () => {
  const question = fc.tuple(fc.integer(), fc.nat(255), fc.constantFrom('', 'a', 'b', 'x'.repeat(64), 'x'.repeat(65)))
  fc.assert(
    fc.property(fc.array(fc.tuple(question, fc.nat((1 << 17) - 1))), (stored) => {
      const decisions = new Decisions()
      const expected = new Map()
      for (const [[handle, code, resource], packed] of stored) {
        const key = `${handle || 1} ${code} ${resource}`
        ask(decisions, handle || 1, code, resource, expected.get(key) ?? packed)
        if (!expected.has(key)) expected.set(key, packed)
        for (const [[handle, code, resource]] of stored) {
          const found = decisions.findDecision(handle || 1, code, resource)
          assert.ok(found === UNKNOWN || found === expected.get(`${handle || 1} ${code} ${resource}`))
        }
      }
    }),
  )
})

test('the decisions of 1,000 subjects on 27 resources are all found again', () => {
  const decisions = new Decisions()
  const questions = Array.from({ length: 27_000 }, (_, index) => /** @type {const} */ ([(1 << 20) | Math.floor(index / 27), 3, `resource-${index % 27}`]))
  for (let round = 0; round < 2; round += 1) questions.forEach((question, index) => ask(decisions, ...question, index))
  questions.forEach((question, index) => assert.equal(decisions.findDecision(...question), index))
})

test('a name in a single question evicts no other', () => {
  const decisions = new Decisions()
  for (let round = 0; round < 2; round += 1) ask(decisions, 1, 1, 'known', 7)
  for (let index = 0; index < 20_000; index += 1) ask(decisions, 1, 1, `unknown-${index}`, 0)
  assert.equal(decisions.findDecision(1, 1, 'known'), 7)
})

test('`clear` drops decisions, also if their names are used again', () => {
  const decisions = new Decisions()
  for (let round = 0; round < 2; round += 1) ask(decisions, 1, 1, 'known', 7)
  decisions.clear()
  assert.equal(decisions.findDecision(1, 1, 'known'), UNKNOWN)
  for (let round = 0; round < 2; round += 1) ask(decisions, 2, 1, 'known', 8)
  assert.equal(decisions.findDecision(1, 1, 'known'), UNKNOWN)
  assert.equal(decisions.findDecision(2, 1, 'known'), 8)
})

test('recent subjects are kept, and each other handle is freed once', () => {
  /** @type {number[]} */
  const freed = []
  const recent = new RecentSubjects((handle) => freed.push(handle))
  for (let handle = 1; handle <= 10_000; handle += 1) {
    recent.add(`u${handle}`, handle)
    assert.equal(recent.get(`u${handle}`), handle)
    assert.equal(recent.get('u1'), 1)
    assert.ok(handle - freed.length <= 2_048)
  }
  assert.equal(recent.get('u2'), 0)
  assert.equal(recent.clear(), true)
  assert.equal(recent.clear(), false)
  assert.equal(recent.get('u1'), 0)
  assert.deepEqual(freed.sort((a, b) => a - b), Array.from({ length: 10_000 }, (_, index) => index + 1))
})

test('more ids than are kept get their own decisions, before and after the records are opened again', () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `user${index}`)
  const many = { users: names.map((name, index) => ({ name, role: index % 2 ? 'admin' : 'tech' })) }
  for (let round = 0; round < 2; round += 1) {
    const authorizer = open('meuse', many)
    const ask = () => names.map((name) => authorizer.can(name, 'user.create', 'users'))
    const expected = names.map((name) => authorizer.subject(name).can('user.create', 'users'))
    assert.ok(expected.includes(true) && expected.includes(false))
    for (let time = 0; time < 3; time += 1) assert.deepEqual(ask(), expected)
    authorizer.dispose()
    assertRefused(() => authorizer.can(names[2_999], 'user.create', 'users'), 'disposed')
  }
})

test('an id and the same text in other records are not confused', () => {
  const [one, other] = [open('meuse', records), open('meuse', { users: [] })]
  for (let time = 0; time < 3; time += 1) {
    assert.equal(one.can(user, ...allowed), true)
    assert.equal(other.can(user, ...allowed), false)
    assert.equal(one.can(user, ...denied), false)
    assert.equal(one.can(null, ...allowed), false)
    assert.equal(one.can('null', ...allowed), false)
  }
})

test('a repeated question calls WebAssembly only the first two times, also by id', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const life = instance.start()
  const { can } = life
  let calls = 0
  life.can = (/** @type {any[]} */ ...numbers) => {
    calls += 1
    return can(...numbers)
  }
  try {
    for (let time = 0; time < 100; time += 1) {
      for (let index = 0; index < 20; index += 1) {
        subject.can(allowed[0], `crate:often${index}@1`)
        subject.decide(allowed[0], `crate:often${index}@1`)
        authorizer.can(user, allowed[0], `crate:often${index}@1`)
      }
    }
    // One of them for the handle of the recent subject.
    assert.ok(calls <= 3 * 20, String(calls))
    subject.canId(subject.prepare(...allowed))
    assert.ok(calls <= 3 * 20)
  } finally {
    life.can = can
  }
})
