// @ts-check
// Reads the caller's mapping of attributes to fields of a model of Prisma.

import { onlyMembersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { unsupportedColumn } from './columns.mjs'
import { isRef, notAnAttribute } from './expression.mjs'

/**
 * `kind` is that of the members of a list, too; a part is always a string.
 * @typedef {{ ref: string, name: string, type: string, kind: string, isPart: boolean, nullable: boolean, valid: boolean, reference: unknown }} Field
 */

/** @type {{ [type: string]: string }} */
export const KIND_OF = { text: 'string', uuid: 'string', integer: 'number', bigint: 'number', double: 'number', boolean: 'boolean' }
const SCALARS = Object.keys(KIND_OF)
const LISTS = ['text[]', 'integer[]', 'bigint[]', 'boolean[]']

/** @param {[string, any][]} entries @param {string} provider @returns {Map<string, Field>} */
export const readPrismaFields = (entries, provider) => new Map(entries.map(([ref, value]) => [ref, readField(ref, value, provider)]))

/** @param {string} ref @param {any} value @param {string} provider @returns {Field} */
function readField(ref, value, provider) {
  if (!isRef(ref) || ref === 'resource.path') throw notAnAttribute('fields', ref)
  const [name, type = 'text', nullable = true, valid = false, reference] = typeof value === 'string' ? [value] : onlyMembersOf(value, `the field of \`${ref}\``, ['field', 'type', 'nullable', 'valid', 'reference'])
  if (typeof name !== 'string' || !/^[A-Za-z]\w*$/.test(name) || ['AND', 'OR', 'NOT'].includes(name)) throw new LatchworkError('invalid_value', `the field of \`${ref}\` must be the name of a field of the model`)
  const types = provider === 'sqlite' ? SCALARS.filter((each) => each !== 'uuid') : [...SCALARS, ...LISTS]
  if (!types.includes(type)) throw unsupportedColumn(ref, `has a type that Prisma does not compare exactly: types for ${provider} are ${types.join(', ')} (\`integer\` is Int, \`bigint\` BigInt, \`double\` Float)`)
  if (typeof nullable !== 'boolean') throw wrongType(`\`nullable\` of \`${ref}\``, 'a boolean', nullable)
  if (typeof valid !== 'boolean') throw wrongType(`\`valid\` of \`${ref}\``, 'a boolean', valid)
  return { ref, name, type, kind: KIND_OF[type.replace('[]', '')], isPart: false, nullable, valid, reference }
}

/** @param {Map<string, Field>} fields @param {string} ref @param {boolean} isPart @returns {Field} */
export function fieldOf(fields, ref, isPart) {
  const field = fields.get(ref)
  if (!field) throw new LatchworkError('unmapped_attribute', `the filter reads \`${ref}\`, which has no field: add it to \`fields\``)
  if (!isPart) return field
  if (!['text', 'uuid', 'integer', 'bigint'].includes(field.type)) throw unsupportedColumn(ref, `has the type \`${field.type}\`, but a part of a path is text or a whole number`)
  return { ...field, kind: 'string', isPart }
}
