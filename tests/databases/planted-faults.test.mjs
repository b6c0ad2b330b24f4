// @ts-check
// The proof of the filters for PostgreSQL finds each fault that is planted in the compilers.

import { test } from 'node:test'
import { finds, passes } from '../js/support/filter/faults/run.mjs'
import { POSTGRES } from '../js/support/filter/faults/postgres.mjs'

const PROOF = new URL('./postgres.test.mjs', import.meta.url)

test('the proof passes without a fault', () => passes(PROOF))
for (const fault of POSTGRES) test(`the proof finds that ${fault.name}`, () => finds(PROOF, fault))
