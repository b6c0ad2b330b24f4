// @ts-check
// What an operator reads: a line for each request, and mails that nobody sends.

import { LatchworkError } from '../core/error.mjs'

/**
 * One line of JSON: whatever somebody puts in a path, it stays one line.
 * @param {import('../types/directory.js').LogEvent} event
 */
export function lineOf({ method, path, status, actor, decisions, milliseconds, failure }) {
  return JSON.stringify({
    time: new Date().toISOString(),
    method,
    path,
    status,
    actor,
    rule: decisions.at(-1)?.rule ?? null,
    ms: milliseconds,
    ...(failure === undefined ? {} : { failure: wordsOf(failure) }),
  })
}

/**
 * What is known of a failure, without the message of an error that is not ours: a parser repeats what it was given.
 * @param {unknown} failure
 * @returns {string}
 */
export function wordsOf(failure) {
  const { code, name, message, stack, cause } = /** @type {any} */ (failure ?? {})
  // The stores say in words of their own what their engine told them.
  if (failure instanceof LatchworkError && code === 'store_unavailable') return [code, message, ...causesOf(cause)].join(': ')
  if (failure instanceof LatchworkError) return [`${code}: ${message}`, ...(cause ? [wordsOf(cause)] : [])].join(', because of ')
  const place = /^ +at .*$/m.exec(String(stack))
  return [typeof code === 'string' ? code : String(name), ...(place ? [place[0].trim()] : [])].join(' ')
}

/** @param {any} cause @returns {string[]} */
function causesOf(cause) {
  return cause ? [String(cause.message), ...causesOf(cause.cause)] : []
}

/**
 * A mail as one line of JSON, for an operator who sends it on.
 * @param {import('../types/directory.js').Mail} mail
 */
export function mailOf({ to, subject, link, text }) {
  return JSON.stringify({ mail: { to, subject, link, text } })
}
