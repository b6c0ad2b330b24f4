// @ts-check
// A filter as a condition of Drizzle. The caller passes Drizzle's `sql`, so this package does not depend on it.

import { onlyMembersOf, runCallerCode } from '../core/argument.mjs'
import { conditionOf } from './dialects.mjs'
import { Foreign } from './fragment.mjs'
import { tagged } from './template.mjs'

export { LatchworkError } from '../core/error.mjs'

/** @param {unknown} filter @param {any} options @returns {any} */
export function drizzle(filter, options) {
  const [tag, dialect, columns] = onlyMembersOf(options, 'the options', ['sql', 'dialect', 'columns'])
  const { condition } = conditionOf(filter, dialect, columns, (value) => readTableColumn(value, dialect))
  return tagged(tag, condition, dialect, (value) => tag.param(value))
}

/** Types of columns in the schema, without lengths, and what a filter calls them. @type {{ [dialect: string]: { [type: string]: string } }} */
const TYPES = {
  postgres: { text: 'text', varchar: 'text', uuid: 'uuid', smallint: 'integer', integer: 'integer', bigint: 'integer', smallserial: 'integer', serial: 'integer', bigserial: 'integer', 'double precision': 'double', boolean: 'boolean', json: 'json', jsonb: 'json' },
  sqlite: { text: 'text', integer: 'integer', real: 'double' },
}

/** A column of a table of Drizzle, with its type. @param {any} column @param {unknown} dialect */
function readTableColumn(column, dialect) {
  return runCallerCode('a column', () => {
    if (typeof column !== 'object' || column === null || typeof column.getSQLType !== 'function') return undefined
    return { name: new Foreign(column), type: typeOf(String(column.getSQLType()), column.dataType, TYPES[String(dialect)] ?? {}) }
  })
}

/** @param {string} declared @param {unknown} read what the program reads it as @param {{ [type: string]: string }} types */
function typeOf(declared, read, types) {
  const isList = /\[\d*\]$/.test(declared)
  const base = declared.replace(/\(.*\)|\[\d*\]/g, '').trim()
  // SQLite has neither booleans nor JSON; a date is neither text nor a number to a program.
  if (types === TYPES.sqlite && (read === 'boolean' || read === 'json')) return read
  if (read === 'date') return 'datetime'
  return Object.hasOwn(types, base) ? `${types[base]}${isList ? '[]' : ''}` : declared
}
