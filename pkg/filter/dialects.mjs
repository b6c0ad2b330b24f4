// @ts-check
// The dialects by name, and a filter compiled for one of them.

import { LatchworkError } from '../core/error.mjs'
import { readColumns } from './columns.mjs'
import { compile } from './compile.mjs'
import { bindConstants } from './constants.mjs'
import { readFilter } from './expression.mjs'
import { piece, toText } from './fragment.mjs'
import { naming as postgresNaming, postgres } from './postgres.mjs'
import { naming as sqliteNaming, sqlite } from './sqlite.mjs'

/** @param {unknown} name */
function dialectOf(name) {
  if (name === 'postgres') return { naming: postgresNaming, dialect: postgres }
  if (name === 'sqlite') return { naming: sqliteNaming, dialect: sqlite }
  throw new LatchworkError('invalid_value', "`dialect` must be 'postgres' or 'sqlite'")
}

/**
 * The condition of a filter, in parentheses; `never` if no row can be kept.
 * @param {unknown} filter @param {unknown} name @param {unknown} columns
 * @param {Parameters<typeof readColumns>[2]} [foreign]
 */
export function conditionOf(filter, name, columns, foreign) {
  const { naming, dialect } = dialectOf(name)
  const bound = bindConstants(readFilter(filter), columns, 'columns')
  const condition = compile(bound.filter, readColumns(bound.entries, naming, foreign), dialect)
  return { never: condition === false, condition: typeof condition === 'boolean' ? toText(condition) : piece`(${condition})` }
}
