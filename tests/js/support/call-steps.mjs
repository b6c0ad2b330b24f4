// @ts-check
// Parses a call case: its steps in one form for all spellings, and the users that it names.

import { NOTES } from './run-decision.mjs'
import { refuseUnknown, textsOf } from './compare.mjs'

const CLOCK = ['at', 'advance_seconds']
const STEP = [...CLOCK, 'expire_tokens_of', 'capture', 'expect', ...NOTES]
const BODIES = ['body', 'rawBody', 'raw_body']
const REQUEST = ['as', 'method', 'path', 'query', ...BODIES, 'authorization', 'passwd', 'encoding', 'capture', ...CLOCK]
const EXPECT = [
  ...['status', 'body', 'body_contains', 'body_unordered', 'errorNum', 'message', 'body_has', 'body_lacks', 'body_absent'],
  ...['detail_endswith', 'mail', 'after'],
]

/**
 * One step: the clock is moved, then at most one of `request` and `ask` is sent.
 * @typedef {object} Step
 * @property {string} label
 * @property {number} [at] in seconds from the beginning of the case
 * @property {number} [advance_seconds]
 * @property {string} [expire_tokens_of]
 * @property {any} [request]
 * @property {any} [ask]
 * @property {any} [http]
 * @property {any} [expect]
 * @property {Record<string, string>} capture
 */

/**
 * Checks a whole case before any step runs, so that an unknown member cannot hide behind a step
 * that fails.
 * @param {any} testCase
 */
export function parseSteps(testCase) {
  const { id: _id, given = {}, then = [], ...first } = testCase
  const { before = [], ...records } = given
  if (!Array.isArray(before) || !Array.isArray(then)) throw new Error('`before` and `then` are lists of steps')
  if (!first.expect) throw new Error('the case expects nothing')
  const steps = [
    ...before.map((step, index) => readStep(`before[${index}]`, step)),
    readStep('request', first),
    ...then.map((step, index) => readStep(`then[${index}]`, step)),
  ]
  return { records, steps, scene: sceneOf(steps) }
}

/** @param {string} label @param {any} written @returns {Step} */
function readStep(label, written) {
  const isBare = 'path' in written || 'method' in written
  const step = isBare ? bare(label, written) : written
  refuseUnknown(`the step ${label}`, step, [...STEP, 'request', 'ask', 'http'])
  const { request, ask, http, expect, at, advance_seconds, expire_tokens_of } = step
  if (request) checkRequest(label, request)
  if (expect && !ask) refuseUnknown(`\`expect\` of ${label}`, expect, EXPECT)
  if (request && ask) throw new Error(`${label} both sends a request and asks`)
  if (!request && !ask && (expect || step.capture)) throw new Error(`${label} expects an answer and sends nothing`)
  if (ask && !expect) throw new Error(`${label} asks and expects nothing`)
  for (const seconds of [at, advance_seconds, request?.at, request?.advance_seconds]) {
    if (seconds !== undefined && !Number.isFinite(seconds)) throw new Error(`${label} sets the clock to ${JSON.stringify(seconds)}`)
  }
  const clock = { at: request?.at ?? at, advance_seconds: request?.advance_seconds ?? advance_seconds }
  if (!request && !ask && expire_tokens_of === undefined && Object.values(clock).every((seconds) => seconds === undefined)) {
    throw new Error(`${label} does nothing`)
  }
  const capture = { ...step.capture, ...request?.capture }
  return { label, request, ask, http, expect, capture, expire_tokens_of, ...clock }
}

/** A request that is not inside of a `request`. @param {string} label @param {any} written */
function bare(label, written) {
  refuseUnknown(`the step ${label}`, written, [...REQUEST, 'expect', ...NOTES])
  const { expect, ...rest } = written
  const request = Object.fromEntries(Object.entries(rest).filter(([name]) => !NOTES.includes(name)))
  return { request, ...(expect && { expect }) }
}

/** @param {string} label @param {any} request */
function checkRequest(label, request) {
  refuseUnknown(`\`request\` of ${label}`, request, REQUEST)
  for (const name of ['method', 'path']) if (typeof request[name] !== 'string') throw new Error(`${label} has no ${name}`)
  if (!request.path.startsWith('/')) throw new Error(`the path of ${label} does not start with a slash`)
  const bodies = BODIES.filter((name) => name in request)
  if (bodies.length > 1) throw new Error(`${label} has two bodies`)
  if (bodies.some((name) => name !== 'body' && typeof request[name] !== 'string')) throw new Error(`the ${bodies[0]} of ${label} is no text`)
  if (!['undefined', 'metadata-only'].includes(String(request.encoding))) throw new Error(`${label} has an encoding that this runner does not know`)
}

/** @param {Step[]} steps @returns {import('./case-credentials.mjs').Scene} */
function sceneOf(steps) {
  const texts = textsOf(steps.map(({ request, ask, expect }) => ({ request, ask, expect })))
  const named = (/** @type {RegExp} */ pattern) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name))
  const senders = steps.map(({ request }) => request?.as).filter((as) => typeof as === 'string')
  return {
    callers: new Set([...senders, ...named(/\{\{(?:token|ident):([^{}]+)\}\}/g)]),
    ids: new Set(named(/\{id:([^{}]+)\}/g)),
    expiries: steps.flatMap(({ expire_tokens_of: name }) => (name === undefined ? [] : [name])),
  }
}
