// @ts-check
// Traps: the instance is discarded, the call fails closed, and the next call uses a new instance.
//
// A trap is provoked in two ways: by a stack that is nearly used up, so that anything may fail anywhere; and by an
// export of the current instance that throws what a trap throws, with the state behind it out of reach.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { instance, moduleState } from '../support/instance.mjs'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertSameAnswers } from '../support/assertions.mjs'

const { open, validate, classify, LatchworkError } = untyped(latchwork)
const { records, user, allowed, denied } = samples.meuse

/** What a trap throws: V8's own error, from an `unreachable` of its own. */
const trap = (() => {
  const bytes = [[0, 97, 115, 109, 1, 0, 0, 0], [1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [7, 5, 1, 1, 102, 0, 0], [10, 5, 1, 3, 0, 0, 11]].flat()
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)))
  return /** @type {() => never} */ (exports.f)
})()

/**
 * Acts while one export of the current instance throws. The exports of a new instance work.
 * @param {string} exportName
 * @param {() => unknown} act
 * @param {() => never} [fail]
 */
function withBroken(exportName, act, fail = trap) {
  const life = instance.start()
  const whole = { ...life }
  const { exports } = life.glue
  assert.equal(typeof exports[exportName], 'function', exportName)
  life.glue = { ...life.glue, exports: new Proxy(exports, { get: (_, name) => (name === exportName ? fail : exports[name]) }) }
  if (exportName === 'can') life.can = fail
  try {
    return act()
  } finally {
    if (!life.dead) Object.assign(life, whole)
  }
}

test('the trap of these tests is a WebAssembly trap', () => {
  assert.throws(trap, WebAssembly.RuntimeError)
})

test('hazard "RuntimeError: unreachable": a trap in a numeric export is an internal error, and the next call succeeds', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const digests = [authorizer.digest, subject.digest]
  const fresh = () => `crate:latch@${Math.random()}`
  /** @type {[string, () => unknown][]} */
  const asking = [
    ['can', () => subject.can(allowed[0], fresh())],
    ['can', () => subject.decide(allowed[0], fresh()).allow],
    ['can', () => subject.explain(allowed[0], fresh()).allow],
    ['can', () => authorizer.can(subject, allowed[0], fresh())],
    ['can', () => authorizer.canMany([{ subject: user, action: allowed[0], resource: fresh() }])],
  ]
  for (const [exportName, decide] of asking) {
    for (const thrown of [trap, () => { throw new RangeError('Maximum call stack size exceeded') }, () => { throw undefined }, () => { throw { code: 'disposed' } }]) {
      const { epoch } = moduleState
      assertRefused(() => withBroken(exportName, decide, thrown), 'internal')
      assert.equal(moduleState.epoch, epoch + 1, exportName)
      assert.ok(decide())
      assert.equal(moduleState.epoch, epoch + 1)
      assert.deepEqual([authorizer.digest, subject.digest], digests)
      assertSameAnswers()
    }
  }
})

/**
 * Acts where the stack is nearly used up: at its very end, and again on each of the steps back, with a little more
 * space each time, so that the act fails at every possible place.
 * @param {() => unknown} act
 */
function atTheEndOfTheStack(act) {
  /** @type {{ results: any[], errors: any[] }} */
  const came = { results: [], errors: [] }
  const dive = () => {
    try {
      dive()
    } catch {}
    // No calls here but that of the act: they would fail as well.
    if (came.results.length < 20) {
      try {
        came.results[came.results.length] = act()
      } catch (error) {
        came.errors[came.errors.length] = error
      }
    }
  }
  dive()
  return came
}

/** @type {[string, (subject: any) => unknown, unknown][]} */
const acts = [
  ['can', (subject) => subject.can(...allowed), true],
  ['can of a fresh string', (subject) => subject.can(allowed[0], `crate:latch@${(fresh += 1)}`), true],
  ['can of a long string', (subject) => subject.can(allowed[0], `crate:${'l'.repeat(150)}@${(fresh += 1)}`), false],
  ['can that is denied', (subject) => subject.can(denied[0], `crate:other@${(fresh += 1)}`), false],
  ['can with attributes', (subject) => subject.can('user.update', 'user:ann', { fields: ['role'] }), false],
  ['decide', (subject) => subject.decide(...denied).allow, false],
  ['explain', (subject) => subject.explain(...allowed).allow, true],
  ['prepare and canId', (subject) => subject.canId(subject.prepare(...allowed)), true],
  ['canMany', (subject) => subject.canMany([subject.prepare(...allowed)])[0], 1],
  ['digest', () => open('meuse', records).digest, undefined],
  ['open', () => open('meuse', records).can(user, ...denied), false],
  ['an unprepared subject with a grant that ends', () => timed.can('ann', 'read', 'shop'), true],
  ['a prepared subject', (subject) => subject.authorizer.subject(user).can(...allowed), true],
  ['an unprepared subject', (subject) => subject.authorizer.can('nobody', ...allowed), false],
  ['dispose', (subject) => subject.authorizer.subject(user).dispose(), undefined],
  ['classify', () => classify('meuse', { method: 'POST', path: '/api/v1/meuse/user' }).action, 'user.create'],
]
const timed = open('rbac', { users: { ann: { grants: { shop: [{ allow: 'read', until: 9_999_999_999 }] } } } })
let fresh = 0
let replaced = 0

/** What our own reading may come to, where it fails. */
const fine = ['internal', 'invalid_records', 'invalid_value']

for (const [what, act, expected] of acts) {
  test(`hazard "Stack overflow: first RangeError, next and all later calls RuntimeError": ${what} at the end of the stack fails closed`, () => {
    const subject = open('meuse', records).subject(user)
    const { digest } = subject
    // Compiling what was never called takes much more of the stack than calling it.
    act(open('meuse', records).subject(user))
    const { epoch } = moduleState
    const { results, errors } = atTheEndOfTheStack(() => act(subject))
    replaced += moduleState.epoch - epoch
    assert.ok(errors.length > 1, 'the stack never ended within the call')
    assert.ok(results.length > 1, 'the stack always ended within the call')
    for (const error of errors) {
      assert.ok(error instanceof RangeError || (error instanceof LatchworkError && fine.includes(error.code)), String(error))
    }
    if (expected !== undefined) for (const result of results) assert.equal(result, expected)
    assert.equal(subject.digest, digest)
    assertSameAnswers()
  })
}

test('a validation at the end of the stack never accepts an invalid value', () => {
  const wrong = { name: 'x' }
  for (const { problems } of atTheEndOfTheStack(() => validate('meuse', 'category.create', wrong)).results) assert.ok(problems.length > 0)
  for (const { code } of atTheEndOfTheStack(() => refused({ users: [{ name: 'x', role: 'boss' }] })).results) assert.ok(fine.includes(code), code)
  assertSameAnswers()
})

test('some of these stack overflows were inside the core', () => {
  assert.ok(replaced > 0)
})

/** The error of records that are refused. @param {unknown} records */
function refused(records) {
  try {
    open('meuse', records)
  } catch (error) {
    if (error instanceof LatchworkError) return error
    throw error
  }
  return { code: 'taken' }
}

test('authorizers and subjects of every system are prepared again after each trap', () => {
  const prepared = systems.map((system) => {
    const authorizer = open(system, samples[system].records)
    const subjects = [samples[system].user, 'nobody', null].map((id) => authorizer.subject(id))
    if (system === 'wso2') subjects.push(authorizer.subject({ role: 'maker' }))
    return { system, authorizer, subjects }
  })
  const allDecisions = () => prepared.map(({ system, authorizer, subjects }) => [
    authorizer.digest,
    ...subjects.map((subject) => [subject.digest, subject.decide(...samples[system].allowed), subject.decide(...samples[system].denied), system === 'wso2' && subject.reach('ui.execute')]),
    samples[system].kind !== undefined && authorizer.validate(samples[system].kind, samples[system].value),
  ])
  const before = allDecisions()
  for (let round = 0; round < 20; round += 1) {
    assertRefused(() => withBroken('can', () => prepared[round % prepared.length].subjects[0].can(samples.meuse.allowed[0], String(round))))
    if (round % 2) assert.deepEqual(allDecisions(), before)
  }
  assert.deepEqual(allDecisions(), before)
})

test('hazard "old handles answer Invalid stale object": a number from before a trap throws stale_handle, and one of another subject is denied', () => {
  const authorizer = open('meuse', records)
  const [subject, other, late] = [user, user, user].map((id) => authorizer.subject(id))
  const numbers = [subject.prepare(...allowed), subject.prepare(...denied)]
  const foreign = other.prepare(...allowed)
  assertRefused(() => withBroken('can', () => subject.can(allowed[0], 'crate:latch@s')), 'internal')
  for (const number of numbers) {
    assertRefused(() => subject.canId(number), 'stale_handle')
    assertRefused(() => subject.canMany([number]), 'stale_handle')
  }
  assert.equal(subject.canId(foreign), false)
  assert.equal(late.canId(numbers[0]), false)
  assert.equal(late.canId(foreign), false)
  const again = subject.prepare(...allowed)
  assert.ok(!numbers.includes(again))
  assert.equal(subject.canId(again), true)
  assertRefused(() => subject.canMany([again, numbers[0]]), 'stale_handle')
  assert.deepEqual([...subject.canMany([again, foreign])], [1, 0])
  const anew = late.prepare(...allowed)
  assert.equal(subject.canId(anew), false)
  for (let round = 0; round < 3; round += 1) {
    assertRefused(() => withBroken('can', () => subject.can(allowed[0], `crate:latch@s${round}`)), 'internal')
    for (const number of [...numbers, again]) assertRefused(() => subject.canId(number), 'stale_handle')
  }
})

test('a disposed subject stays disposed after a trap', () => {
  const authorizer = open('meuse', records)
  const [gone, kept] = [authorizer.subject(user), authorizer.subject(user)]
  const closed = open('meuse', records)
  const orphan = closed.subject(user)
  gone.dispose()
  closed.dispose()
  assertRefused(() => withBroken('can', () => kept.can(allowed[0], 'crate:latch@t')), 'internal')
  assertRefused(() => gone.can(...allowed), 'disposed')
  assertRefused(() => orphan.can(...allowed), 'disposed')
  assertRefused(() => closed.digest, 'disposed')
  assert.equal(kept.can(...allowed), true)
})

test('hazard "free() fails too: leak": disposing a subject of a broken instance does not throw', () => {
  const authorizer = open('meuse', records)
  const subject = authorizer.subject(user)
  const { epoch } = moduleState
  withBroken('release', () => subject.dispose())
  assert.equal(moduleState.epoch, epoch + 1)
  const other = open('meuse', records)
  withBroken('close_authorizer', () => other.dispose())
  assert.equal(moduleState.epoch, epoch + 2)
  assert.equal(authorizer.can(user, ...allowed), true)
})

test('hazard "300,000 panics: slow poison": repeated traps leak nothing', () => {
  const subject = open('meuse', records).subject(user)
  for (let round = 0; round < 300; round += 1) {
    assertRefused(() => withBroken('can', () => subject.can(allowed[0], `crate:latch@${round}`)), 'internal')
    assert.equal(subject.can(...allowed), true)
  }
  assert.ok(moduleState.exports.memory.buffer.byteLength < 4 << 20)
  assertSameAnswers()
})

test('hazard "Rust state locked for ever": an exception of foreign code inside a call is an internal error', () => {
  const authorizer = open('wso2', samples.wso2.records)
  const subject = authorizer.subject('ann')
  const resource = samples.wso2.allowed[1]
  const listing = subject.actions(resource)
  assert.ok(listing.length > 0)
  const set = () => {
    throw { code: 'disposed', message: '', problems: [] }
  }
  Object.defineProperty(Array.prototype, '0', { set, configurable: true })
  let thrown
  try {
    subject.actions(resource)
  } catch (error) {
    thrown = error
  } finally {
    Reflect.deleteProperty(Array.prototype, '0')
  }
  assert.ok(thrown instanceof LatchworkError && /** @type {any} */ (thrown).code === 'internal', String(thrown))
  assert.deepEqual(subject.actions(resource), listing)
  assertSameAnswers()
})

test('a call whose instance cannot start is refused, and the next call starts one', () => {
  const subject = open('meuse', records).subject(user)
  assertRefused(() => withBroken('can', () => subject.can(allowed[0], 'crate:latch@s')), 'internal')
  const { Instance } = WebAssembly
  for (const thrown of [new RangeError('WebAssembly.Instance(): Out of memory'), new WebAssembly.RuntimeError('unreachable')]) {
    WebAssembly.Instance = /** @type {any} */ (function () { throw thrown })
    try {
      assertRefused(() => subject.decide(...denied), 'internal')
      assertRefused(() => validate('meuse', 'user.create', {}), 'internal')
    } finally {
      WebAssembly.Instance = Instance
    }
    assert.equal(subject.can(...denied), false)
    assertRefused(() => withBroken('can', () => subject.can(allowed[0], `crate:latch@${thrown}`)), 'internal')
  }
  assertSameAnswers()
})

test('a first start that fails or overflows the stack is repeated by the next call', () => {
  const program = `
    import { open } from 'latchwork'
    const decide = () => open('meuse', { users: [{ name: 'ann', role: 'tech' }] }).can('ann', 'crate.list', 'crates')
    const { Module } = WebAssembly
    WebAssembly.Module = function () { throw new WebAssembly.CompileError('refused by a policy') }
    try {
      decide()
    } catch (error) {
      console.log(error.code, error.cause.message)
    }
    WebAssembly.Module = Module
    let results = []
    const dive = () => {
      try {
        dive()
      } catch {}
      if (results.length < 3) {
        try {
          results[results.length] = decide()
        } catch {}
      }
    }
    dive()
    console.log(results.join(), decide())
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', cwd: import.meta.dirname })
  assert.equal(stdout, 'internal refused by a policy\ntrue,true,true true\n', stderr)
})

test('questions do not start an instance while one is valid', () => {
  const subject = open('meuse', records).subject(user)
  const before = moduleState.exports
  subject.can(...allowed)
  assert.equal(moduleState.exports, before)
})
