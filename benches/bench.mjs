// @ts-check
// Speed as ratios in one run on one machine: npm run bench [-- --users 1,1000,100000] [--system NAME] [--rounds N]
//
// Every figure is the least of some rounds, taken in turns with the nested Map that it is compared with, over
// the same strings in the same order.

import { parseArgs } from 'node:util'
import { open } from 'latchwork'
import { living } from '../pkg/lib/instance.mjs'
import { WORKLOADS, nestedMap } from './questions.mjs'

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1,1000' }, system: { type: 'string' }, rounds: { type: 'string', default: '12' } },
})
const ROUNDS = Number(values.rounds)
const OPERATIONS = 100_000
/** As many numbers as one call takes. */
const MANY = 4096

/** A wasm function that only returns its first argument: what any call into wasm costs. */
const EMPTY_WASM = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 101, 0, 0, 10, 6, 1, 4, 0, 32, 0, 11,
)
const empty = /** @type {(a: number, b: number) => number} */ (new WebAssembly.Instance(new WebAssembly.Module(EMPTY_WASM)).exports.e)

let sink = 0

/** @typedef {{ texts?: () => string[], ask: (index: number, texts: string[]) => unknown, operations?: number }} Candidate */

/**
 * Nanoseconds that each candidate takes for one operation.
 * @param {Record<string, Candidate>} candidates
 * @returns {Record<string, number>}
 */
function measure(candidates) {
  /** @type {Record<string, number>} */
  const best = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, { texts, ask, operations = OPERATIONS }] of Object.entries(candidates)) {
      const given = texts?.() ?? []
      const start = process.hrtime.bigint()
      for (let index = 0; index < operations; index += 1) sink ^= ask(index, given) ? 1 : 0
      best[name] = Math.min(best[name] ?? Infinity, Number(process.hrtime.bigint() - start) / operations)
    }
  }
  return best
}

/** @param {(index: number) => string} make */
function strings(make) {
  return () => Array.from({ length: OPERATIONS }, (_, index) => make(index))
}

/** A new string of this text, whose hash nobody has computed yet. @param {string} text */
function renewed(text) {
  return Buffer.from(text).toString()
}

let unseen = 0

/** @param {import('./questions.mjs').Workload} workload @param {number} count */
function row(workload, count) {
  const { system, action, resources } = workload
  const map = nestedMap(workload, count)
  const authorizer = /** @type {any} */ (open(/** @type {any} */ (system), /** @type {any} */ (workload.records(count))))
  const users = Array.from({ length: count }, (_, index) => workload.user(index))
  const before = living.exports.memory.buffer.byteLength
  const subjects = users.map((user) => authorizer.subject(user))
  const memory = (living.exports.memory.buffer.byteLength - before) / count
  const ids = subjects.map((subject) => Uint32Array.from(resources, (resource) => subject.id(action, resource)))
  const many = Uint32Array.from({ length: MANY }, (_, index) => ids[0][index % resources.length])
  // A prime step visits the users in no order that a processor could guess.
  const at = (/** @type {number} */ index) => (index * 7919) % count
  const name = (/** @type {number} */ index) => resources[index % resources.length]
  const known = strings((index) => renewed(name(index)))
  const fresh = strings((index) => `${name(index)}-${(unseen += 1)}`)

  const best = measure({
    map: { ask: (index) => map.get(users[at(index)]).get(name(index)) },
    call: { ask: (index) => empty(index, at(index)) },
    canId: { ask: (index) => subjects[at(index)].canId(ids[at(index)][index % resources.length]) },
    repeated: { ask: (index) => subjects[at(index)].can(action, name(index)) },
    mapRenewed: { texts: known, ask: (index, texts) => map.get(users[at(index)]).get(texts[index]) },
    renewed: { texts: known, ask: (index, texts) => subjects[at(index)].can(action, texts[index]) },
    mapUnseen: { texts: fresh, ask: (index, texts) => map.get(users[at(index)]).get(texts[index]) },
    unseen: { texts: fresh, ask: (index, texts) => subjects[at(index)].can(action, texts[index]) },
    decide: { ask: (index) => subjects[at(index)].decide(action, name(index)).allow },
    many: { ask: () => subjects[0].canMany(many)[1], operations: 200 },
    prepare: { ask: (index) => authorizer.subject(users[at(index)]).dispose(), operations: 5000 },
  })
  authorizer.dispose()
  const ratio = (/** @type {number} */ a, /** @type {number} */ b) => (a / b).toFixed(2)
  return {
    system,
    users: count,
    'map, ns': best.map.toFixed(0),
    'canId / empty call': ratio(best.canId, best.call),
    'canId / map': ratio(best.canId, best.map),
    'repeated / map': ratio(best.repeated, best.map),
    'fresh / map': ratio(best.renewed, best.map),
    'fresh / map fresh': ratio(best.renewed, best.mapRenewed),
    'unseen / map unseen': ratio(best.unseen, best.mapUnseen),
    'decide / map': ratio(best.decide, best.map),
    'canMany / map': ratio(best.many / MANY, best.map),
    'prepare, us': (best.prepare / 1000).toFixed(1),
    ...(count >= 1000 && { 'B a subject': memory.toFixed(0) }),
  }
}

const rows = []
for (const count of values.users.split(',').map(Number)) {
  for (const workload of WORKLOADS.filter(({ system }) => !values.system || system === values.system)) rows.push(row(workload, count))
}
console.log('"fresh": a new string of a name that has a grant; "unseen": a name that nobody asked for before and nothing matches')
console.table(rows)
if (sink === 2) console.log(sink)
