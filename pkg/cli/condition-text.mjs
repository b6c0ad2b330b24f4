// @ts-check
// Formats a condition of the core as text.

/**
 * @param {any} condition `{ all }`, `{ any }`, `{ not }`, an atom about an attribute, or `{ time }`
 * @returns {string}
 */
export function conditionText(condition) {
  if (typeof condition === 'boolean') return condition ? 'always' : 'never'
  if (condition.all) return condition.all.map(inParentheses).join(' and ')
  if (condition.any) return condition.any.map(inParentheses).join(' or ')
  if (condition.not) return `not (${conditionText(condition.not)})`
  if (condition.time) return timeText(condition.time)
  const { attribute, equals, differs, between, single, in: document } = condition
  const found = equals ? `is ${operandText(equals)}` : differs ? `has a value, and is not ${operandText(differs)}` : boundsText(between ?? single)
  return `${attribute} ${found}${document === undefined ? '' : ` (with the types of the document \`${document}\`)`}`
}

/** @param {any} condition */
function inParentheses(condition) {
  const isList = condition.all || condition.any
  return isList ? `(${conditionText(condition)})` : conditionText(condition)
}

/** @param {any[] | { ref: string }} operand */
function operandText(operand) {
  if (!Array.isArray(operand)) return operand.ref
  const values = operand.map((value) => JSON.stringify(value))
  return values.length === 1 ? values[0] : `one of ${values.join(', ')}`
}

/** @param {{ atLeast?: any, atMost?: any }} bounds */
function boundsText({ atLeast, atMost }) {
  const text = (/** @type {any} */ bound) => (typeof bound === 'object' ? bound.ref : String(bound))
  return [...(atLeast === undefined ? [] : [`is at least ${text(atLeast)}`]), ...(atMost === undefined ? [] : [`is at most ${text(atMost)}`])].join(' and ')
}

/** @param {{ from?: number, until?: number }} bounds in seconds since 1970 */
function timeText({ from, until }) {
  return [...(from === undefined ? [] : [`from ${dateText(from)}`]), ...(until === undefined ? [] : [`until ${dateText(until)}`])].join(' ')
}

/** @param {number} seconds */
function dateText(seconds) {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().replace('.000Z', 'Z')
}
