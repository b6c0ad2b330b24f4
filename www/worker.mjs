// @ts-check
// The demo's worker: answers a question about the records that come with it. Web standards only, so the same
// file runs in Node and at the edge.

import { open } from 'latchwork'
import { NEEDED, OPTIONAL, decideAndExplain } from './decide-and-explain.mjs'
import { Refusal, isObject, jsonResponse, memberProblems, readJson, responseOf } from './http.mjs'

export default {
  /** @param {Request} request */
  fetch: (request) => responseOf(() => route(request)),
}

/** @param {Request} request */
async function route(request) {
  const { pathname } = new URL(request.url)
  if (pathname !== '/decide') throw new Refusal(404, 'not_found', 'there is only `POST /decide`')
  if (request.method !== 'POST') throw new Refusal(405, 'method_not_allowed', `expected POST, got ${request.method}`, { headers: { allow: 'POST' } })
  const { system, records, question } = checkQuestion(await readJson(request))
  return jsonResponse(200, decideAndExplain((given) => open(/** @type {any} */ (system), given), records, question))
}

/**
 * The three members of a request. An unknown member would be a question that is not answered, so it is refused. The
 * package checks their values.
 * @param {any} value
 */
function checkQuestion(value) {
  const problems = [
    ...memberProblems('', value, ['system', 'records', 'question'], []),
    ...(isObject(value) && Object.hasOwn(value, 'question') ? memberProblems('/question', value.question, NEEDED, ['subject', 'role', ...OPTIONAL]) : []),
  ]
  if (problems.length === 0 && Object.hasOwn(value.question, 'subject') === Object.hasOwn(value.question, 'role')) {
    problems.push({ path: '/question', code: 'required', message: 'expected either `subject` or `role`' })
  }
  if (problems.length > 0) throw new Refusal(400, 'invalid_request', 'expected { system, records, question }', { problems })
  return value
}
