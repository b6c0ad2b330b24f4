// @ts-check
// One case of policy tests, asked.

import { LatchworkError } from '../core/error.mjs'

/** @typedef {import('./form.mjs').Case} Case */

/**
 * What came of a case.
 * @typedef {object} Outcome
 * @property {string} id
 * @property {boolean} passed
 * @property {any} question as the case has it
 * @property {any} expected
 * @property {any} found
 * @property {() => any} explain the explanation of the decision; undefined if there is none
 */

/**
 * What cases are run with: the functions of a module, a model, and an opened document.
 * @typedef {object} Bench
 * @property {{ open: Function, validate: Function, classify: Function }} module
 * @property {string} system
 * @property {any} [authorizer] of the policy
 */

/** A question without a time has none, so that a result does not depend on the day. */
export const TIMELESS = { now: () => null }

/** @param {Bench} bench @param {Case} testCase @returns {Outcome} */
export function runCase(bench, testCase) {
  const own = testCase.given_text ?? testCase.given
  if (testCase.ask === undefined && testCase.validate === undefined) return refused(bench, testCase, own)
  const use = own === undefined ? (/** @type {Step} */ step) => step(bench.authorizer) : (/** @type {Step} */ step) => briefly(bench.module.open(bench.system, own, TIMELESS), step)
  return testCase.ask === undefined ? checked(bench, testCase, own === undefined && bench.authorizer === undefined ? undefined : use) : runQuestion(bench, testCase, use)
}

/** @typedef {(authorizer: any) => any} Step */
/** @typedef {(step: Step) => any} Use asks the document of a case */

/** @param {any} authorizer @param {Step} step */
function briefly(authorizer, step) {
  try {
    return step(authorizer)
  } finally {
    authorizer.dispose()
  }
}

/** @param {Bench} bench @param {Case} testCase @param {Use} use @returns {Outcome} */
function runQuestion(bench, { id, ask, http, expect }, use) {
  const classified = http ?? ask.http
  const request = classified === undefined ? undefined : attempt(() => bench.module.classify(bench.system, requestOf(classified)))
  // The question of a request has to be the one that the case asks.
  if (http !== undefined && ask.http === undefined && !isSame({ action: ask.action, resource: ask.resource }, { action: request?.action, resource: request?.resource })) {
    return { id, passed: false, question: { http }, expected: { action: ask.action, resource: ask.resource }, found: request, explain: () => undefined }
  }
  if (ask.http !== undefined && (request === null || request.error !== undefined)) return compareCase(id, ask, expect, request ?? { allow: false }, () => undefined)
  const question = questionOf(ask.http === undefined ? ask : { ...ask, ...request })
  const explain = () => {
    const explanation = use((authorizer) => attempt(() => authorizer.explain(question)))
    return explanation.error === undefined ? explanation : undefined
  }
  return compareCase(id, ask, expect, use((authorizer) => attempt(() => authorizer.decide(question))), explain)
}

/** @param {string} id @param {any} question @param {any} expected @param {any} found @param {() => any} explain @returns {Outcome} */
function compareCase(id, question, expected, found, explain) {
  const passed = Object.keys(expected).every((name) => expected[name] === (Object.hasOwn(found, name) ? found[name] : undefined))
  return { id, passed, question, expected, found, explain }
}

/** A form check, within the limits of a document if there is one. @param {Bench} bench @param {Case} testCase @param {Use} [use] @returns {Outcome} */
function checked({ module, system }, { id, validate, expect }, use) {
  const { problems = [] } = use === undefined ? module.validate(system, validate.kind, validate.value) : use((authorizer) => authorizer.validate(validate.kind, validate.value))
  const passed = expect.valid === true ? problems.length === 0 : areExpected(expect.problems, problems)
  return { id, passed, question: validate, expected: expect, found: problems.length === 0 ? { valid: true } : { problems }, explain: () => undefined }
}

/** A document that has to be refused. @param {Bench} bench @param {Case} testCase @param {any} own @returns {Outcome} */
function refused({ module, system }, { id, expect }, own) {
  /** @type {any[]} */
  let problems = []
  try {
    module.open(system, own).dispose()
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== 'invalid_records') throw error
    problems = /** @type {any} */ (error).problems
  }
  return { id, passed: areExpected(expect.problems, problems), question: 'is the document refused?', expected: expect, found: problems.length === 0 ? { valid: true } : { problems }, explain: () => undefined }
}

/** Each problem that is expected, and no other. @param {any[]} expected @param {any[]} found */
function areExpected(expected, found) {
  const isExpected = (/** @type {any} */ problem, /** @type {any} */ wanted) => problem.path === wanted.path && (wanted.code === undefined || problem.code === wanted.code)
  return expected.every((wanted) => found.some((problem) => isExpected(problem, wanted))) && found.every((problem) => expected.some((wanted) => isExpected(problem, wanted)))
}

/** A typed error is an answer: a case may expect it. @param {() => any} ask */
function attempt(ask) {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    return { error: error.code, message: error.message }
  }
}

/** A question of a case in the words of `decide`. @param {any} ask */
function questionOf({ user, subject, role, fields, action_properties: properties, http: _, ...question }) {
  const who = subject ?? (role === undefined ? user ?? null : { role })
  return {
    ...question,
    subject: who,
    ...(properties === undefined ? {} : { properties }),
    ...(fields === undefined ? {} : { attributes: { fields } }),
  }
}

/** A request in the form that `classify` takes: the path may hold a part of the query. @param {any} http */
function requestOf({ method, path, query, body }) {
  const [bare, inPath = ''] = String(path).split('?')
  return { method, path: bare, query: [...new URLSearchParams(inPath), ...Object.entries(query ?? {})], body }
}

/** @param {any} one @param {any} other */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other)
}
