// @ts-check
// One case of a case file, run through the package. docs/reference/case-files.md describes their form.

import { differs, refuseUnknown } from './compare.mjs'
import { arangodbResource, requestOf, withDefaults } from './case-defaults.mjs'

/** Members that say something to a reader and nothing to a runner. */
export const NOTES = ['kind', 'why', 'evidence', 'deviation', 'source']
const FILE_NOTES = ['version', 'title', 'form', 'note']

/** @param {any} file */
export function casesOf(file) {
  refuseUnknown('the file', file, ['system', 'cases', ...FILE_NOTES])
  if (!Array.isArray(file.cases)) throw new Error('the file has no list of cases')
  return file.cases
}

/** @param {any} testCase */
export function isCall(testCase) {
  return 'request' in testCase
}

/**
 * Runs a decision, a form check or a refused document; what differs, one line each.
 * @param {typeof import('latchwork')} latchwork
 * @param {string} system
 * @param {any} testCase
 * @returns {string[]}
 */
export function runDecision(latchwork, system, testCase) {
  refuseUnknown('the case', testCase, ['id', 'given', 'given_text', 'ask', 'http', 'validate', 'expect', ...NOTES])
  const records = testCase.given_text ?? withDefaults(system, testCase.given)
  const run = new Run(latchwork, system, records, testCase)
  if (testCase.validate) return run.check()
  if (testCase.ask) return run.ask()
  return run.refusal()
}

/**
 * Asks a question to records that are complete; what differs, one line each.
 * @param {typeof import('latchwork')} latchwork
 * @param {string} system
 * @param {any} records
 * @param {{ ask: any, http?: any, expect: any }} question
 */
export function runQuestion(latchwork, system, records, question) {
  return new Run(latchwork, system, records, question).ask()
}

class Run {
  /** @param {typeof import('latchwork')} latchwork @param {string} system @param {any} records @param {any} testCase */
  constructor(latchwork, system, records, testCase) {
    this.latchwork = /** @type {any} */ (latchwork)
    this.system = system
    this.records = records
    this.case = testCase
  }

  open() {
    // A question of a case that has no `now` has no time, where the package takes the host's.
    return this.latchwork.open(this.system, this.records, { now: () => null })
  }

  ask() {
    const { ask, http, expect } = this.case
    refuseUnknown('ask', ask, ['user', 'role', 'action', 'resource', 'fields', 'attributes', 'database', 'collection', 'server', 'http', 'subject', 'within', 'now', 'context', 'action_properties'])
    refuseUnknown('expect', expect, ['allow', 'level', 'needs', 'rule', 'usable', 'error'])
    const differences = []
    if (http && !ask.http) {
      const { action, resource, attributes } = this.classify(http) ?? {}
      differences.push(
        ...differs('classified action', ask.action, action),
        ...differs('classified resource', ask.resource, resource),
        ...('fields' in ask ? differs('classified fields', [...ask.fields].sort(), [...(attributes?.fields ?? [])].sort()) : []),
      )
    }
    const got = this.decideQuestion()
    for (const name of Object.keys(expect)) differences.push(...differs(name, expect[name], got[name] ?? null))
    return differences
  }

  decideQuestion() {
    const { ask } = this.case
    const authorizer = this.open()
    try {
      if (this.system === 'rbac') return authorizer.decide(questionOf(ask))
      const subject = 'role' in ask ? authorizer.subject({ role: ask.role }) : authorizer.subject(ask.user)
      if (this.system === 'arangodb' && !('action' in ask)) {
        const resource = arangodbResource(ask)
        return {
          level: subject.decide('level', resource).level,
          usable: subject.decide('usable', resource).level,
        }
      }
      const question = ask.http ? this.classify(ask.http) : ask
      if (!question) return { allow: false }
      const attributes = question.attributes ?? (question.fields && { fields: question.fields })
      return subject.decide(question.action, question.resource, attributes)
    } catch (error) {
      if (error instanceof this.latchwork.LatchworkError) return { error: /** @type {any} */ (error).code }
      throw error
    } finally {
      authorizer.dispose()
    }
  }

  /** @param {any} http */
  classify(http) {
    refuseUnknown('http', http, ['method', 'path', 'query', 'body', 'encoding'])
    return this.latchwork.classify(this.system, requestOf(http))
  }

  check() {
    const { given, validate, expect } = this.case
    refuseUnknown('validate', validate, ['kind', 'value'])
    const outcome = given
      ? this.open().validate(validate.kind, validate.value)
      : this.latchwork.validate(this.system, validate.kind, validate.value)
    if (expect.valid === true) return differs('problems', undefined, outcome.problems)
    return problemsDiffer(expect, outcome.problems ?? [])
  }

  refusal() {
    try {
      this.open().dispose()
    } catch (error) {
      return problemsDiffer(this.case.expect, /** @type {any} */ (error).problems ?? [])
    }
    return ['expected the records to be refused, got an authorizer']
  }
}

/** A question as one object. @param {any} ask */
function questionOf({ user, subject, action_properties: properties, ...question }) {
  return { ...question, subject: subject ?? user ?? null, ...(properties === undefined ? {} : { properties }) }
}

/** @param {any} expect @param {any[]} got */
function problemsDiffer(expect, got) {
  refuseUnknown('expect', expect, ['problems'])
  const isExpected = (/** @type {any} */ problem, /** @type {any} */ wanted) =>
    problem.path === wanted.path && (wanted.code === undefined || problem.code === wanted.code)
  const missing = expect.problems.filter((/** @type {any} */ wanted) => !got.some((problem) => isExpected(problem, wanted)))
  const extra = got.filter((problem) => !expect.problems.some((/** @type {any} */ wanted) => isExpected(problem, wanted)))
  return [
    ...missing.map((/** @type {any} */ problem) => `expected the problem ${JSON.stringify(problem)}, got none there`),
    ...extra.map((problem) => `expected no other problem, got ${JSON.stringify(problem)}`),
  ]
}
