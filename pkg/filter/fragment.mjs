// @ts-check
// Pieces of SQL: text, parameters and columns of a query builder, in lists of lists of these. A condition is a piece, or a boolean
// if it is known. NULL counts as false in each of them; only `not` tells the two apart.

/** A value that never becomes text of the statement. */
export class Parameter {
  /** @param {unknown} value @param {string} cast the type in PostgreSQL */
  constructor(value, cast) {
    this.value = value
    this.cast = cast
  }
}

/** A column of a query builder, which writes its own name. */
export class Foreign {
  /** @param {unknown} column */
  constructor(column) {
    this.column = column
  }
}

/** @typedef {string | Parameter | Foreign | readonly any[]} Piece */
/** @typedef {boolean | Piece} Condition */

/** @param {TemplateStringsArray} strings @param {Piece[]} pieces @returns {Piece[]} */
export const piece = (strings, ...pieces) => strings.flatMap((text, index) => (index < pieces.length ? [text, pieces[index]] : [text]))

/** @param {readonly Piece[]} pieces @param {string} [separator] @returns {Piece[]} */
export const join = (pieces, separator = ', ') => pieces.flatMap((each, index) => (index === 0 ? [each] : [separator, each]))

/** The most terms in a row: databases read them as a tree that is as deep. */
const ROW_MAX = 100

/** @param {readonly Piece[]} pieces @param {string} separator @returns {Piece} */
function balanced(pieces, separator) {
  if (pieces.length === 1) return pieces[0]
  if (pieces.length <= ROW_MAX) return piece`(${join(pieces, separator)})`
  const half = pieces.length >> 1
  return piece`(${balanced(pieces.slice(0, half), separator)}${separator}${balanced(pieces.slice(half), separator)})`
}

/** @param {readonly Condition[]} conditions @returns {Condition} */
export function and(conditions) {
  const open = conditions.filter((each) => each !== true)
  if (open.includes(false)) return false
  return open.length === 0 || balanced(/** @type {Piece[]} */ (open), ' AND ')
}

/** @param {readonly Condition[]} conditions @returns {Condition} */
export function or(conditions) {
  const open = conditions.filter((each) => each !== false)
  if (open.includes(true)) return true
  return open.length > 0 && balanced(/** @type {Piece[]} */ (open), ' OR ')
}

/** True where the condition is false or NULL. @param {Condition} condition @returns {Condition} */
export const not = (condition) => (typeof condition === 'boolean' ? !condition : piece`((${condition}) IS NOT TRUE)`)

/** As a piece, where a boolean can not stand. @param {Condition} condition @returns {Piece} */
export const toText = (condition) => (typeof condition === 'boolean' ? (condition ? 'TRUE' : 'FALSE') : condition)

/**
 * Texts and the pieces between them: one text more than there are parameters and columns.
 * @param {Piece} whole @returns {{ texts: string[], values: (Parameter | Foreign)[] }}
 */
export function flatten(whole) {
  const texts = ['']
  /** @type {(Parameter | Foreign)[]} */
  const values = []
  const stack = [whole]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'string') texts[texts.length - 1] += next
    else if (next instanceof Parameter || next instanceof Foreign) {
      values.push(next)
      texts.push('')
    } else for (const each of /** @type {readonly Piece[]} */ (next).slice().reverse()) stack.push(each)
  }
  return { texts, values }
}
