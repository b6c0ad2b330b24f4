// @ts-check
// The members of a question beside its action and the name of its resource, as JSON text for the core.

import { checkString, onlyMembersOf } from './argument.mjs'
import { argumentJson } from './json.mjs'

/** @typedef {{ context?: unknown, properties?: unknown, now?: unknown }} Options what is known of the circumstances, the action, and the time */

/**
 * Members as JSON text, without those that are undefined.
 * @param {Record<string, unknown>} members
 */
export function objectJson(members) {
  const parts = []
  for (const name of Object.keys(members)) {
    if (members[name] !== undefined) parts.push(`"${name}":${argumentJson(members[name], name)}`)
  }
  return `{${parts.join()}}`
}

/**
 * The details of a question about a named resource, as JSON text.
 * @param {unknown} resource
 * @param {unknown} attributes
 * @param {Options | undefined} options
 */
export function detailsOf(resource, attributes, options) {
  checkString(resource, 'the resource')
  return objectJson({ attributes, ...optionsOf(options) })
}

/** The options of a question. @param {Options | undefined} options @returns {Options} */
export function optionsOf(options) {
  const [context, properties, now] = options === undefined ? [] : onlyMembersOf(options, 'the options of a question', ['context', 'properties', 'now'])
  // A whole literal: its members are its own, whatever stands on Object.prototype.
  return { context, properties, now: secondsOf(now) }
}

/** A time as a question has it: a `Date` in whole seconds, and null, which the core rejects, for what is no number. @param {unknown} now */
export function secondsOf(now) {
  const seconds = now instanceof Date ? Math.floor(Date.prototype.getTime.call(now) / 1000) : now
  return seconds === undefined || Number.isFinite(seconds) ? /** @type {number | undefined} */ (seconds) : null
}
