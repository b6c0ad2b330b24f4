// @ts-check
// The functions `describe` and `test` of the test runner that runs this program.

import { membersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** @typedef {{ describe: (name: string, body: () => void) => unknown, test: (name: string, body: () => void) => unknown }} Runner */

/**
 * The functions that were passed; otherwise globals, as Jest has them; otherwise those of `node:test`.
 * @param {unknown} options
 * @returns {Runner}
 */
export function runnerOf(options) {
  const [describe, test] = options === undefined ? [] : membersOf(options, 'the options', ['describe', 'test'])
  if (describe !== undefined || test !== undefined) return checked({ describe, test }, 'the options')
  const globals = /** @type {any} */ (globalThis)
  if (typeof globals.describe === 'function' && typeof globals.test === 'function') return { describe: globals.describe, test: globals.test }
  const { VITEST, JEST_WORKER_ID } = globals.process?.env ?? {}
  const library = VITEST ? 'vitest' : JEST_WORKER_ID ? '@jest/globals' : undefined
  if (library !== undefined) throw new LatchworkError('invalid_value', `this test runner has no global \`describe\` and \`test\`: import them from '${library}' and pass them: policyTests(tests, { describe, test })`)
  const node = builtin('node:test')
  if (node === undefined) throw new LatchworkError('invalid_value', 'no test runner was found: pass its functions: policyTests(tests, { describe, test })')
  return { describe: node.describe, test: node.test }
}

/** @param {any} runner @param {string} what @returns {Runner} */
function checked(runner, what) {
  for (const name of ['describe', 'test']) if (typeof runner[name] !== 'function') throw wrongType(`\`${name}\` of ${what}`, 'a function', runner[name])
  return runner
}

/**
 * A module of Node, without an import that bundlers for pages would follow; undefined in another runtime.
 * @param {string} name
 * @returns {any}
 */
export function builtin(name) {
  return /** @type {any} */ (globalThis).process?.getBuiltinModule?.(name)
}
