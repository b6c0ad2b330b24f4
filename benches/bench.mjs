// @ts-check
// Ratios in one run on one machine: npm run bench [-- --users 100000] [--system NAME]

import { parseArgs } from 'node:util'
import { open } from 'latchwork'
import { WORKLOADS, nestedMap } from './questions.mjs'

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1,1000' }, system: { type: 'string' }, rounds: { type: 'string', default: '15' } },
})
const ROUNDS = Number(values.rounds)

/** A wasm function that does nothing but return its first argument: what any call into wasm costs. */
const empty = /** @type {(handle: number, question: number) => number} */ (
  new WebAssembly.Instance(
    new WebAssembly.Module(
      Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 101, 0, 0, 10, 6, 1, 4, 0, 32, 0, 11),
    ),
  ).exports.e
)

let sink = 0

/**
 * Nanoseconds an operation takes: the least of some rounds, taken in turns with the others.
 * @param {Record<string, (index: number) => unknown>} candidates
 * @param {number} operations
 */
function measure(candidates, operations) {
  /** @type {Record<string, number>} */
  const best = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, candidate] of Object.entries(candidates)) {
      const start = process.hrtime.bigint()
      for (let index = 0; index < operations; index += 1) sink ^= candidate(index) ? 1 : 0
      const each = Number(process.hrtime.bigint() - start) / operations
      if (round > 1) best[name] = Math.min(best[name] ?? Infinity, each)
    }
  }
  return best
}

/** A string that no earlier look-up has seen: its hash is not known yet. @param {string} text */
function fresh(text) {
  return text.slice(0, 7) + text.slice(7)
}

const rows = []
for (const count of values.users.split(',').map(Number)) {
  for (const workload of WORKLOADS.filter(({ system }) => !values.system || system === values.system)) {
    const map = nestedMap(workload, count)
    const authorizer = /** @type {any} */ (open(/** @type {any} */ (workload.system), /** @type {any} */ (workload.records(count))))
    const asked = Math.min(count, 100_000)
    const subjects = Array.from({ length: asked }, (_, index) => authorizer.subject(workload.user(index)))
    const users = subjects.map((_, index) => workload.user(index))
    const { resources, action } = workload
    const ids = subjects.map((subject) => Uint32Array.from(resources, (resource) => subject.id(action, resource)))
    // A prime step visits users and resources in no order that a processor could guess.
    const place = (/** @type {number} */ index) => (index * 7919) % asked
    const many = Uint32Array.from({ length: 4096 }, (_, index) => ids[0][index % resources.length])
    const texts = (/** @type {number} */ index) => resources[index % resources.length]
    const operations = 200_000
    const pool = Array.from({ length: operations }, (_, index) => index)
    let spare = [...pool].map((index) => fresh(texts(index)))
    const renewed = () => (spare = pool.map((index) => fresh(texts(index))))
    const result = measure(
      {
        map: (index) => map.get(users[place(index)]).get(texts(index)),
        call: (index) => empty(index, 1),
        canId: (index) => subjects[place(index)].canId(ids[place(index)][index % resources.length]),
        canRepeated: (index) => subjects[place(index)].can(action, texts(index)),
        decide: (index) => subjects[place(index)].decide(action, texts(index)).allow,
      },
      operations,
    )
    const freshTimes = []
    const freshMap = []
    for (let round = 0; round < ROUNDS; round += 1) {
      renewed()
      let start = process.hrtime.bigint()
      for (let index = 0; index < operations; index += 1) sink ^= subjects[place(index)].can(action, spare[index]) ? 1 : 0
      freshTimes.push(Number(process.hrtime.bigint() - start) / operations)
      renewed()
      start = process.hrtime.bigint()
      for (let index = 0; index < operations; index += 1) sink ^= map.get(users[place(index)]).get(spare[index]) ? 1 : 0
      freshMap.push(Number(process.hrtime.bigint() - start) / operations)
    }
    const manyTime = measure({ many: () => subjects[0].canMany(many)[0] }, 400).many / many.length
    const prepare = measure({ prepare: (index) => authorizer.subject(workload.user(place(index))).dispose() }, Math.min(5000, asked * 50)).prepare
    const per = (/** @type {number} */ time) => (time / result.map).toFixed(2)
    rows.push({
      system: workload.system,
      users: count,
      'map ns': result.map.toFixed(1),
      'canId/call': (result.canId / result.call).toFixed(2),
      'canId/map': per(result.canId),
      'can fresh/map': per(Math.min(...freshTimes)),
      '(map fresh/map)': per(Math.min(...freshMap)),
      'can repeated/map': per(result.canRepeated),
      'decide/map': per(result.decide),
      'canMany/map': per(manyTime),
      'prepare us': (prepare / 1000).toFixed(2),
    })
    authorizer.dispose()
  }
}
console.table(rows)
if (sink === 2) console.log(sink)
