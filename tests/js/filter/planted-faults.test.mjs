// @ts-check
// The proofs of the filters for SQLite and MongoDB find each fault that is planted in the compilers.

import { test } from 'node:test'
import { MONGODB } from '../support/filter/faults/mongodb.mjs'
import { finds, passes } from '../support/filter/faults/run.mjs'
import { SHARED } from '../support/filter/faults/shared.mjs'
import { SQLITE } from '../support/filter/faults/sqlite.mjs'

for (const [name, faults] of /** @type {const} */ ([['sqlite', [...SHARED, ...SQLITE]], ['mongodb', MONGODB]])) {
  const proof = new URL(`./${name}.test.mjs`, import.meta.url)
  test(`${name}: the proof passes without a fault`, () => passes(proof))
  for (const fault of faults) test(`${name}: the proof finds that ${fault.name}`, () => finds(proof, fault))
}
