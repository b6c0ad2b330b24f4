// @ts-check
// Tests of a policy in Vitest, Jest and `node:test`: cases from a file, and assertions about a subject.

import { wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { beside, readFile } from './file.mjs'
import { readTests } from './form.mjs'
import { failureOf, reasonsOf } from './message.mjs'
import { runCase, TIMELESS } from './run.mjs'
import { runnerOf } from './runner.mjs'

/**
 * Makes the functions of `latchwork/testing`.
 * @param {{ open: Function, validate: Function, classify: Function }} module of all models
 */
export function testingWith(module) {
  return {
    /**
     * Declares a test for each case.
     * @param {string | URL | object} source a file, or its content
     * @param {unknown} [options] `{ describe, test }` of a test runner
     */
    policyTests(source, options) {
      const runner = runnerOf(options)
      const file = typeof source === 'string' || source instanceof URL ? source : undefined
      const { tests, problems } = readTests(file === undefined ? source : readFile(file))
      if (problems.length > 0) throw listed('invalid_tests', `the policy tests${nameOf(file)} are not valid`, problems)
      const { system, policy, cases } = tests
      const document = typeof policy === 'string' ? readFile(beside(file, policy)) : policy
      const bench = { module, system, authorizer: document === undefined ? undefined : opened(module, system, document, typeof policy === 'string' ? policy : '') }
      runner.describe(file === undefined ? 'policy' : String(file).split('/').at(-1) ?? '', () => {
        for (const testCase of cases) {
          runner.test(testCase.id, () => {
            const outcome = runCase(bench, testCase)
            if (!outcome.passed) throw failed(failureOf(outcome))
          })
        }
      })
    },
    matchers: {
      /** @param {any} subject @param {string} action @param {any} resource @param {unknown} [attributes] @param {unknown} [options] */
      toBeAllowed(subject, action, resource, attributes, options) {
        const pass = subjectOf(subject).can(action, resource, attributes, options)
        return { pass, message: () => messageOf(!pass, subject, action, resource, attributes, options) }
      },
    },
    /** @param {any} subject @param {string} action @param {any} resource @param {unknown} [attributes] @param {unknown} [options] */
    assertAllowed(subject, action, resource, attributes, options) {
      if (!subjectOf(subject).can(action, resource, attributes, options)) throw failed(messageOf(true, subject, action, resource, attributes, options))
    },
    /** @param {any} subject @param {string} action @param {any} resource @param {unknown} [attributes] @param {unknown} [options] */
    assertDenied(subject, action, resource, attributes, options) {
      if (subjectOf(subject).can(action, resource, attributes, options)) throw failed(messageOf(false, subject, action, resource, attributes, options))
    },
  }
}

/** @param {{ open: Function }} module @param {string} system @param {any} document @param {string} name */
function opened(module, system, document, name) {
  try {
    return module.open(system, document, TIMELESS)
  } catch (error) {
    const { code, problems } = /** @type {any} */ (error)
    if (code !== 'invalid_records') throw error
    throw listed(code, `the policy${nameOf(name)} is not valid`, problems)
  }
}

/** An error whose message lists the problems: test runners show nothing else. @param {string} code @param {string} message @param {{ path: string, message: string }[]} problems */
function listed(code, message, problems) {
  const lines = problems.map(({ path, message }) => `\n  ${path === '' ? '/' : path}: ${message}`)
  return new LatchworkError(code, `${message}:${lines.join('')}`, problems)
}

/** @param {unknown} file */
const nameOf = (file) => (file === undefined || file === '' ? '' : ` in \`${String(file)}\``)

/** @param {any} subject */
function subjectOf(subject) {
  if (typeof subject?.can === 'function' && typeof subject.explain === 'function') return subject
  throw wrongType('what is tested', 'a subject: `authorizer.subject(id)`', subject)
}

/** Why a question was expected to have another answer. @param {boolean} wanted @param {any} subject @param {string} action @param {any} resource @param {unknown} attributes @param {unknown} options */
function messageOf(wanted, subject, action, resource, attributes, options) {
  const explanation = subject.explain(action, resource, attributes, options)
  const name = typeof resource === 'string' ? resource : JSON.stringify(resource)
  return [`expected \`${action}\` on \`${name}\` to be ${wanted ? 'allowed' : 'denied'}, got ${wanted ? 'denied' : 'allowed'} (rule: ${explanation.rule})`, ...reasonsOf(explanation)].join('\n')
}

/** The error of an assertion, as test runners know it. @param {string} message */
function failed(message) {
  return Object.assign(new Error(message), { name: 'AssertionError', code: 'ERR_ASSERTION' })
}
