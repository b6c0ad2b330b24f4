// @ts-check
// Expressions of an aggregation of MongoDB, which read a list as a list.

import { NUMBER_MAX } from './expression.mjs'

/** @typedef {import('./fields.mjs').Field} Field */
/** @typedef {any} Value an expression */

/** A field, or null where something around it is not an object. @param {Field} field @returns {Value} */
export function valueOf({ names }) {
  const path = (/** @type {number} */ length) => `$${names.slice(0, length).join('.')}`
  const around = names.slice(1).map((_, index) => ({ $eq: [{ $type: path(index + 1) }, 'object'] }))
  return around.length === 0 ? path(1) : { $cond: [{ $and: around }, path(names.length), null] }
}

/** The text of a part; any text where it is not valid, since such a row is left out. @param {Field} field @returns {Value} */
export function partText(field) {
  const value = valueOf(field)
  if (field.type === 'integer') return { $cond: [isWhole(value), { $toString: { $toLong: value } }, ''] }
  if (field.type === 'objectid') return { $cond: [{ $eq: [{ $type: value }, 'objectId'] }, { $toString: value }, ''] }
  return { $cond: [{ $eq: [{ $type: value }, 'string'] }, value, ''] }
}

/** @param {Value} value @returns {Value} */
const isNumber = (value) => ({ $and: [{ $in: [{ $type: value }, ['int', 'long', 'double']] }, { $gte: [value, -NUMBER_MAX] }, { $lte: [value, NUMBER_MAX] }] })

/** @param {Value} value @returns {Value} */
export const isWhole = (value) => ({ $cond: [isNumber(value), { $and: [{ $gte: [value, 0] }, { $eq: [value, { $trunc: [value] }] }] }, false] })

/** The type of a value, `other` if it is not a value of the rules. @param {Value} value @returns {Value} */
const kindOf = (value) => ({
  $switch: {
    branches: [
      { case: { $eq: [{ $type: value }, 'string'] }, then: 'string' },
      { case: { $eq: [{ $type: value }, 'bool'] }, then: 'boolean' },
      { case: isNumber(value), then: 'number' },
    ],
    default: 'other',
  },
})

/** A list of the members. What is missing or an object is one member that is not a value. @param {Value} value @returns {Value} */
const members = (value) => ({ $cond: [{ $isArray: [value] }, value, [value]] })

/** @param {Value} value @param {Value} condition of `$$member` @returns {Value} */
const some = (value, condition) => ({ $anyElementTrue: [{ $map: { input: members(value), as: 'member', in: condition } }] })

/** @param {Value} value @param {Value} condition of `$$member` @returns {Value} */
const every = (value, condition) => ({ $and: [{ $gt: [{ $size: members(value) }, 0] }, { $allElementsTrue: [{ $map: { input: members(value), as: 'member', in: condition } }] }] })

const isMemberValue = { $ne: [kindOf('$$member'), 'other'] }

/** @param {Value} value @param {unknown[]} values */
export const equals = (value, values) => some(value, { $and: [isMemberValue, { $in: ['$$member', { $literal: values }] }] })

/** @param {Value} value @param {string} kind @param {unknown[]} values all of this kind */
export const differs = (value, kind, values) => every(value, { $and: [{ $eq: [kindOf('$$member'), kind] }, { $not: [{ $in: ['$$member', { $literal: values }] }] }] })

/** Whether a member equals one of another attribute. @param {Value} left @param {Value} right */
export const overlap = (left, right) => some(left, { $and: [isMemberValue, { $in: ['$$member', members(right)] }] })

/** @param {Value} value @returns {Value} */
const kinds = (value) => ({ $map: { input: members(value), as: 'member', in: kindOf('$$member') } })

/** Whether both have members of one kind, and none equals another. @param {Value} left @param {Value} right */
export function disjoint(left, right) {
  const all = { $setUnion: [kinds(left), kinds(right)] }
  return {
    $and: [
      { $gt: [{ $size: members(left) }, 0] },
      { $gt: [{ $size: members(right) }, 0] },
      { $eq: [{ $size: all }, 1] },
      { $not: [{ $in: ['other', all] }] },
      { $not: [overlap(left, right)] },
    ],
  }
}

/** @param {Value} value @param {Value} low @param {Value} high */
export function between(value, low, high) {
  const bounds = [low, high].filter((bound) => bound !== undefined && typeof bound !== 'number').map(isNumber)
  return { $and: [...bounds, every(value, within('$$member', low, high))] }
}

/** @param {Value} value @param {Value} low @param {Value} high */
export const single = (value, low, high) => within(value, low, high)

/** @param {Value} value @param {Value} low @param {Value} high @returns {Value} */
const within = (value, low, high) => ({ $and: [isNumber(value), ...(low === undefined ? [] : [{ $gte: [value, low] }]), ...(high === undefined ? [] : [{ $lte: [value, high] }])] })
