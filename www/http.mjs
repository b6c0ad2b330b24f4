// @ts-check
// Requests and responses with JSON bodies, for the handlers beside the page. Web standards only, so the same file runs
// in Node and at the edge.

import { LatchworkError } from 'latchwork'

/** The largest request body, in bytes. */
const BODY_MAX = 64 * 1024

/** Why a request is not served. */
export class Refusal extends Error {
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

/** Runs a handler; what it throws becomes a response. @param {() => Response | Promise<Response>} handler */
export async function responseOf(handler) {
  try {
    return await handler()
  } catch (thrown) {
    return errorResponse(thrown)
  }
}

/** @param {Request} request @returns {Promise<any>} */
export async function readJson(request) {
  const bytes = await readBody(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'malformed_json', 'the body is not a JSON text in UTF-8')
  }
}

/**
 * The body's bytes, counted as they arrive: the length that a request claims proves nothing.
 * @param {Request} request
 */
async function readBody(request) {
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

/**
 * The problems of an object that must have these members and no others.
 * @param {string} path @param {any} value @param {string[]} required @param {string[]} optional
 */
export function memberProblems(path, value, required, optional) {
  if (!isObject(value)) return [{ path, code: 'wrong_type', message: 'expected an object' }]
  const missing = required.filter((name) => !Object.hasOwn(value, name))
  const unknown = Object.keys(value).filter((name) => !required.includes(name) && !optional.includes(name))
  return [
    ...missing.map((name) => ({ path: `${path}/${name}`, code: 'required', message: `\`${name}\` is missing` })),
    ...unknown.map((name) => ({ path: `${path}/${escape(name)}`, code: 'unknown_field', message: `unknown field \`${name}\`` })),
  ]
}

/** @param {unknown} value */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name within a JSON pointer. @param {string} name */
function escape(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Only messages that were made for callers leave. @param {unknown} thrown */
function errorResponse(thrown) {
  if (thrown instanceof Refusal) {
    const { status, code, message, problems, headers } = thrown
    return jsonResponse(status, { error: { code, message, problems } }, headers)
  }
  if (thrown instanceof LatchworkError) {
    const { code, message, problems = [] } = thrown
    return jsonResponse(code === 'internal' ? 500 : 400, { error: { code, message, problems } })
  }
  return jsonResponse(500, { error: { code: 'internal', message: 'the worker failed', problems: [] } })
}

/** @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
export function jsonResponse(status, value, headers) {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers } })
}
