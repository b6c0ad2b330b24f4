// @ts-check
// Resources for the matrix of a document that comes without any: one for each shape and pattern in it.

/** The most resources that are suggested. */
const SUGGESTED = 8

/** @param {any} value a document of `rbac` @returns {import('./store.mjs').Sample[]} */
export function samplesOf(value) {
  const user = Object.keys(value?.users ?? {})[0] ?? 'ann'
  const shapes = Object.values(value?.resources ?? {}).map(String)
  const patterns = [...patternsOf(value)].map((pattern) => (pattern === '**' ? 'anything' : pattern))
  const paths = [...shapes, ...patterns].map((pattern) => pathOf(pattern, user))
  return [...new Set(paths)].slice(0, SUGGESTED).map((resource) => ({ resource }))
}

/** The patterns of grants and limits. @param {any} value */
function patternsOf(value) {
  /** @type {Set<string>} */
  const found = new Set()
  const holders = [value?.everyone, value?.authenticated, ...['roles', 'groups', 'users'].flatMap((name) => Object.values(value?.[name] ?? {}))]
  for (const holder of [...holders.map((each) => each?.grants), value?.limits]) for (const pattern of Object.keys(holder ?? {})) found.add(pattern)
  return found
}

/** A path that a pattern or a shape matches. @param {string} pattern @param {string} user */
function pathOf(pattern, user) {
  return pattern
    .split('/')
    .map((segment) => (segment === '{subject}' ? user : segment === '*' || segment === '**' ? '1' : segment.startsWith('{') ? '1' : segment.replaceAll('*', 'x').replaceAll('\\', '')))
    .join('/')
}
