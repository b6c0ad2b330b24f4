// @ts-check
// How many steps a decision takes, and preparing a subject: at most in proportion to whatever a user can write into records.
// Steps are counted, so the numbers are the same in every run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MODELS as WITH_WORKLOAD, documentOf, workload } from '../../../benches/document.mjs'
import { samples, systems } from '../support/samples.mjs'
import { stepsOf } from '../support/steps.mjs'

/** What a user can write much of: the model, and records with so much of it. */
const growing = systems.flatMap((model) => samples[model].growing.map(([what, make, sizes]) => /** @type {const} */ ([model, what, make, sizes])))

for (const [model, what, make, sizes = [20, 200, 2_000]] of growing) {
  test(`steps of ${model} grow at most in proportion to the ${what}`, (t) => {
    const questions = sizes.map(make)
    const [small, middle, large] = questions.map((question) => stepsOf(model, question))
    const letters = questions.map(({ records }) => JSON.stringify(records).length)
    t.diagnostic(`decide ${[small, middle, large].map(({ decide }) => decide).join(', ')}; prepare ${[small, middle, large].map(({ prepare }) => prepare).join(', ')}; open ${[small, middle, large].map(({ open }) => open).join(', ')}`)
    for (const step of /** @type {const} */ (['decide', 'prepare'])) {
      // Some steps come before those that grow, and a search takes a logarithm of them.
      assert.ok(middle[step] <= (small[step] + 50) * 1.3 * (sizes[1] / sizes[0]), step)
      assert.ok(large[step] <= (middle[step] + 50) * 1.3 * (sizes[2] / sizes[1]), step)
    }
    // The names of an object are sorted.
    assert.ok(large.open <= (middle.open + 500) * 2.5 * (letters[2] / letters[1]), 'open')
  })
}

test('every model has records that grow', () => {
  assert.deepEqual([...new Set(growing.map(([model]) => model))].sort(), [...systems].sort())
})

for (const model of WITH_WORKLOAD) {
  test(`steps of ${model} to open users with 27 grants grow in proportion to the users, and a decision takes as many`, async () => {
    const work = await workload(model)
    const [few, more, many] = [20, 200, 2_000].map((count) => {
      const document = documentOf(work, count)
      return stepsOf(model, { records: document.records(), user: document.users[10], action: work.action, resource: document.names[5] })
    })
    for (const [small, large] of [[few, more], [more, many]]) {
      // The names of the users are sorted.
      assert.ok(large.open <= small.open * 10 * 1.3, `open: ${small.open}, ${large.open}`)
      assert.ok(large.decide <= small.decide * 1.3 + 50, `decide: ${small.decide}, ${large.decide}`)
    }
  })
}

// What the benchmark asks: 27 grants a user, 100 users.
for (const model of WITH_WORKLOAD) {
  test(`the questions of the benchmark take ${model} at most the recorded number of steps`, async () => {
    const work = await workload(model)
    assert.ok(work.steps, `benches/workloads/${model}.mjs has no recorded \`steps\``)
    const { granted, other, prepared } = work.steps
    const document = documentOf(work, 100)
    const ask = (/** @type {string} */ resource) => stepsOf(model, { records: document.records(), user: document.users[50], action: work.action, resource })
    const first = ask(document.names[5])
    assert.equal(first.packed & 1, 1)
    // Another version of a compiler makes a little more or less of the same source.
    assert.ok(first.decide <= granted * 1.2, `granted: ${first.decide}`)
    assert.ok(ask(work.resource('name-5-of-something-777')).decide <= other * 1.2, `another name: ${ask(work.resource('name-5-of-something-777')).decide}`)
    assert.ok(first.prepare <= prepared * 1.2, `prepared: ${first.prepare}`)
  })
}
