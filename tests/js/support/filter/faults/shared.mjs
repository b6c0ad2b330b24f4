// @ts-check
// Faults in what the dialects of SQL share.

/** @type {import('./run.mjs').Fault[]} */
export const SHARED = [
  { name: 'parts are not guarded', file: 'compile.mjs', right: 'return single.column.valid || pinned.has(part) || this.#dialect.guard(single)', wrong: 'return true' },
  { name: 'a part is pinned by one alternative', file: 'expression.mjs', right: 'others.every((other) => other.has(part))', wrong: 'others.some((other) => other.has(part)) || others.length > 0' },
  { name: 'a part is pinned by a negated comparison', file: 'expression.mjs', right: "expression.op === 'equals' && expression.values ?", wrong: "expression.values && 'attribute' in expression ?" },
  { name: 'NOT of NULL is NULL', file: 'fragment.mjs', right: '((${condition}) IS NOT TRUE)', wrong: '(NOT (${condition}))' },
  { name: 'one false condition is left out of AND', file: 'fragment.mjs', right: 'if (open.includes(false)) return false', wrong: 'if (open.includes(false)) return and(open.filter((each) => each !== false))' },
  { name: 'OR is AND', file: 'fragment.mjs', right: "balanced(/** @type {Piece[]} */ (open), ' OR ')", wrong: "balanced(/** @type {Piece[]} */ (open), ' AND ')" },
  { name: 'differs from values of several kinds', file: 'compile.mjs', right: 'if (values.some((value) => typeof value !== kind)) return false', wrong: '' },
  { name: 'a value of another kind differs', file: 'compile.mjs', right: 'if (left.kind !== kind) return false', wrong: 'if (left.kind !== kind) return this.#dialect.isValue(left)' },
  { name: 'a comparison of no possible value is true', file: 'compile.mjs', right: 'return constants.length > 0 && this.#dialect.oneOf(left, constants)', wrong: 'return constants.length === 0 || this.#dialect.oneOf(left, constants)' },
  { name: 'other digits of the same number are the same part', file: 'expression.mjs', right: '!/^(0|[1-9]\\d{0,15})$/.test(text)', wrong: '!/^\\d{1,16}$/.test(text)' },
  { name: 'the lower bound of another attribute is left out', file: 'compile.mjs', right: "[low, '>='], [high, '<=']", wrong: "[high, '<=']" },
  { name: 'the upper bound of another attribute is exclusive', file: 'compile.mjs', right: "[high, '<=']", wrong: "[high, '<']" },
  { name: 'a bound that is not a number is no bound', file: 'compile.mjs', right: 'if (number === undefined) return false', wrong: 'if (number === undefined) continue' },
  { name: 'a missing bound is zero', file: 'compile.mjs', right: "typeof low === 'number' ? low : -NUMBER_MAX", wrong: "typeof low === 'number' ? low : 0" },
  { name: 'attributes of two kinds are equal', file: 'compile.mjs', right: 'return left.kind === right.kind && piece', wrong: 'return piece' },
  { name: 'one member that differs is enough', file: 'compile.mjs', right: 'return this.#dialect.every(this.#amongst(values, true), piece`${this.#dialect.members(left)} AS lw`)', wrong: 'return piece`EXISTS (SELECT 1 FROM ${this.#dialect.members(left)} AS lw WHERE ${this.#amongst(values, true)})`' },
  { name: 'members of two lists are compared by another sign', file: 'compile.mjs', right: "const sign = equal ? '=' : '<>'", wrong: "const sign = '='" },
  { name: 'a separator of the path is left out', file: 'compile.mjs', right: "if (index > 0) text += '/'", wrong: "if (index > 1) text += '/'" },
  { name: 'a constant part equals any value', file: 'constants.mjs', right: "values.includes(left) :", wrong: 'true :' },
  { name: 'a constant part differs from one of the values', file: 'constants.mjs', right: "values.every((value) => typeof value === 'string' && value !== left)", wrong: 'values.some((value) => value !== left)' },
  { name: 'a constant part is within bounds', file: 'constants.mjs', right: 'return left === undefined && !isText ? expression : false', wrong: 'return left === undefined && !isText ? expression : true' },
]
