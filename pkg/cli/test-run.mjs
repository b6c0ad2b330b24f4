// @ts-check
// One run of all tests, with the coverage and the changes that survive, as data.

import { LatchworkError } from '../core/error.mjs'
import { unexercised } from '../testing/coverage.mjs'
import { survivors } from '../testing/mutants.mjs'
import { runCase } from '../testing/run.mjs'
import { Mistake } from './mistake.mjs'
import { Progress } from './output.mjs'
import { MODULE, readTestFiles } from './test-files.mjs'

/** @typedef {{ file: string, line: number, column: number }} At */
/** @typedef {At & { id: string, passed: boolean, question: any, expected: any, found: any, explanation?: any }} CaseResult `explanation` of a failed case */
/** @typedef {At & { path: string, kind: string }} Gap */
/** @typedef {At & { path: string, change: string, patch: object[] }} Survivor */

/**
 * What `--json` prints.
 * @typedef {object} Result
 * @property {boolean} ok whether the exit code is 0
 * @property {number} passed
 * @property {number} failed
 * @property {CaseResult[]} cases
 * @property {{ parts: number, unexercised: Gap[] }} [coverage]
 * @property {{ tested: number, survived: Survivor[] } | { skipped: string }} [mutants]
 */

/**
 * @param {import('./test.mjs').Settings} settings
 * @param {string[]} read takes the names of the files that are read, also if one of them is wrong
 * @returns {Result}
 */
export function runTests({ files, system, coverage, mutants }, read) {
  const tests = readTestFiles(files, system, read)
  const run = tests.flatMap(runFile)
  const cases = run.map(({ test, index, outcome }) => resultOf(test, index, outcome))
  const failed = cases.filter(({ passed }) => !passed).length
  const documents = [...new Set(tests.flatMap(({ document }) => document ?? []))]
  // Cases with a document of their own say nothing about the policy.
  const about = (/** @type {import('./document.mjs').Document} */ document) => run.filter(({ test, testCase }) => test.document === document && testCase.given === undefined && testCase.given_text === undefined)
  /** @type {Result} */
  const result = { ok: failed === 0, passed: cases.length - failed, failed, cases }
  if (coverage) result.coverage = coverageOf(documents, (document) => about(document).map(({ outcome }) => outcome))
  if (mutants) result.mutants = failed > 0 ? { skipped: 'a test fails' } : mutantsOf(documents, (document) => about(document).map(({ testCase }) => testCase))
  result.ok &&= (result.coverage?.unexercised.length ?? 0) === 0 && (result.mutants === undefined || ('survived' in result.mutants && result.mutants.survived.length === 0))
  for (const { authorizer } of documents) authorizer.dispose()
  return result
}

/**
 * Runs the cases of a file; throws a `Mistake` with the problems of each case that cannot be asked: its own document is not
 * valid, or it checks an unknown form.
 * @param {import('./test-files.mjs').TestFile} test
 */
function runFile(test) {
  const { file, places, cases, system, document } = test
  /** @type {import('./mistake.mjs').Problem[]} */
  const problems = []
  const run = cases.flatMap((testCase, index) => {
    try {
      return [{ test, testCase, index, outcome: runCase({ module: MODULE, system, authorizer: document?.authorizer }, testCase) }]
    } catch (error) {
      if (!(error instanceof LatchworkError) || error.code === 'unknown_system') throw error
      problems.push(...problemsOf(testCase, `/cases/${index}`, error))
      return []
    }
  })
  if (problems.length > 0) throw new Mistake('invalid_tests', `the policy tests in \`${file}\` are not valid`, problems.map((problem) => ({ file, ...places.placeOf(problem.path), ...problem })))
  return run
}

/**
 * The problems of a case that threw an error, with pointers into the file of tests.
 * @param {import('../testing/form.mjs').Case} testCase
 * @param {string} pointer to the case
 * @param {any} error
 * @returns {import('./mistake.mjs').Problem[]}
 */
function problemsOf({ given, given_text: text, ask, validate }, pointer, { code, message, problems = [] }) {
  // A pointer into JSON text that is a string leads to no place of the file: the message has it.
  if (text !== undefined) return [{ path: `${pointer}/given_text`, code, message }]
  if (given !== undefined && code === 'invalid_records') return problems.map((/** @type {import('./mistake.mjs').Problem} */ problem) => ({ path: `${pointer}/given${problem.path}`, code: problem.code, message: problem.message }))
  return [{ path: ask === undefined && validate !== undefined ? `${pointer}/validate` : pointer, code, message }]
}

/** @param {import('./test-files.mjs').TestFile} test @param {number} index @param {import('../testing/run.mjs').Outcome} outcome @returns {CaseResult} */
function resultOf({ file, places }, index, { id, passed, question, expected, found, explain }) {
  const explanation = passed ? undefined : explain()
  return { file, ...places.placeOf(`/cases/${index}`), id, passed, question, expected, found, ...(explanation === undefined ? {} : { explanation }) }
}

/** @param {import('./document.mjs').Document[]} documents @param {(document: import('./document.mjs').Document) => import('../testing/run.mjs').Outcome[]} outcomesOf */
function coverageOf(documents, outcomesOf) {
  const gaps = documents.map((document) => unexercised(document.authorizer, outcomesOf(document)).map((part) => ({ file: document.file, ...document.places.placeOf(part.path), ...part })))
  return { parts: documents.reduce((sum, { authorizer }) => sum + authorizer.parts().filter((/** @type {{ kind: string }} */ { kind }) => kind !== 'assignment').length, 0), unexercised: gaps.flat() }
}

/** @param {import('./document.mjs').Document[]} documents @param {(document: import('./document.mjs').Document) => import('../testing/form.mjs').Case[]} casesOf */
function mutantsOf(documents, casesOf) {
  const progress = new Progress()
  try {
    const found = documents.map((document) => {
      const { tested, survived } = survivors(MODULE, document, casesOf(document), (done, all) => progress.showProgress(`${document.file}: change`, done, all))
      return { tested, survived: survived.map((mutant) => ({ file: document.file, ...document.places.placeOf(mutant.path), ...mutant })) }
    })
    return { tested: found.reduce((sum, { tested }) => sum + tested, 0), survived: found.flatMap(({ survived }) => survived) }
  } finally {
    progress.end()
  }
}
