// @ts-check
// Rare queries about an authorizer or a subject. One export of the core serves all of them: see `tell` in src/wasm/core/calls.rs.

const ASPECTS = {
  digest: 0,
  subjectDigest: 1,
  reach: 2,
  slice: 3,
  explain: 4,
  isTimed: 5,
  changesAt: 6,
  // Only in the module for servers.
  filter: 7,
  holders: 8,
  diff: 9,
  lint: 10,
  parts: 11,
  mutants: 12,
  fields: 13,
  sliceDocument: 14,
}

/**
 * @param {any} glue
 * @param {keyof typeof ASPECTS} aspect
 * @param {number} handle of an authorizer for `digest`, `sliceDocument` and those from `holders` to `mutants`, of a subject for the others
 * @param {string} [action] @param {string} [resource] @param {string} [details]
 * @returns {string} JSON text, except for digests
 */
export const query = (glue, aspect, handle, action = '', resource = '', details = '') => glue.tell(ASPECTS[aspect], handle, action, resource, details)
