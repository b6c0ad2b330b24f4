// @ts-check
// A module of one model, and several modules in one program: each has an instance of its own.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { instanceOf } from '../support/instance.mjs'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused } from '../support/assertions.mjs'

const all = untyped(latchwork)
const require = createRequire(import.meta.url)

/** @type {Record<string, any>} */
const modules = {}
for (const system of systems) modules[system] = await import(`latchwork/${system}`)

for (const system of systems) {
  test(`the module of ${system} makes the same decisions as the module of all models`, () => {
    const { records, user, allowed, denied, kind, value } = samples[system]
    const [one, other] = [modules[system].open(records), all.open(system, records)]
    assert.equal(one.system, system)
    assert.equal(one.digest, other.digest)
    for (const asked of [allowed, denied]) {
      const question = { subject: user, action: asked[0], resource: asked[1] }
      assert.deepEqual(one.subject(user).explain(...asked), other.subject(user).explain(...asked))
      assert.deepEqual(one.decide(question), other.decide(question))
    }
    if (kind !== undefined) assert.deepEqual(modules[system].validate(kind, value), all.validate(system, kind, value))
    assert.deepEqual(one.vocabulary(), other.vocabulary())
    if (kind !== undefined) assert.deepEqual(modules[system].vocabulary(), all.vocabulary(system))
  })

  test(`the module of ${system} contains no other model`, () => {
    const instance = instanceOf(system)
    for (const name of systems) {
      if (name !== system) assertRefused(() => instance.call((glue) => glue.vocabulary(name)), 'unknown_system')
    }
  })
}

test('a trap in one module does not replace the instance of another', () => {
  const [broken, whole] = ['meuse', 'tyk'].map((system) => {
    const { records, user } = samples[/** @type {'meuse'} */ (system)]
    return { system, instance: instanceOf(system), subject: modules[system].open(records).subject(user) }
  })
  const number = whole.subject.prepare(...samples.tyk.allowed)
  const { starts } = whole.instance
  broken.instance.start().can = () => {
    throw new WebAssembly.RuntimeError('unreachable')
  }
  assertRefused(() => broken.subject.can(...samples.meuse.allowed), 'internal')
  assert.equal(broken.subject.can(...samples.meuse.allowed), true)
  assert.equal(whole.subject.canId(number), true)
  assert.equal(whole.instance.starts, starts)
})

test('a subject of another module is refused, and a number of another module is denied', () => {
  const { records, user, allowed } = samples.meuse
  const copies = [modules.meuse, { open: (/** @type {unknown} */ given) => all.open('meuse', given) }, require('latchwork/meuse')]
  const authorizers = copies.map(({ open }) => open(records))
  for (const one of authorizers) {
    for (const other of authorizers.filter((other) => other !== one)) {
      // Of a copy of the package it is not known that it is a subject.
      assert.throws(() => one.can(other.subject(user), ...allowed), ({ code }) => ['foreign_subject', 'wrong_type'].includes(code))
      const subject = one.subject(user)
      subject.prepare(...allowed)
      const foreign = other.subject(user)
      foreign.prepare('crate.list', 'crates')
      assert.equal(subject.canId((foreign.prepare(...allowed) | 0x8000_0000) >>> 0), false)
    }
  }
})
