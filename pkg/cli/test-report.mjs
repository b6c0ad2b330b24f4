// @ts-check
// The result of a run of tests for a person.

import { failureOf } from '../testing/message.mjs'
import { placeText } from './output.mjs'
import { counted, oneLine } from './text.mjs'

/** @param {import('./test-run.mjs').Result} result @param {ReturnType<typeof import('./output.mjs').painter>} paint */
export function reportOf({ passed, failed, cases, coverage, mutants }, paint) {
  const failures = cases.filter((testCase) => !testCase.passed)
  const lines = failures.flatMap((testCase) => [
    `${paint('red', 'failed')} ${paint('bold', oneLine(testCase.id))} (${placeText(testCase)})`,
    ...failureOf({ ...testCase, explain: () => testCase.explanation }).split('\n').map((line) => `  ${line}`),
    '',
  ])
  const summary = `${passed} passed, ${failed} failed`
  return [...lines, paint(failed === 0 ? 'green' : 'red', summary), ...coverageLines(coverage, paint), ...mutantLines(mutants, paint)].join('\n')
}

/** @param {import('./test-run.mjs').Result['coverage']} coverage @param {ReturnType<typeof import('./output.mjs').painter>} paint */
function coverageLines(coverage, paint) {
  if (coverage === undefined) return []
  const { parts, unexercised } = coverage
  const lines = unexercised.map(({ kind, path, ...place }) => `  ${placeText(place)} ${kind} ${oneLine(path)}`)
  const text = `coverage: ${parts - unexercised.length} of ${counted(parts, 'grant, limit or role', 'grants, limits and roles')} exercised`
  return lines.length === 0 ? [paint('green', text)] : [paint('red', `${text}; no test exercises:`), ...lines]
}

/** @param {import('./test-run.mjs').Result['mutants']} mutants @param {ReturnType<typeof import('./output.mjs').painter>} paint */
function mutantLines(mutants, paint) {
  if (mutants === undefined) return []
  if ('skipped' in mutants) return [`changes: not tried, because ${mutants.skipped}`]
  const { tested, survived } = mutants
  const text = `changes: ${tested - survived.length} of ${tested} noticed`
  const lines = survived.map(({ change, path, ...place }) => `  ${placeText(place)} ${change} (${oneLine(path)})`)
  return lines.length === 0 ? [paint('green', text)] : [paint('red', `${text}; no test fails after:`), ...lines]
}
