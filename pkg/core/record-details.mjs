// @ts-check
// The details of a question whose resource can be given by its parts, and whose time can be added later.

import { checkString } from './argument.mjs'
import { objectJson, optionsOf } from './details.mjs'
import { argumentJson } from './json.mjs'

/**
 * The details of a question, and its time if it has one.
 * @param {unknown} resource named, or given by its parts
 * @param {unknown} attributes
 * @param {import('./details.mjs').Options | undefined} options
 * @returns {{ text: string, now: unknown }}
 */
export function detailsWithParts(resource, attributes, options) {
  const parts = typeof resource === 'string' ? undefined : resource ?? null
  if (parts === undefined) checkString(resource, 'the resource')
  const { context, properties, now } = optionsOf(options)
  return { text: objectJson({ resource: parts, attributes, context, properties }), now }
}

/** Details with a time. @param {string} text @param {unknown} now */
export function atTime(text, now) {
  if (now === undefined) return text
  return withMember(text, 'now', now)
}

/** The JSON text of an object with a further member. @param {string} text @param {string} name @param {unknown} value */
export function withMember(text, name, value) {
  return `${text.slice(0, -1)}${text.length > 2 ? ',' : ''}"${name}":${argumentJson(value, name)}}`
}
