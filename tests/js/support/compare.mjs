// @ts-check
// Compares an expectation with a result, and describes where they differ.

/** Texts of an expectation that stand for any text of a form. */
const FORMS = new Map([
  ['<uuid>', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['<token>', /^.{68}$/su],
])

/**
 * How two values are compared.
 * @typedef {object} Rule
 * @property {boolean} subset whether an object may have more members than are expected
 * @property {boolean} [anyOrder] whether the order of a list counts for nothing
 * @property {boolean} [nullIsAbsent] whether a member that is not there is as good as `null`
 * @property {string} [anyCase] the member whose text is compared without regard to case
 */

/** @param {string} what @param {unknown} expected @param {unknown} got */
export function differs(what, expected, got) {
  return isSame(expected, got) ? [] : [difference(what, expected, got)]
}

/** Whether two JSON values are equal. The order of members does not count. @param {any} one @param {any} other @returns {boolean} */
function isSame(one, other) {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
}

/** @param {string} what @param {unknown} expected @param {unknown} got */
export function difference(what, expected, got) {
  return `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`
}

/**
 * Compares member by member, so that a line names the place and not the whole answer.
 * @param {string} what
 * @param {any} expected
 * @param {any} got
 * @param {Rule} rule
 * @returns {string[]}
 */
export function unlike(what, expected, got, rule) {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return [difference(what, expected, got)]
    if (rule.anyOrder) return pairs(expected, got, rule) ? [] : [difference(`${what} (in any order)`, expected, got)]
    return expected.flatMap((item, index) => unlike(`${what}/${index}`, item, got[index], rule))
  }
  if (isObject(expected)) {
    if (!isObject(got)) return [difference(what, expected, got)]
    const more = rule.subset ? [] : Object.keys(got).filter((name) => !Object.hasOwn(expected, name) && !(rule.nullIsAbsent && got[name] === null))
    return [
      ...Object.entries(expected).flatMap(([name, value]) => unlikeMember(what, name, value, got, rule)),
      ...more.map((name) => difference(`${what}/${name}`, undefined, got[name])),
    ]
  }
  const form = FORMS.get(expected)
  if (form && typeof got === 'string') return form.test(got) ? [] : [difference(what, expected, got)]
  return expected === got ? [] : [difference(what, expected, got)]
}

/** @param {string} what @param {string} name @param {any} expected @param {any} object @param {Rule} rule */
function unlikeMember(what, name, expected, object, rule) {
  const got = Object.hasOwn(object, name) ? object[name] : rule.nullIsAbsent ? null : undefined
  if (name === rule.anyCase && typeof expected === 'string' && typeof got === 'string') {
    return got.toLowerCase() === expected.toLowerCase() ? [] : [difference(`${what}/${name}`, expected, got)]
  }
  return unlike(`${what}/${name}`, expected, got, rule)
}

/**
 * Whether each expected item has an item of its own: a matching by augmenting paths, since under `subset` an
 * item may fit several.
 * @param {any[]} expected @param {any[]} got @param {Rule} rule
 */
function pairs(expected, got, rule) {
  const taken = new Map()
  const place = (/** @type {number} */ wanted, /** @type {Set<number>} */ tried) =>
    got.some((item, index) => {
      if (tried.has(index) || unlike('', expected[wanted], item, rule).length > 0) return false
      tried.add(index)
      if (taken.has(index) && !place(taken.get(index), tried)) return false
      taken.set(index, wanted)
      return true
    })
  return expected.every((_, wanted) => place(wanted, new Set()))
}

/**
 * The value at a JSON pointer in a list of one, or an empty list. A bare name is a member of the root.
 * @param {any} document @param {string} pointer @returns {any[]}
 */
export function valuesAt(document, pointer) {
  const parts = pointer.startsWith('/') ? pointer.slice(1).split('/') : pointer === '' ? [] : [pointer]
  let value = document
  for (const part of parts) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const isThere = Array.isArray(value) ? /^(0|[1-9]\d*)$/.test(name) && Number(name) < value.length : isObject(value) && Object.hasOwn(value, name)
    if (!isThere) return []
    value = value[name]
  }
  return [value]
}

/** Every text in a value, names of members too. @param {any} value @returns {string[]} */
export function textsOf(value) {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.entries(value).flat().flatMap(textsOf) : []
}

/** @param {string} what @param {any} object @param {readonly string[]} known */
export function refuseUnknown(what, object, known) {
  if (!isObject(object)) throw new Error(`${what} is no object: ${JSON.stringify(object)}`)
  const unknown = Object.keys(object).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`${what} has members that this runner does not know: ${unknown.join(', ')}`)
}

/** @param {any} value */
export function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
