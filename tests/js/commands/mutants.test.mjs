// @ts-check
// Mutants: changes of a document that tests notice, and changes that survive.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { survivors } from '../../../pkg/testing/mutants.mjs'
import { MODULE } from '../../../pkg/cli/test-files.mjs'
import { reportOf } from '../../../pkg/cli/test-report.mjs'
import { POLICY } from '../support/command-folder.mjs'

const CASES = [
  { id: 'an editor edits', ask: { user: 'ann', action: 'edit', resource: 'docs/1' }, expect: { allow: true } },
  { id: 'the archive', ask: { user: 'ann', action: 'edit', resource: 'docs/archive' }, expect: { allow: false } },
]

/** @typedef {import('../../../pkg/testing/mutants.mjs').Mutant} Mutant */

/** @type {Mutant[]} */
const NOTICED = [
  { path: '/roles/editor/grants/docs~1*', change: 'lower', patch: [{ op: 'replace', path: '/roles/editor/grants/docs~1*', value: 'read' }] },
  { path: '/limits/docs~1archive', change: 'remove', patch: [{ op: 'remove', path: '/limits/docs~1archive' }] },
  // A document that is not valid is noticed by every program.
  { path: '/users/ann/roles', change: 'unknown role', patch: [{ op: 'add', path: '/users/ann/roles/-', value: 'none' }] },
]
/** @type {Mutant[]} */
const MISSED = [
  { path: '/users/bob', change: 'remove bob', patch: [{ op: 'remove', path: '/users/bob' }] },
  { path: '/roles/editor/grants/docs~1*', change: 'raise', patch: [{ op: 'replace', path: '/roles/editor/grants/docs~1*', value: 'admin' }] },
]

/** A document whose core names these changes. @param {Mutant[]} mutants @returns {any} */
const documentWith = (mutants) => ({ file: 'policy.json', system: 'rbac', value: POLICY, authorizer: { mutants: () => mutants } })

test('a change survives if all cases pass with it', () => {
  /** @type {number[]} */
  const progress = []
  const result = survivors(MODULE, documentWith([...NOTICED, ...MISSED, ...NOTICED]), CASES, (done, all) => progress.push(done, all))
  assert.deepEqual(result, { tested: 8, survived: MISSED })
  assert.deepEqual(progress, Array.from({ length: 8 }, (_, index) => [index, 8]).flat())
})

test('without cases every valid change survives', () => {
  assert.deepEqual(survivors(MODULE, documentWith(NOTICED.slice(0, 2)), [], () => {}).survived, NOTICED.slice(0, 2))
})

test('the report names the changes that survive, with their places', () => {
  const plain = (/** @type {any} */ _, /** @type {string} */ text) => text
  const result = (/** @type {any} */ mutants) => reportOf({ ok: false, passed: 2, failed: 0, cases: [], mutants }, plain)
  assert.equal(result({ tested: 8, survived: [{ file: 'policy.json', line: 3, column: 5, ...MISSED[0] }] }), '2 passed, 0 failed\nchanges: 7 of 8 noticed; no test fails after:\n  policy.json:3:5 remove bob (/users/bob)')
  assert.equal(result({ tested: 8, survived: [] }), '2 passed, 0 failed\nchanges: 8 of 8 noticed')
  assert.equal(result({ skipped: 'a test fails' }), '2 passed, 0 failed\nchanges: not tried, because a test fails')
})
