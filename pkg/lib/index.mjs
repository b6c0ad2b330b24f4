// @ts-check
// What every loader exports.

export { open } from './authorizer.mjs'
export { classify, classifyRequest } from './calls.mjs'
export { LatchworkError } from './error.mjs'
export { schema, validate } from './forms.mjs'
export { vocabulary } from './vocabulary.mjs'
