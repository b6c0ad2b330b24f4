// @ts-check
// Handles and numbers of questions: stale, of another subject, or invented.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { moduleState } from '../support/instance.mjs'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged } from '../support/assertions.mjs'

const { open } = untyped(latchwork)
const { records, user, allowed, denied } = samples.meuse

/** This model lists nothing; every other error counts. @param {() => unknown} act */
function unlessUnsupported(act) {
  try {
    return act()
  } catch (error) {
    if (/** @type {any} */ (error).code !== 'unsupported') throw error
    return undefined
  }
}

/** @param {any} subject @param {number} number @returns {[string, () => unknown][]} */
const asking = (subject, number) => [
  ['can', () => subject.can(...allowed)],
  ['can of a fresh string', () => subject.can(allowed[0], `crate:x${Math.random()}@1`)],
  ['can with attributes', () => subject.can('user.update', 'user:ann', { fields: [] })],
  ['decide', () => subject.decide(...allowed)],
  ['explain', () => subject.explain(...allowed)],
  ['prepare', () => subject.prepare(...allowed)],
  ['canId', () => subject.canId(number)],
  ['canMany', () => subject.canMany([number])],
  ['reach', () => unlessUnsupported(() => subject.reach(allowed[0]))],
]

test('hazard "use after free, double free": a disposed subject answers nothing, also if it was disposed twice', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const number = subject.prepare(...allowed)
  assert.equal(subject.can(...allowed), true)
  for (let time = 0; time < 3; time += 1) {
    subject.dispose()
    subject[Symbol.dispose]()
    for (const [, ask] of asking(subject, number)) assertRefused(ask, 'disposed')
    assertRefused(() => authorizer.can(subject, ...allowed), 'disposed')
    assertRefused(() => authorizer.canMany([{ subject, action: allowed[0], resource: allowed[1] }]), 'disposed')
  }
  assert.throws(() => subject.can(...allowed), { message: 'this subject was disposed' })
  assert.equal(authorizer.can(user, ...allowed), true)
  assertUnchanged()
})

test('hazard "use after free": disposing an authorizer ends its subjects', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const number = subject.prepare(...allowed)
  const survivor = open('meuse', records)
  const other = survivor.subject(user)
  const otherNumber = other.prepare(...allowed)
  for (const [, ask] of asking(subject, number)) ask()
  authorizer.dispose()
  authorizer.dispose()
  authorizer[Symbol.dispose]()
  for (const [, ask] of asking(subject, number)) assertRefused(ask, 'disposed')
  for (const act of [
    () => authorizer.subject(user),
    () => authorizer.subject({ role: user }),
    () => authorizer.can(user, ...allowed),
    () => authorizer.can(null, ...allowed),
    () => authorizer.can(subject, ...allowed),
    () => authorizer.decide({ subject: user, action: allowed[0], resource: allowed[1] }),
    () => authorizer.explain({ subject: user, action: allowed[0], resource: allowed[1] }),
    () => authorizer.canMany([{ subject: user, action: allowed[0], resource: allowed[1] }]),
    () => authorizer.validate('user.create', {}),
    () => authorizer.digest,
  ]) {
    assertRefused(act, 'disposed')
  }
  subject.dispose()
  assert.equal(other.canId(otherNumber), true)
  assertUnchanged()
})

test('a digest is computed once', () => {
  const authorizer = open('meuse', records)
  const { digest } = authorizer
  authorizer.dispose()
  assert.equal(authorizer.digest, digest)
})

test('hazard "wrong class": a subject of another authorizer is refused, of the same records too', () => {
  const foreign = open('meuse', records).subject(user)
  const authorizer = open('meuse', records)
  const question = { subject: foreign, action: allowed[0], resource: allowed[1] }
  assertRefused(() => authorizer.can(foreign, ...allowed), 'foreign_subject')
  assertRefused(() => authorizer.decide(question), 'foreign_subject')
  assertRefused(() => authorizer.explain(question), 'foreign_subject')
  assertRefused(() => authorizer.canMany([question]), 'foreign_subject')
  assertRefused(() => open('tyk', {}).can(foreign, 'read', 'section:apis'), 'foreign_subject')
  assertUnchanged()
})

test('hazard "Object.create(Store.prototype) with a made-up pointer": an object that only looks like a subject is refused', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const { constructor } = subject
  const fakes = [Object.create(constructor.prototype), { ...authorizer, authorizer, can: () => true }, constructor, authorizer, Object.create(authorizer)]
  for (const fake of fakes) {
    assertRefused(() => authorizer.can(fake, ...allowed), 'wrong_type')
    assertRefused(() => authorizer.canMany([{ subject: fake, action: allowed[0], resource: allowed[1] }]), 'wrong_type')
  }
  assertRefused(() => fakes[0].can(...allowed), 'wrong_type')
  assertRefused(() => Object.create(authorizer.constructor.prototype).subject(user), 'wrong_type')
  assertUnchanged()
})

test('hazard "numeric handles reused after free": a number is valid for its own subject only, in every system', () => {
  for (const system of systems) {
    const sample = samples[system]
    const authorizer = open(system, sample.records)
    const first = authorizer.subject(sample.user)
    const second = authorizer.subject(sample.user)
    const number = first.prepare(...sample.allowed)
    assert.equal(first.canId(number), true)
    assert.equal(second.canId(number), false)
    assert.notEqual(second.prepare(...sample.allowed), number)
    assert.deepEqual([...second.canMany([number, second.prepare(...sample.allowed)])], [0, 1])
    first.dispose()
    const third = authorizer.subject(sample.user)
    assert.equal(third.canId(number), false)
    third.prepare(...sample.allowed)
    assert.equal(third.canId(number), false)
  }
  assertUnchanged()
})

test('made-up numbers are denied', () => {
  const subject = open('meuse', records).subject(user)
  const numbers = [subject.prepare(...allowed), subject.prepare(...denied)]
  for (let bit = 0; bit < 32; bit += 1) {
    for (const number of [1 << bit, (1 << bit) >>> 0, 2 ** bit - 1, (numbers[0] ^ (1 << bit)) >>> 0]) {
      if (!numbers.includes(number)) assert.equal(subject.canId(number), false, String(number))
    }
  }
  for (let index = 2; index < 600; index += 1) assert.equal(subject.canId(numbers[0] + index), false)
  assertUnchanged()
})

test('made-up handles passed to exports are denied, and change nothing', () => {
  const { exports } = moduleState
  for (const handle of [0, 1, -1, 2 ** 20, 2 ** 31, 2 ** 32 - 1, 0xdeadbeef, NaN, 1.5]) {
    assert.equal(exports.can(handle, 0, 0) & 1, 0)
    assert.equal(exports.can(handle, 2 ** 31, 2 ** 31) & 1, 0)
    exports.release(0)
    exports.close_authorizer(0)
  }
  assertUnchanged()
})

test('hazard "a cache that an attacker can fill": repeated and new names get the same decisions', () => {
  const subjects = ['ann', 'bob', 'nobody', null].map((id) => open('meuse', records).subject(id))
  const resources = Array.from({ length: 3_000 }, (_, index) => (index % 3 ? `crate:latch@1.0.${index % 700}` : `crate:c${index}@1`))
  for (const resource of resources.concat(resources, ['', 'crate:latch@1.0.0'])) {
    for (const action of ['crate.yank', 'crate.get', 'crate.search']) {
      for (const subject of subjects) assert.equal(subject.can(action, resource), subject.decide(action, resource).allow)
    }
  }
})

test('garbage collection frees unreachable subjects, and no reachable one', async () => {
  const program = `
    import { open } from 'latchwork'
    const records = ${JSON.stringify(records)}
    const authorizer = open('meuse', records)
    const subject = open('meuse', records).subject('ann')
    const number = subject.prepare(...${JSON.stringify(allowed)})
    for (let round = 0; round < 20; round += 1) {
      for (let index = 0; index < 500; index += 1) open('meuse', records).subject('ann').can(...${JSON.stringify(allowed)})
      gc()
      await new Promise((done) => setTimeout(done, 5))
    }
    console.log(subject.canId(number), authorizer.can('ann', ...${JSON.stringify(allowed)}))
  `
  const { spawnSync } = await import('node:child_process')
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], { encoding: 'utf8', cwd: import.meta.dirname })
  assert.equal(stdout, 'true true\n', stderr)
})
