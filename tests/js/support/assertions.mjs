// @ts-check
// Assertions about the instance: after any call it is still running, the same one, and makes the same decisions.

import assert from 'node:assert/strict'
import * as latchwork from 'latchwork'
import { moduleState } from './instance.mjs'
import { samples, systems, untyped } from './samples.mjs'

const { open, LatchworkError } = untyped(latchwork)

const watched = systems.map((system) => {
  const { records, user, allowed, denied } = samples[system]
  const authorizer = open(system, records)
  const subject = authorizer.subject(user)
  const numbers = [subject.prepare(...allowed), subject.prepare(...denied)]
  return { system, authorizer, subject, numbers, digests: [authorizer.digest, subject.digest] }
})
const { epoch } = moduleState

/** Fails unless the instance is the one of the beginning, and its state too. */
export function assertUnchanged() {
  assert.equal(moduleState.epoch, epoch, 'the instance was replaced')
  assertSameAnswers()
  for (const { subject, numbers } of watched) {
    assert.deepEqual(numbers.map((number) => subject.canId(number)), [true, false])
  }
}

/** Fails unless all answers are those of the beginning, by whatever instance. */
export function assertSameAnswers() {
  for (const { system, authorizer, subject, digests } of watched) {
    const { records, user, allowed, denied } = samples[system]
    const anew = open(system, records)
    const again = anew.subject(user)
    assert.deepEqual([anew.digest, again.digest], digests, system)
    assert.deepEqual([authorizer.digest, subject.digest], digests, system)
    for (const asker of [subject, again]) {
      assert.equal(asker.can(...allowed), true, system)
      assert.equal(asker.decide(...denied).allow, false, system)
    }
    anew.dispose()
  }
}

/**
 * Fails unless the call throws an error of the package, with this code if one is given.
 * @param {() => unknown} act
 * @param {string} [code]
 */
export function assertRefused(act, code) {
  assert.throws(act, (/** @type {any} */ error) => {
    assert.ok(error instanceof LatchworkError, `expected a LatchworkError, got ${String(error)}`)
    assert.equal(error.name, 'LatchworkError')
    if (code) assert.equal(error.code, code, error.message)
    return true
  })
}

/**
 * What the call comes to; only a result or an error of the package will do.
 * @param {() => unknown} act
 * @returns {{ result?: any, error?: any }}
 */
export function outcomeOf(act) {
  try {
    return { result: act() }
  } catch (thrown) {
    const error = /** @type {any} */ (thrown)
    assert.ok(error instanceof LatchworkError, `expected a LatchworkError, got ${String(error)}`)
    assert.notEqual(error.code, 'internal', String(error.cause))
    return { error }
  }
}
