// @ts-check
// What every loader exports.

export { classify, open, schema, validate, vocabulary } from './authorizer.mjs'
export { LatchworkError } from './error.mjs'
