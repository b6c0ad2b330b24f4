// @ts-check
// Single changes of a document that no test notices.

import { LatchworkError } from '../core/error.mjs'
import { patched } from './json-patch.mjs'
import { runCase, TIMELESS } from './run.mjs'

/** @typedef {{ path: string, change: string, patch: import('./json-patch.mjs').Operation[] }} Mutant */

/** The functions that cases are run with. @typedef {import('./run.mjs').Bench['module']} Module */

/**
 * The changes with which all cases still pass.
 * @param {Module} module for servers
 * @param {{ authorizer: any, system: string, value: any }} document
 * @param {readonly import('./form.mjs').Case[]} cases that pass with the document
 * @param {(done: number, all: number) => void} onProgress
 * @returns {{ tested: number, survived: Mutant[] }}
 */
export function survivors(module, document, cases, onProgress) {
  const mutants = document.authorizer.mutants()
  const survives = survivalTest(module, document, cases)
  const survived = mutants.filter((/** @type {Mutant} */ mutant, /** @type {number} */ index) => {
    onProgress(index, mutants.length)
    return survives(mutant)
  })
  return { tested: mutants.length, survived }
}

/**
 * A function that says whether all cases still pass with a change.
 * @param {Module} module
 * @param {{ system: string, value: any }} document
 * @param {readonly import('./form.mjs').Case[]} cases that pass with the document
 * @returns {(mutant: Mutant) => boolean}
 */
export function survivalTest(module, { system, value }, cases) {
  let order = [...cases]
  return ({ patch }) => {
    const killer = caughtBy(module, system, patched(value, patch), order)
    if (killer === undefined) return true
    // A case that has caught one change is likely to catch the next one, which is close to it.
    order = [killer, ...order.filter((testCase) => testCase !== killer)]
    return false
  }
}

/** The first case that fails with a changed document. @param {Module} module @param {string} system @param {any} document @param {readonly import('./form.mjs').Case[]} cases */
function caughtBy(module, system, document, cases) {
  const authorizer = opened(module, system, document)
  if (authorizer === undefined) return cases[0]
  try {
    return cases.find((testCase) => !runCase({ module, system, authorizer }, testCase).passed)
  } finally {
    authorizer.dispose()
  }
}

/** The opened document; undefined if it is not valid, which no program can miss. @param {Module} module @param {string} system @param {any} document */
function opened(module, system, document) {
  try {
    return module.open(system, document, TIMELESS)
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== 'invalid_records') throw error
    return undefined
  }
}
