// @ts-check
// Formats the operator's log: a line for each request, and the mails to send.

import { LatchworkError } from '../core/error.mjs'

/**
 * Formats an event as one line of JSON; line breaks in a path are escaped.
 * @param {import('../types/directory.js').LogEvent} event
 */
export function logLine({ method, path, status, actor, decisions, milliseconds, failure }) {
  return JSON.stringify({
    time: new Date().toISOString(),
    method,
    path,
    status,
    actor,
    rule: decisions.at(-1)?.rule ?? null,
    ms: milliseconds,
    ...(failure === undefined ? {} : { failure: failureText(failure) }),
  })
}

/**
 * Describes a failure. The message of a foreign error is left out, because it may quote its input.
 * @param {unknown} failure
 * @returns {string}
 */
export function failureText(failure) {
  const { code, name, message, stack, cause } = /** @type {any} */ (failure ?? {})
  // The stores sanitize the errors of their engine.
  if (failure instanceof LatchworkError && code === 'store_unavailable') return [code, message, ...causesOf(cause)].join(': ')
  if (failure instanceof LatchworkError) return [`${code}: ${message}`, ...(cause ? [failureText(cause)] : [])].join(', caused by ')
  const place = /^ +at .*$/m.exec(String(stack))
  return [typeof code === 'string' ? code : String(name), ...(place ? [place[0].trim()] : [])].join(' ')
}

/** @param {any} cause @returns {string[]} */
function causesOf(cause) {
  return cause ? [String(cause.message), ...causesOf(cause.cause)] : []
}

/**
 * Formats a mail as one line of JSON, for an operator who forwards it.
 * @param {import('../types/directory.js').Mail} mail
 */
export function mailLine({ to, subject, link, text }) {
  return JSON.stringify({ mail: { to, subject, link, text } })
}
