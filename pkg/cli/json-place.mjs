// @ts-check
// Finds where a text is not valid JSON or has a duplicate member: the line, the column and what was expected there. The
// messages do not quote the text, because it may be a password.

/** @typedef {{ line: number, column: number, message: string }} Place */

class Unexpected extends Error {
  /** @param {number} at @param {string} message */
  constructor(at, message) {
    super(message)
    this.at = at
  }
}

/**
 * The first mistake of a text; null if it is JSON without duplicate members, or with `mayRepeat` any JSON.
 * @param {string} text
 * @param {boolean} [mayRepeat]
 * @returns {Place | null}
 */
export function findMistake(text, mayRepeat = false) {
  try {
    const end = skipSpace(text, skipValue(text, skipSpace(text, 0), { mayRepeat }))
    if (end < text.length) throw new Unexpected(end, 'expected the end of the file')
    return null
  } catch (error) {
    if (error instanceof RangeError) return { line: 1, column: 1, message: 'the nesting is too deep' }
    if (!(error instanceof Unexpected)) throw error
    const before = text.slice(0, error.at).split('\n')
    return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1, message: error.message }
  }
}

/**
 * Visits each member and each item of a JSON text.
 * @param {string} text
 * @param {Visit} visit
 */
export function visitPlaces(text, visit) {
  skipValue(text, skipSpace(text, 0), { mayRepeat: true, visit }, [])
}

/** @typedef {(names: (string | number)[], at: number, isRepeated: boolean) => void} Visit called with the path from the root, the offset of a member's name or of an item, and whether the object had this name before */
/** @typedef {{ mayRepeat: boolean, visit?: Visit }} Reading whether members may be duplicate, and what is called for each place */

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING_PART = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y
const WORD = /true|false|null/y

/** The end of a pattern's match at an offset. @param {RegExp} pattern @param {string} text @param {number} at */
function match(pattern, text, at) {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** @param {string} text @param {number} at */
const skipSpace = (text, at) => match(SPACE, text, at)

/**
 * The end of the value that begins at an offset.
 * @param {string} text @param {number} at @param {Reading} reading @param {(string | number)[]} [names] the path to the value, if it is visited
 * @returns {number}
 */
function skipValue(text, at, reading, names) {
  if (text[at] === '{') return skipMembers(text, at, reading, names)
  if (text[at] === '[') return skipItems(text, at, reading, names)
  if (text[at] === '"') return skipString(text, at)
  const end = Math.max(match(WORD, text, at), match(NUMBER, text, at))
  if (end === at) throw new Unexpected(at, at < text.length ? 'expected a value' : 'expected a value, got the end of the file')
  return end
}

/** @param {string} text @param {number} start @param {Reading} reading @param {(string | number)[]} [path] */
function skipMembers(text, start, reading, path) {
  const { mayRepeat, visit } = reading
  const names = new Set()
  let at = skipSpace(text, start + 1)
  if (text[at] === '}') return at + 1
  for (;;) {
    if (text[at] !== '"') throw new Unexpected(at, 'expected a name in double quotes')
    const end = skipString(text, at)
    const name = JSON.parse(text.slice(at, end))
    const isRepeated = names.has(name)
    if (isRepeated && !mayRepeat) throw new Unexpected(at, 'the object has this name twice')
    names.add(name)
    const inside = visit && [...(path ?? []), name]
    if (inside) visit(inside, at, isRepeated)
    at = skipSpace(text, end)
    if (text[at] !== ':') throw new Unexpected(at, 'expected `:`')
    at = skipSpace(text, skipValue(text, skipSpace(text, at + 1), reading, inside))
    if (text[at] === '}') return at + 1
    if (text[at] !== ',') throw new Unexpected(at, 'expected `,` or `}`')
    at = skipSpace(text, at + 1)
  }
}

/** @param {string} text @param {number} start @param {Reading} reading @param {(string | number)[]} [path] */
function skipItems(text, start, reading, path) {
  const { visit } = reading
  let at = skipSpace(text, start + 1)
  if (text[at] === ']') return at + 1
  for (let index = 0; ; index += 1) {
    const inside = visit && [...(path ?? []), index]
    if (inside) visit(inside, at, false)
    at = skipSpace(text, skipValue(text, at, reading, inside))
    if (text[at] === ']') return at + 1
    if (text[at] !== ',') throw new Unexpected(at, 'expected `,` or `]`')
    at = skipSpace(text, at + 1)
  }
}

/** @param {string} text @param {number} start */
function skipString(text, start) {
  const at = match(STRING_PART, text, start + 1)
  if (text[at] === '"') return at + 1
  if (at >= text.length) throw new Unexpected(start, 'the string is not closed')
  throw new Unexpected(at, text[at] === '\\' ? 'expected a valid JSON escape' : 'expected the end of the string before the line break or control character')
}
