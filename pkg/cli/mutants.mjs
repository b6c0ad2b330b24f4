// @ts-check
// Single changes of a document that no test notices.

import { LatchworkError } from '../core/error.mjs'
import { runCase, TIMELESS } from '../testing/run.mjs'
import { patched } from './json-patch.mjs'
import { MODULE } from './test-files.mjs'

/** @typedef {{ path: string, change: string, patch: import('./json-patch.mjs').Operation[] }} Mutant */

/**
 * The changes with which all cases still pass.
 * @param {import('./document.mjs').Document} document
 * @param {readonly import('../testing/form.mjs').Case[]} cases that pass with the document
 * @param {(done: number, all: number) => void} onProgress
 * @returns {{ tested: number, survived: Mutant[] }}
 */
export function survivors({ authorizer, system, value }, cases, onProgress) {
  const mutants = authorizer.mutants()
  let order = [...cases]
  const survived = mutants.filter((/** @type {Mutant} */ { patch }, /** @type {number} */ index) => {
    onProgress(index, mutants.length)
    const killer = caughtBy(system, patched(value, patch), order)
    if (killer === undefined) return true
    // A case that has caught one change is likely to catch the next one, which is close to it.
    order = [killer, ...order.filter((testCase) => testCase !== killer)]
    return false
  })
  return { tested: mutants.length, survived }
}

/** The first case that fails with a changed document. @param {string} system @param {any} document @param {readonly import('../testing/form.mjs').Case[]} cases */
function caughtBy(system, document, cases) {
  const authorizer = opened(system, document)
  if (authorizer === undefined) return cases[0]
  try {
    return cases.find((testCase) => !runCase({ module: MODULE, system, authorizer }, testCase).passed)
  } finally {
    authorizer.dispose()
  }
}

/** The opened document; undefined if it is not valid, which no program can miss. @param {string} system @param {any} document */
function opened(system, document) {
  try {
    return MODULE.open(/** @type {any} */ (system), document, /** @type {any} */ (TIMELESS))
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== 'invalid_records') throw error
    return undefined
  }
}
