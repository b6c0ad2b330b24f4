// @ts-check
// A filter as a query. The columns are named after the attributes; their types are those of the values that they are
// compared with.

import { mongodb } from 'latchwork/filter/mongodb'
import { prisma } from 'latchwork/filter/prisma'
import { sql } from 'latchwork/filter/sql'
import { jsonText } from '../stories/json.mjs'

/** What writes a filter in each form. @type {{ [name: string]: (filter: any) => string }} */
const WRITERS = {
  PostgreSQL: (filter) => sqlText(filter, 'postgres'),
  SQLite: (filter) => sqlText(filter, 'sqlite'),
  Prisma: (filter) => jsonText(prisma(filter, { provider: 'postgresql', fields: /** @type {any} */ (prismaFieldsOf(filter)) })),
  MongoDB: (filter) => jsonText(mongodb(filter, { fields: /** @type {any} */ (mongoFieldsOf(filter)) })),
  Expression: (filter) => jsonText(filter.where),
}

/** The forms of a filter. */
export const FORMS = Object.keys(WRITERS)

/** @param {string} form @param {any} filter */
export const filterAs = (form, filter) => WRITERS[form](filter)

/** @param {any} filter @param {'postgres' | 'sqlite'} dialect */
function sqlText(filter, dialect) {
  const { text, params, never } = sql(filter, { dialect, columns: /** @type {any} */ (columnsOf(filter)) })
  if (never) return '-- no row: no query is needed'
  return `SELECT * FROM ${filter.type}\nWHERE ${text}${params.length === 0 ? '' : `\n\n-- parameters: ${JSON.stringify(params)}`}`
}

/** The names of the attributes of a filter: its parts, then those of its conditions. @param {any} filter */
function attributesOf({ shape, where }) {
  const found = new Set(shape.flatMap((/** @type {any} */ segment) => (typeof segment === 'string' ? [] : [`resource.${segment.part}`])))
  const parts = new Set(found)
  const visit = (/** @type {any} */ node) => {
    if (typeof node !== 'object' || node === null) return
    for (const name of [node.attribute, node.ref]) if (typeof name === 'string' && name !== 'resource.path') found.add(name)
    for (const child of Object.values(node)) visit(child)
  }
  visit(where)
  return [...found].map((name) => ({ name, isPart: parts.has(name) }))
}

/** The kind of values that conditions compare an attribute with. @param {any} where @param {string} name @returns {string} */
function kindOf(where, name) {
  let kind = 'string'
  const visit = (/** @type {any} */ node) => {
    if (typeof node !== 'object' || node === null) return
    if (node.attribute === name) {
      const values = Array.isArray(node.equals) ? node.equals : Array.isArray(node.differs) ? node.differs : undefined
      if (values) kind = typeof values[0]
      else if (node.between || node.single) kind = 'number'
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(where)
  return kind
}

/** @param {string} name `resource.meta.owner` as `meta_owner` */
const columnName = (name) => name.split('.').slice(1).join('_')
const COLUMN_TYPES = /** @type {Record<string, string>} */ ({ string: 'text', number: 'double', boolean: 'boolean' })

/** A column for each attribute of a filter, by the values that it is compared with. @param {any} filter */
function columnsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { column: columnName(name), type: COLUMN_TYPES[kindOf(filter.where, name)], ...(isPart && { type: 'text', valid: true }) }]))
}

/** A field of Prisma for each attribute. @param {any} filter */
function prismaFieldsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { field: columnName(name), ...(isPart ? { valid: true, nullable: false } : { type: COLUMN_TYPES[kindOf(filter.where, name)] }) }]))
}

/** A field of MongoDB for each attribute. @param {any} filter */
function mongoFieldsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { field: name.split('.').slice(1).join('.'), ...(isPart && { valid: true }) }]))
}

/**
 * The type of a resource by the shapes of a document.
 * @param {string | object} resource
 * @param {Record<string, string>} [shapes]
 * @returns {string | undefined}
 */
export function typeOfResource(resource, shapes = {}) {
  return typeof resource === 'string' ? Object.entries(shapes).find(([, shape]) => fits(shape, resource))?.[0] : /** @type {any} */ (resource).type
}

/** Whether a path has a shape. @param {string} shape @param {string} path */
function fits(shape, path) {
  const [segments, names] = [shape.split('/'), path.split('/')]
  return segments.length === names.length && segments.every((segment, index) => segment.startsWith('{') || segment === names[index])
}
