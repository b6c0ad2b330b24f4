// @ts-check
// What else the core tells of an authorizer or a subject: one export for all, by the numbers of `tell` in src/wasm/core/.

const ASPECTS = {
  digest: 0,
  subjectDigest: 1,
  reach: 2,
  slice: 3,
  explain: 4,
  isTimed: 5,
  changesAt: 6,
  // In the module for servers alone.
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
export const tell = (glue, aspect, handle, action = '', resource = '', details = '') => glue.tell(ASPECTS[aspect], handle, action, resource, details)
