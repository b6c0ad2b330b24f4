// @ts-check
// The members of a question beside its action and the name of its resource, as JSON text for the core.

import { checkString, onlyMembersOf } from './argument.mjs'
import { argumentJson } from './json.mjs'

/** @typedef {{ context?: unknown, properties?: unknown, now?: unknown }} Options what is known of the circumstances, the action, and the time */

const OPTIONS = ['context', 'properties', 'now']

/**
 * Members as JSON text, without those that are undefined.
 * @param {Record<string, unknown>} members
 */
export function objectJson(members) {
  const parts = []
  for (const name of Object.keys(members)) {
    if (members[name] !== undefined) parts.push(`${JSON.stringify(name)}:${argumentJson(members[name])}`)
  }
  return `{${parts.join()}}`
}

/**
 * The details of a question, and its time if it has one.
 * @param {unknown} resource named, or given by its parts
 * @param {unknown} attributes
 * @param {Options | undefined} options
 * @param {boolean} takesParts whether the model has resources that are given by their parts
 * @returns {{ text: string, now: unknown }}
 */
export function detailsOf(resource, attributes, options, takesParts) {
  const parts = takesParts && typeof resource !== 'string' ? resource ?? null : undefined
  if (parts === undefined) checkString(resource, 'the resource')
  const { context, properties, now } = optionsOf(options)
  return { text: objectJson({ resource: parts, attributes, context, properties }), now }
}

/** The options of a question. @param {Options | undefined} options @returns {Options} */
export function optionsOf(options) {
  // Whole literals: their members are their own, whatever stands on Object.prototype.
  if (options === undefined) return { context: undefined, properties: undefined, now: undefined }
  const [context, properties, now] = onlyMembersOf(options, 'the options of a question', OPTIONS)
  return { context, properties, now: secondsOf(now) }
}

/** A time as a question has it: a `Date` in whole seconds. @param {unknown} now */
export function secondsOf(now) {
  return now instanceof Date ? Math.floor(Date.prototype.getTime.call(now) / 1000) : now
}

/** Details with a time. @param {string} text @param {unknown} now */
export function atTime(text, now) {
  if (now === undefined) return text
  return withMember(text, 'now', now)
}

/** The JSON text of an object with a further member. @param {string} text @param {string} name @param {unknown} value */
export function withMember(text, name, value) {
  return `${text.slice(0, -1)}${text.length > 2 ? ',' : ''}"${name}":${argumentJson(value)}}`
}

/** The clock of the machine, in whole seconds since 1970. */
export const clock = () => Math.floor(Date.now() / 1000)
