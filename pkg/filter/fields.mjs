// @ts-check
// Reads the caller's mapping of attributes to fields of MongoDB, and finds the field of an attribute.

import { isWellFormed, onlyMembersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { unsupportedColumn } from './columns.mjs'
import { around, isRef, notAnAttribute, partOf } from './expression.mjs'

/** @typedef {import('./expression.mjs').Filter} Filter */
/** @typedef {{ ref: string, names: string[], type: 'text' | 'integer' | 'objectid' | undefined, valid: boolean, objectId: (text: string) => unknown }} Field */

/** @param {[string, any][]} entries @returns {Map<string, Field>} */
export const readFields = (entries) => new Map(entries.map(([ref, value]) => [ref, readField(ref, value)]))

/** @param {string} ref @param {any} value @returns {Field} */
function readField(ref, value) {
  if (!isRef(ref) || ref === 'resource.path') throw notAnAttribute('fields', ref)
  const [field, type, valid, objectId] = typeof value === 'string' ? [value] : onlyMembersOf(value, `the field of \`${ref}\``, ['field', 'type', 'valid', 'objectId'])
  const names = (typeof field === 'string' ? field : '').split('.')
  for (const name of names) {
    if (name === '' || name.startsWith('$') || name.includes('\0') || !isWellFormed(name)) throw new LatchworkError('invalid_value', `the field of \`${ref}\` has no name: expected names with dots between them, none of which begins with \`$\``)
  }
  if (valid !== undefined && typeof valid !== 'boolean') throw wrongType(`\`valid\` of \`${ref}\``, 'a boolean', valid)
  if (type !== undefined && !['text', 'integer', 'objectid'].includes(type)) throw unsupportedColumn(ref, `has a \`type\` that is none of \`text\`, \`integer\` and \`objectid\`, for a part; other fields are compared by the types of their values`)
  if (type === 'objectid' && typeof objectId !== 'function') throw wrongType(`\`objectId\` of \`${ref}\``, 'a function that makes an ObjectId of its hexadecimal digits', objectId)
  return { ref, names, type, valid: valid === true, objectId }
}

/** The field of an attribute: its own, or inside that of an object around it. @param {Map<string, Field>} fields @param {string} ref @param {Filter} filter @returns {Field} */
export function fieldOf(fields, ref, filter) {
  const own = fields.get(ref)
  const isPart = partOf(filter, ref) !== undefined
  if (own) {
    if (isPart || own.type === undefined) return own
    throw unsupportedColumn(ref, 'has a `type`, which is only for a part of the path')
  }
  for (const { outer, inner } of isPart ? [] : around(ref)) {
    const field = fields.get(outer)
    if (field) return { ...field, ref, names: [...field.names, ...inner] }
  }
  throw new LatchworkError('unmapped_attribute', `the filter reads \`${ref}\`, which has no field: add it to \`fields\``)
}
