// @ts-check
// Rare queries about an authorizer or a subject. One export of the core serves all of them: see `tell` in src/wasm/core/calls.rs.

// Constants, not an object: a bundler leaves out those that a page does not use.
export const DIGEST = 0
export const SUBJECT_DIGEST = 1
export const REACH = 2
export const SLICE = 3
export const EXPLAIN = 4
export const IS_TIMED = 5
export const CHANGES_AT = 6
// Only in the module for servers.
export const FILTER = 7
export const HOLDERS = 8
export const DIFF = 9
export const LINT = 10
export const PARTS = 11
export const MUTANTS = 12
export const FIELDS = 13
export const SLICE_DOCUMENT = 14

/**
 * @param {any} glue
 * @param {number} aspect
 * @param {number} handle of an authorizer for `DIGEST`, `SLICE_DOCUMENT` and those from `HOLDERS` to `MUTANTS`, of a subject for the others
 * @param {string} [action] @param {string} [resource] @param {string} [details]
 * @returns {string} JSON text, except for digests
 */
export const query = (glue, aspect, handle, action = '', resource = '', details = '') => glue.tell(aspect, handle, action, resource, details)
