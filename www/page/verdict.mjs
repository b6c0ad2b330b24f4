// @ts-check
// Two answers to one question side by side, and whether they agree.

import { element } from './element.mjs'
import { UNREACHABLE } from './worker.mjs'

/** @typedef {import('./worker.mjs').Answer} Answer */

/** @type {[string, (answer: Answer) => string | undefined][]} */
const ROWS = [
  ['Rule', ({ decision }) => decision?.rule],
  ['Level', ({ decision }) => decision?.level],
  ['Needs', ({ decision }) => decision?.needs],
  ['Records digest', ({ digest }) => digest],
  ['Subject digest', ({ subjectDigest }) => subjectDigest],
  ['Reason', ({ error }) => error && reason(error)],
]

/**
 * The rows of the comparison; an answer that is not there yet is `undefined`.
 * @param {readonly (Answer | undefined)[]} answers
 */
export function rows(answers) {
  const words = element('tr', 'verdicts', header('Verdict'), ...answers.map((answer) => element('td', '', badge(answer))))
  const rest = ROWS.map(([name, value]) => {
    const values = answers.map((answer) => answer && value(answer))
    // A row that nothing stands in says nothing.
    if (values.every((text) => text === undefined)) return []
    // An answer that did not come does not differ from one that did.
    const differ = answers.every((answer) => answer && !isMissing(answer)) && new Set(values).size > 1
    return element('tr', differ ? 'differ' : '', header(name), ...values.map((text) => element('td', '', element('code', '', text ?? '–'))))
  })
  return [words, ...rest.flat()]
}

/** The problems themselves stand at their places. @param {NonNullable<Answer['error']>} error */
function reason({ code, message, problems = [] }) {
  if (problems.length === 0) return `${message} (${code})`
  return `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} (${code})`
}

/** @param {string} name */
function header(name) {
  const cell = element('th', '', name)
  cell.scope = 'row'
  return cell
}

/** @param {Answer | undefined} answer */
function badge(answer) {
  const word = verdict(answer)
  return element('span', `badge ${word.toLowerCase().replace(' ', '-')}`, word)
}

/** Whether the worker could not be asked. @param {Answer} answer */
function isMissing({ error }) {
  return error?.code === UNREACHABLE
}

/** @param {Answer | undefined} answer */
export function verdict(answer) {
  if (!answer) return '…'
  if (isMissing(answer)) return 'No answer'
  if (!answer.decision) return 'Refused'
  return answer.decision.allow ? 'Allow' : 'Deny'
}

/**
 * @param {Answer} browser
 * @param {Answer} worker
 * @returns {{ state: 'agree' | 'differ' | 'alone', text: string }}
 */
export function comparison(browser, worker) {
  if (isMissing(worker)) return { state: 'alone', text: `${verdict(browser)} in the browser; no answer from the worker` }
  if (!same(browser, worker)) return { state: 'differ', text: `${verdict(browser)} in the browser, ${verdict(worker).toLowerCase()} in the worker: they differ` }
  const shared = browser.decision ? 'same decision, same digests' : 'for the same reason'
  return { state: 'agree', text: `Browser and worker agree: ${verdict(browser).toLowerCase()}, ${shared}` }
}

/** @param {Answer} one @param {Answer} other */
function same(one, other) {
  const { error, decision, explanation, digest, subjectDigest } = one
  if (error) return error.code === other.error?.code && error.message === other.error.message && deepSame(error.problems ?? [], other.error.problems ?? [])
  return deepSame({ decision, explanation, digest, subjectDigest }, other)
}

/** JSON of one runtime and of another have their members in one order: both are made by one package. @param {unknown} one @param {unknown} other */
function deepSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other)
}
