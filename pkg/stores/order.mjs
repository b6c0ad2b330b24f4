// @ts-check
// The order of keys: by their UTF-8 bytes. That is the order of code points; JavaScript compares UTF-16 units instead.

const SURROGATES = 0xd800
const AFTER_SURROGATES = 0xe000

/**
 * Negative if `a` comes before `b`, positive if it comes after, zero if they are equal.
 * @param {string} a well-formed
 * @param {string} b well-formed
 */
export function compareKeys(a, b) {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const unit = a.charCodeAt(index)
    const other = b.charCodeAt(index)
    if (unit !== other) return rank(unit) - rank(other)
  }
  return a.length - b.length
}

/** Ranks a UTF-16 unit so that surrogates, which encode U+10000 and above, come last. @param {number} unit */
function rank(unit) {
  if (unit < SURROGATES) return unit
  return unit < AFTER_SURROGATES ? unit + 0x10000 : unit
}

/**
 * The smallest string after all that start with this prefix; `null` if no string comes after them.
 * @param {string} prefix well-formed
 */
export function prefixEnd(prefix) {
  const points = Array.from(prefix, (letter) => /** @type {number} */ (letter.codePointAt(0)))
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    points.push(last === SURROGATES - 1 ? AFTER_SURROGATES : last + 1)
    return points.map((point) => String.fromCodePoint(point)).join('')
  }
  return null
}

/**
 * The key at which a scan begins.
 * @param {string} prefix
 * @param {string | null} after
 * @returns {{ from: string, inclusive: boolean }}
 */
export function scanStart(prefix, after) {
  return after !== null && compareKeys(after, prefix) >= 0 ? { from: after, inclusive: false } : { from: prefix, inclusive: true }
}
