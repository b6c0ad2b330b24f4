// @ts-check
// Where a text stops being JSON, or names a member twice: the line, the column and what was expected there. Nothing of
// the text is repeated, because it may be a password.

/** @typedef {{ line: number, column: number, message: string }} Place */

class Unexpected extends Error {
  /** @param {number} at @param {string} message */
  constructor(at, message) {
    super(message)
    this.at = at
  }
}

/** The first mistake of a text; null if it is JSON without a repeated member. @param {string} text @returns {Place | null} */
export function mistakeIn(text) {
  try {
    const end = skipSpace(text, value(text, skipSpace(text, 0)))
    if (end < text.length) throw new Unexpected(end, 'expected the end of the file')
    return null
  } catch (error) {
    if (error instanceof RangeError) return { line: 1, column: 1, message: 'it is nested too deeply' }
    if (!(error instanceof Unexpected)) throw error
    const before = text.slice(0, error.at).split('\n')
    return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1, message: error.message }
  }
}

/**
 * Visits each member and each item of a text that is JSON.
 * @param {string} text
 * @param {Visit} visit
 */
export function visitPlaces(text, visit) {
  value(text, skipSpace(text, 0), visit, [])
}

/** @typedef {(names: (string | number)[], at: number) => void} Visit called with the way from the root, and the offset of a member's name or of an item */

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING_PART = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y
const WORD = /true|false|null/y

/** The end of what a pattern matches at a place. @param {RegExp} pattern @param {string} text @param {number} at */
function match(pattern, text, at) {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** @param {string} text @param {number} at */
const skipSpace = (text, at) => match(SPACE, text, at)

/**
 * The end of the value that begins here.
 * @param {string} text @param {number} at @param {Visit} [visit] @param {(string | number)[]} [names] the way to the value, if it is visited
 * @returns {number}
 */
function value(text, at, visit, names) {
  if (text[at] === '{') return members(text, at, visit, names)
  if (text[at] === '[') return items(text, at, visit, names)
  if (text[at] === '"') return string(text, at)
  const end = Math.max(match(WORD, text, at), match(NUMBER, text, at))
  if (end === at) throw new Unexpected(at, at < text.length ? 'expected a value' : 'expected a value, got the end of the file')
  return end
}

/** @param {string} text @param {number} start @param {Visit} [visit] @param {(string | number)[]} [way] */
function members(text, start, visit, way) {
  const names = new Set()
  let at = skipSpace(text, start + 1)
  if (text[at] === '}') return at + 1
  for (;;) {
    if (text[at] !== '"') throw new Unexpected(at, 'expected a name in double quotes')
    const end = string(text, at)
    const name = JSON.parse(text.slice(at, end))
    if (names.has(name)) throw new Unexpected(at, 'this name is there twice in one object')
    names.add(name)
    const inside = visit && [...(way ?? []), name]
    if (inside) visit(inside, at)
    at = skipSpace(text, end)
    if (text[at] !== ':') throw new Unexpected(at, 'expected `:`')
    at = skipSpace(text, value(text, skipSpace(text, at + 1), visit, inside))
    if (text[at] === '}') return at + 1
    if (text[at] !== ',') throw new Unexpected(at, 'expected `,` or `}`')
    at = skipSpace(text, at + 1)
  }
}

/** @param {string} text @param {number} start @param {Visit} [visit] @param {(string | number)[]} [way] */
function items(text, start, visit, way) {
  let at = skipSpace(text, start + 1)
  if (text[at] === ']') return at + 1
  for (let index = 0; ; index += 1) {
    const inside = visit && [...(way ?? []), index]
    if (inside) visit(inside, at)
    at = skipSpace(text, value(text, at, visit, inside))
    if (text[at] === ']') return at + 1
    if (text[at] !== ',') throw new Unexpected(at, 'expected `,` or `]`')
    at = skipSpace(text, at + 1)
  }
}

/** @param {string} text @param {number} start */
function string(text, start) {
  const at = match(STRING_PART, text, start + 1)
  if (text[at] === '"') return at + 1
  if (at >= text.length) throw new Unexpected(start, 'this string has no end')
  throw new Unexpected(at, text[at] === '\\' ? 'expected an escape that JSON knows' : 'expected the end of the string before the line break or control character')
}
