// @ts-check
// The demo's worker: answers a question about the records that come with it. Web standards only, so the same
// file runs in Node and at the edge.

import { LatchworkError, open } from 'latchwork'
import { NEEDED, OPTIONAL, answer } from './answer.mjs'

/** The largest request body, in bytes. */
const BODY_MAX = 64 * 1024

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      return await route(request)
    } catch (thrown) {
      return refused(thrown)
    }
  },
}

/** @param {Request} request */
async function route(request) {
  const { pathname } = new URL(request.url)
  if (pathname !== '/decide') throw new Refusal(404, 'not_found', 'there is only `POST /decide`')
  if (request.method !== 'POST') throw new Refusal(405, 'method_not_allowed', `expected POST, got ${request.method}`, { headers: { allow: 'POST' } })
  const { system, records, question } = asked(parse(await body(request)))
  return json(200, answer((given) => open(/** @type {any} */ (system), given), records, question))
}

/** Why a request gets no answer. */
class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {{ problems?: { path: string, code: string, message: string }[], headers?: Record<string, string> }} [details]
   */
  constructor(status, code, message, { problems = [], headers } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.problems = problems
    this.headers = headers
  }
}

/**
 * The body's bytes, counted as they come: a length that the request only claims proves nothing.
 * @param {Request} request
 */
async function body(request) {
  const bytes = new Uint8Array(BODY_MAX)
  let length = 0
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    if (length + part.value.length > BODY_MAX) {
      await reader?.cancel()
      throw new Refusal(413, 'too_large', `the body is larger than ${BODY_MAX} bytes`)
    }
    bytes.set(part.value, length)
    length += part.value.length
  }
  return bytes.subarray(0, length)
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'malformed_json', 'the body is no JSON text in UTF-8')
  }
}

/**
 * The three parts of a request. A member that nobody reads would be a question that was not asked, so an
 * unknown one is refused. What the parts hold is for the package to judge.
 * @param {any} value
 */
function asked(value) {
  const problems = [
    ...misfits('', value, ['system', 'records', 'question'], []),
    ...(isObject(value) && Object.hasOwn(value, 'question') ? misfits('/question', value.question, NEEDED, ['subject', 'role', ...OPTIONAL]) : []),
  ]
  if (problems.length === 0 && Object.hasOwn(value.question, 'subject') === Object.hasOwn(value.question, 'role')) {
    problems.push({ path: '/question', code: 'required', message: 'expected either `subject` or `role`' })
  }
  if (problems.length > 0) throw new Refusal(400, 'invalid_request', 'expected { system, records, question }', { problems })
  return value
}

/** @param {string} path @param {any} value @param {string[]} required @param {string[]} optional */
function misfits(path, value, required, optional) {
  if (!isObject(value)) return [{ path, code: 'wrong_type', message: 'expected an object' }]
  const missing = required.filter((name) => !Object.hasOwn(value, name))
  const unknown = Object.keys(value).filter((name) => !required.includes(name) && !optional.includes(name))
  return [
    ...missing.map((name) => ({ path: `${path}/${name}`, code: 'required', message: `\`${name}\` is missing` })),
    ...unknown.map((name) => ({ path: `${path}/${escape(name)}`, code: 'unknown_field', message: `unknown field \`${name}\`` })),
  ]
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name within a JSON pointer. @param {string} name */
function escape(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** What was thrown, as a response. Only messages that were made for callers leave. @param {unknown} thrown */
function refused(thrown) {
  if (thrown instanceof Refusal) {
    const { status, code, message, problems, headers } = thrown
    return json(status, { error: { code, message, problems } }, headers)
  }
  if (thrown instanceof LatchworkError) {
    const { code, message, problems = [] } = thrown
    return json(code === 'internal' ? 500 : 400, { error: { code, message, problems } })
  }
  return json(500, { error: { code: 'internal', message: 'the worker failed', problems: [] } })
}

/** @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
function json(status, value, headers) {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers } })
}
