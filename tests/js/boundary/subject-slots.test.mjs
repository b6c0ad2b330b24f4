// @ts-check
// The maximum number of subjects: questions by id need no slot.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { samples, untyped } from '../support/samples.mjs'
import { assertRefused } from '../support/assertions.mjs'

const { open } = untyped(latchwork)
const { records, user, allowed, denied } = samples.meuse
const SUBJECTS_MAX = 1 << 20

test('when all slots are in use, every authorizer still decides questions by id', () => {
  const full = open('meuse', records)
  const other = open('meuse', records)
  /** @type {any[]} */
  const held = []
  assertRefused(() => {
    for (let count = 0; count <= SUBJECTS_MAX; count += 1) held.push(full.subject(user))
  }, 'too_many_subjects')
  const [action, resource] = allowed
  for (const authorizer of [full, other]) {
    assert.equal(authorizer.can(user, ...allowed), true)
    assert.equal(authorizer.can(user, ...denied), false)
    assert.equal(authorizer.can(null, ...allowed), false)
    assert.equal(authorizer.decide({ subject: user, action, resource }).allow, true)
    assert.equal(authorizer.explain({ subject: user, action, resource }).allow, true)
    assert.deepEqual([...authorizer.canMany([{ subject: user, action, resource }, { subject: 'x', action, resource }])], [1, 0])
    assertRefused(() => authorizer.subject(user), 'too_many_subjects')
  }
  held.pop().dispose()
  assert.equal(other.subject(user).can(...allowed), true)
  full.dispose()
  assert.equal(other.subject('ann').can(...allowed), true)
})

test('a list of questions with more names than slots is decided one by one', () => {
  const authorizer = open('meuse', records)
  const questions = Array.from({ length: 5_000 }, (_, index) => ({ subject: index % 2 ? user : `u${index}`, action: allowed[0], resource: allowed[1] }))
  assert.deepEqual([...authorizer.canMany(questions)], questions.map(({ subject }) => Number(subject === user)))
})

test('subjects that the caller prepares take the slots of recent subjects', () => {
  const other = open('meuse', records)
  const fill = () => {
    const full = open('meuse', records)
    let count = 0
    assertRefused(() => {
      for (; count <= SUBJECTS_MAX; count += 1) full.subject(user)
    }, 'too_many_subjects')
    full.dispose()
    return count
  }
  const count = fill()
  for (let index = 0; index < 100; index += 1) other.can(`u${index}`, ...allowed)
  assert.equal(fill(), count)
  assert.equal(other.can(user, ...allowed), true)
})
