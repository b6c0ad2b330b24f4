// @ts-check
// What it costs to fill a store, and to open an authorizer on it: as many steps for each user with many users as with few,
// and memory that grows in large steps. Steps are counted, so the numbers are the same in every run.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { documentOf, workload } from '../../../benches/document.mjs'
import { systems } from '../support/directory/products.mjs'
import { Counter, countingModule } from '../support/steps.mjs'

const module = countingModule('directory')
const counter = new Counter()

const { Instance } = WebAssembly
// The directory starts its instances through this constructor.
WebAssembly.Instance = /** @type {any} */ (function (/** @type {WebAssembly.Module} */ given, /** @type {any} */ imports) {
  const own = imports?.['./directory_bg.js']
  if (!own) return new Instance(given, imports)
  const started = new Instance(module, { './directory_bg.js': { ...own, log_execution: counter.countStep } })
  counter.watch(started)
  return started
})
after(() => {
  WebAssembly.Instance = Instance
})

/** @param {string} system @param {any} records */
async function costsOf(system, records) {
  const directory = createDirectory({ system: /** @type {any} */ (system), store: memoryStore() })
  const seeded = await counter.duringPromise(() => directory.seed(records))
  const exported = await counter.duringPromise(() => directory.records())
  assert.ok(seeded.steps > 0 && exported.steps > 0, 'the steps were not counted')
  return { seeded, exported }
}

for (const system of systems) {
  test(`the steps to seed and to export users of ${system} with 27 grants grow in proportion to the users`, async (t) => {
    const work = await workload(system)
    const costs = []
    for (const users of [10, 100, 1_000]) costs.push(await costsOf(system, documentOf(work, users).records()))
    for (const step of /** @type {const} */ (['seeded', 'exported'])) {
      const [few, more, many] = costs.map((cost) => cost[step].steps)
      t.diagnostic(`${step}: ${few}, ${more}, ${many}`)
      // Keys and rules are sorted.
      assert.ok(more <= few * 10 * 1.45, step)
      assert.ok(many <= more * 10 * 1.45, step)
    }
  })
}

// V8 may collect the JavaScript heap at each growth, so growing by 64 KiB at a time takes a time that grows with the heap.
test('the memory for a seed of many users, and for its export, grows in large steps', async (t) => {
  const users = Array.from({ length: 20_000 }, (_, index) => ({ email: `user-${index}@example.org`, userType: 'ADMIN', scope: 'system' }))
  const { seeded, exported } = await costsOf('antmedia', { users })
  t.diagnostic(`growths: ${seeded.growths}, ${exported.growths}`)
  assert.ok(seeded.growths < 60 && exported.growths < 60, `${seeded.growths}, ${exported.growths}`)
})
