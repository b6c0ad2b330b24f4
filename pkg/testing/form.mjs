// @ts-check
// The form of policy tests: a policy and cases, as data.

/**
 * One test of a policy.
 * @typedef {object} Case
 * @property {string} id
 * @property {any} [given] a document of its own, in place of the policy
 * @property {string} [given_text] the same, as JSON text
 * @property {any} [ask] a question
 * @property {any} [http] the same question as a request of the product
 * @property {any} [validate] a form check
 * @property {any} expect
 */

/**
 * Policy tests whose form is right.
 * @typedef {object} Tests
 * @property {string} system
 * @property {any} [policy] a path, or a document
 * @property {Case[]} cases
 */

/** @typedef {{ path: string, code: string, message: string }} FormProblem */

/** Members that inform a reader and do not change a result. */
const NOTES = ['kind', 'why', 'evidence', 'deviation', 'source']
const FILE_MEMBERS = ['system', 'policy', 'cases', '$schema', 'version', 'title', 'form', 'note']
const CASE_MEMBERS = ['id', 'given', 'given_text', 'ask', 'http', 'validate', 'expect', ...NOTES]
const ASK_MEMBERS = ['user', 'subject', 'role', 'action', 'resource', 'attributes', 'fields', 'context', 'action_properties', 'within', 'now', 'http']
const HTTP_MEMBERS = ['method', 'path', 'query', 'body', 'encoding']

/** Members of what a question expects, and the type of each. @type {Record<string, string>} */
const EXPECTED = { allow: 'boolean', level: 'string', needs: 'string', rule: 'string', error: 'string' }

/** The model of tests that name none. */
const SYSTEM = 'rbac'

/**
 * Reads policy tests; every problem of their form.
 * @param {any} value
 * @param {string} [model] of tests that name none
 * @returns {{ tests: Tests, problems: FormProblem[] }}
 */
export function readTests(value, model = SYSTEM) {
  const form = new Form(isObject(value) ? value.system ?? model : model)
  if (!form.object('', value, FILE_MEMBERS)) return { tests: { system: '', cases: [] }, problems: form.problems }
  if (value.system !== undefined) form.type('/system', value.system, 'string')
  if (value.policy !== undefined && typeof value.policy !== 'string' && !isObject(value.policy)) form.add('/policy', 'wrong_type', 'expected the path of the document, or the document itself')
  if (!Array.isArray(value.cases)) form.add('/cases', value.cases === undefined ? 'missing_field' : 'wrong_type', 'expected a list of cases')
  else if (value.cases.length === 0) form.add('/cases', 'out_of_range', 'expected at least one case')
  else {
    value.cases.forEach((/** @type {any} */ testCase, /** @type {number} */ index) => form.case(`/cases/${index}`, testCase, value.policy !== undefined))
    form.distinct(value.cases)
  }
  const { system = model, policy, cases } = value
  return { tests: { system, policy, cases }, problems: form.problems }
}

class Form {
  /** @type {FormProblem[]} */
  problems = []
  #system

  /** @param {unknown} system */
  constructor(system) {
    this.#system = system
  }

  /** @param {string} path @param {string} code @param {string} message */
  add(path, code, message) {
    this.problems.push({ path, code, message })
  }

  /** Whether this is an object; its members must be among these. @param {string} path @param {any} value @param {readonly string[]} members */
  object(path, value, members) {
    if (!isObject(value)) return this.add(path, 'wrong_type', 'expected an object'), false
    for (const name of Object.keys(value)) {
      if (!members.includes(name)) this.add(`${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'unknown_field', `unknown member \`${name.slice(0, 40)}\`, expected ${members.filter((known) => !NOTES.includes(known)).join(', ')}`)
    }
    return true
  }

  /** @param {string} path @param {unknown} value @param {string} type */
  type(path, value, type) {
    if (typeof value !== type) this.add(path, 'wrong_type', `expected a ${type}`)
  }

  /** @param {string} path @param {any} testCase @param {boolean} hasPolicy */
  case(path, testCase, hasPolicy) {
    if (isObject(testCase) && 'request' in testCase) return this.add(`${path}/request`, 'unknown_field', 'a call needs a directory: write the question as `ask`')
    if (!this.object(path, testCase, CASE_MEMBERS)) return
    if (typeof testCase.id !== 'string' || testCase.id === '') this.add(`${path}/id`, testCase.id === undefined ? 'missing_field' : 'wrong_type', 'expected a name of the case')
    if (testCase.given_text !== undefined) this.type(`${path}/given_text`, testCase.given_text, 'string')
    this.oneOf(path, testCase, 'given_text', 'given')
    this.oneOf(path, testCase, 'validate', 'ask')
    if (testCase.http !== undefined && testCase.ask === undefined) this.add(`${path}/http`, 'unknown_field', 'a request without a question in `ask` has no effect: write it as `ask.http`')
    const hasOwn = testCase.given !== undefined || testCase.given_text !== undefined
    if (testCase.ask === undefined && testCase.validate === undefined) this.refusal(path, testCase.expect, hasOwn)
    else if (!hasOwn && !hasPolicy && testCase.ask !== undefined) this.add(path, 'missing_field', 'expected `given`, or `policy` at the top of the file')
    if (testCase.ask !== undefined) this.ask(path, testCase)
    else if (testCase.validate !== undefined) this.validate(path, testCase)
  }

  /** Refuses a member beside another one, where it has no effect. @param {string} path @param {any} object @param {string} name @param {string} other */
  oneOf(path, object, name, other) {
    if (object[name] !== undefined && object[other] !== undefined) this.add(`${path}/${name}`, 'unknown_field', `\`${name}\` has no effect beside \`${other}\`: remove one`)
  }

  /** @param {string} path @param {any} testCase */
  ask(path, { ask, http, expect }) {
    if (isObject(ask)) {
      if (ask.fields !== undefined && this.#system === SYSTEM) this.add(`${path}/ask/fields`, 'unknown_field', `\`${SYSTEM}\` has no fields of a question: write attributes of the action as \`action_properties\``)
      this.oneOf(`${path}/ask`, ask, 'attributes', 'fields')
    }
    if (this.object(`${path}/ask`, ask, ASK_MEMBERS) && ask.http === undefined) {
      for (const name of ['action', 'resource']) if (ask[name] === undefined) this.add(`${path}/ask/${name}`, 'missing_field', `expected \`${name}\``)
    }
    for (const [place, request] of [[`${path}/http`, http], [`${path}/ask/http`, ask?.http]]) if (request !== undefined) this.object(place, request, HTTP_MEMBERS)
    if (!this.object(`${path}/expect`, expect, Object.keys(EXPECTED))) return
    const names = Object.keys(expect).filter((name) => Object.hasOwn(EXPECTED, name))
    if (names.length === 0) this.add(`${path}/expect`, 'missing_field', `expected at least one of ${Object.keys(EXPECTED).join(', ')}`)
    for (const name of names) this.type(`${path}/expect/${name}`, expect[name], EXPECTED[name])
  }

  /** @param {string} path @param {any} testCase */
  validate(path, { validate, expect }) {
    if (this.object(`${path}/validate`, validate, ['kind', 'value'])) this.type(`${path}/validate/kind`, validate.kind, 'string')
    if (!this.object(`${path}/expect`, expect, ['valid', 'problems'])) return
    if (expect.valid !== true) this.expectedProblems(path, expect)
    else this.oneOf(`${path}/expect`, expect, 'problems', 'valid')
  }

  /** A document that has to be refused. @param {string} path @param {any} expect @param {boolean} hasOwn */
  refusal(path, expect, hasOwn) {
    if (!hasOwn) return this.add(path, 'missing_field', 'expected a question in `ask`')
    if (this.object(`${path}/expect`, expect, ['problems'])) this.expectedProblems(path, expect)
  }

  /** @param {string} path @param {any} expect */
  expectedProblems(path, { problems }) {
    if (!Array.isArray(problems) || problems.length === 0) return this.add(`${path}/expect/problems`, 'missing_field', 'expected a list of { path, code }')
    problems.forEach((problem, index) => {
      if (this.object(`${path}/expect/problems/${index}`, problem, ['path', 'code'])) this.type(`${path}/expect/problems/${index}/path`, problem.path, 'string')
    })
  }

  /** Refuses two cases of one name: a report could not distinguish them. @param {any[]} cases */
  distinct(cases) {
    const seen = new Set()
    cases.forEach((testCase, index) => {
      const id = testCase?.id
      if (typeof id === 'string' && seen.has(id)) this.add(`/cases/${index}/id`, 'duplicate', 'another case has this name')
      seen.add(id)
    })
  }
}

/** @param {any} value */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
