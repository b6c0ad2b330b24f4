// Compares the package with the reference evaluator (tests/access/support/reference), on random documents and questions.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { open } from 'latchwork/rbac'
import { root } from '../support/snippets.mjs'

/** Documents, with 50 questions each: 20,000 questions in `npm run test:full`, at least 1,000 otherwise. */
const DOCUMENTS = Math.min(400, 20 * Number(process.env.LATCHWORK_PROOFS ?? 1))

/** An error lists no more problems than this. */
const MOST_LISTED = 900

/** @param {() => any} step @returns {any} */
function decisionOrCode(step) {
  try {
    const { allow, level, needs, rule } = step()
    return { allow, level, needs: needs ?? null, rule }
  } catch (error) {
    return { code: /** @type {any} */ (error).code }
  }
}

/** Whether the outcome is the answer. @param {any} found @param {any} answer */
function agree(found, answer) {
  if (answer.code === undefined) return ['allow', 'level', 'needs', 'rule'].every((name) => found[name] === answer[name])
  // The package checks the types of arguments before the core does, under codes of their own.
  if (answer.code === 'bad_question') return ['bad_question', 'wrong_type'].includes(found.code)
  return found.code === answer.code || found.code === 'wrong_type'
}

/** The problems of a document as pairs of path and code, in one order. @param {string} text */
function problemsOf(text) {
  try {
    open(text).dispose()
    return []
  } catch (error) {
    const { problems } = /** @type {import('latchwork/rbac').LatchworkError} */ (error)
    return problems.map(({ path, code }) => JSON.stringify([path, code])).sort()
  }
}

test('random questions and documents give the decisions and problems of the reference evaluator', async () => {
  const command = ['run', '--quiet', '--locked', '--profile', 'native', '--no-default-features', '--features', 'rbac', '--example', 'rbac-questions', '--', String(DOCUMENTS)]
  const printer = spawn('cargo', command, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let asked = 0
  let refused = 0
  for await (const line of createInterface({ input: printer.stdout })) {
    const { document, questions, broken, problems } = JSON.parse(line)
    const authorizer = open(document)
    for (const { question, answer } of questions) {
      const found = decisionOrCode(() => authorizer.decide(question))
      if (!agree(found, answer)) assert.deepEqual(found, answer, JSON.stringify({ document, question }))
      asked += 1
    }
    authorizer.dispose()
    if (problems.length > MOST_LISTED) continue
    assert.deepEqual(problemsOf(broken), problems.map((/** @type {unknown} */ pair) => JSON.stringify(pair)).sort(), broken)
    refused += Number(problems.length > 0)
  }
  assert.equal(asked, 50 * DOCUMENTS)
  assert.ok(refused > DOCUMENTS / 2)
})
