// @ts-check
// Faults in the compiler for MongoDB: each guard dropped, and each value taken for another.

/** @type {import('./run.mjs').Fault[]} */
export const MONGODB = [
  { name: 'a part that is no text is kept', file: 'mongodb.mjs', right: "return and([...throughObjects(field.names), { [name]: field.type", wrong: "return true || and([...throughObjects(field.names), { [name]: field.type" },
  { name: 'a part with a slash is kept', file: 'mongodb.mjs', right: "'^[^/]+$'", wrong: "'^.+$'" },
  { name: 'an empty part is kept', file: 'mongodb.mjs', right: "'^[^/]+$'", wrong: "'^[^/]*$'" },
  { name: 'a part that is not a whole number is kept', file: 'aggregation.mjs', right: ', { $eq: [value, { $trunc: [value] }] }', wrong: '' },
  { name: 'a part that is negative is kept', file: 'aggregation.mjs', right: '{ $gte: [value, 0] }, ', wrong: '' },
  { name: 'a query leads through lists of objects', file: 'mongodb.mjs', right: '...throughObjects(names), ', wrong: '' },
  { name: 'a range takes one member for all', file: 'mongodb.mjs', right: ', { $expr: aggregate.between(this.#value(expression.attribute), bounds[0], bounds[1]) }', wrong: '' },
  { name: 'a single number is a list of numbers', file: 'mongodb.mjs', right: ', { $expr: aggregate.single(this.#value(expression.attribute), low, high) }', wrong: '' },
  { name: 'NOT is left out', file: 'mongodb.mjs', right: '{ $nor: [query] }', wrong: 'query' },
  { name: 'values of several kinds differ', file: 'mongodb.mjs', right: 'expression.values.every((each) => typeof each === kind) && ', wrong: '' },
  { name: 'a missing bound is zero', file: 'mongodb.mjs', right: "typeof low === 'number' ? low : -NUMBER_MAX", wrong: "typeof low === 'number' ? low : 0" },
  { name: 'an attribute in something else than an object is read', file: 'aggregation.mjs', right: "{ $eq: [{ $type: path(index + 1) }, 'object'] }", wrong: 'true' },
  { name: 'a member of another kind differs', file: 'aggregation.mjs', right: '{ $eq: [kindOf(\'$$member\'), kind] }, ', wrong: '' },
  { name: 'an empty list differs', file: 'aggregation.mjs', right: '{ $and: [{ $gt: [{ $size: members(value) }, 0] }, { $allElementsTrue:', wrong: '{ $and: [{ $allElementsTrue:' },
  { name: 'a member that is not a value equals another', file: 'aggregation.mjs', right: "{ $and: [isMemberValue, { $in: ['$$member', members(right)] }] }", wrong: "{ $in: ['$$member', members(right)] }" },
  { name: 'lists of two kinds differ', file: 'aggregation.mjs', right: '      { $eq: [{ $size: all }, 1] },\n', wrong: '' },
  { name: 'a member that is not a value differs', file: 'aggregation.mjs', right: "      { $not: [{ $in: ['other', all] }] },\n", wrong: '' },
  { name: 'a bound of another attribute is not checked for its type', file: 'aggregation.mjs', right: '{ $and: [...bounds, every(', wrong: '{ $and: [every(' },
  { name: 'constants are read as names of fields', file: 'aggregation.mjs', right: "{ $not: [{ $in: ['$$member', { $literal: values }] }] }", wrong: "{ $not: [{ $in: ['$$member', values] }] }" },
]
