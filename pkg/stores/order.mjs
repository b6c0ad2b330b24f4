// @ts-check
// The order of keys: that of their bytes as UTF-8, which is that of their code points, and not that of JavaScript.

const SURROGATES = 0xd800
const AFTER_SURROGATES = 0xe000

/**
 * Negative, zero or positive, as `a` comes before, with or after `b`.
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

/** A unit's place when surrogates, which stand for U+10000 and up, come last. @param {number} unit */
function rank(unit) {
  if (unit < SURROGATES) return unit
  return unit < AFTER_SURROGATES ? unit + 0x10000 : unit
}

/**
 * The least text after all that start with this one; `null` where nothing comes after them.
 * @param {string} prefix well-formed
 */
export function endOf(prefix) {
  const points = Array.from(prefix, (letter) => /** @type {number} */ (letter.codePointAt(0)))
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    points.push(last === SURROGATES - 1 ? AFTER_SURROGATES : last + 1)
    return points.map((point) => String.fromCodePoint(point)).join('')
  }
  return null
}

/**
 * Where a scan begins.
 * @param {string} prefix
 * @param {string | null} after
 * @returns {{ from: string, inclusive: boolean }}
 */
export function startOf(prefix, after) {
  return after !== null && compareKeys(after, prefix) >= 0 ? { from: after, inclusive: false } : { from: prefix, inclusive: true }
}
