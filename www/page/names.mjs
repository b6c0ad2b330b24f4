// @ts-check
// Users, holders and resources in words, for headings and labels.

/** The longest name that is shown whole. */
const LONG = 28

/**
 * Who asks, for a person. A long id is shown by the user's e-mail address or name, if the document has one.
 * @param {import('./store.mjs').Row | import('./store.mjs').Question} who
 * @param {any} [value] the document
 * @returns {string}
 */
export function nameOf({ subject, role, within }, value) {
  const base = role !== undefined ? `role ${role}` : subject === null || subject === undefined ? 'anonymous' : typeof subject === 'string' ? known(subject, value) : String(/** @type {any} */ (subject).id ?? 'a record')
  return within === undefined ? base : `${base} within ${withinText(within)}`
}

/** @param {string} id @param {any} value */
function known(id, value) {
  if (id.length <= LONG) return id
  const attributes = value?.users && !Array.isArray(value.users) && Object.hasOwn(value.users, id) ? value.users[id]?.attributes : undefined
  const name = attributes?.email ?? attributes?.name
  return typeof name === 'string' ? name : `${id.slice(0, 12)}…${id.slice(-8)}`
}

/** @param {any} within @returns {string} */
function withinText(within) {
  if (Array.isArray(within)) return within.map(withinText).join(' and ')
  const roles = (within?.roles ?? []).map((/** @type {any} */ role) => (typeof role === 'string' ? role : role?.role))
  return [...roles, ...Object.entries(within?.grants ?? {}).map(([pattern, grant]) => grantText(pattern, grant))].join(', ') || 'nothing'
}

/** `read on **`. @param {string} pattern @param {any} grant */
function grantText(pattern, grant) {
  const allow = [grant].flat().flatMap((each) => each?.allow ?? each)
  return allow.every((name) => typeof name === 'string') ? `${allow.join(', ')} on ${pattern}` : pattern
}

/** @param {string | object} resource */
export function resourceText(resource) {
  if (typeof resource === 'string') return resource === '' ? '(empty)' : resource
  const { type, ...parts } = /** @type {any} */ (resource)
  return `${type}: ${Object.values(parts).join(' / ')}`
}

/** What a sample says beyond its resource: `owner: ann`. @param {import('./store.mjs').Sample} sample */
export function detailsText({ attributes, context, properties, now }) {
  return [
    ...membersText(attributes, ''),
    ...membersText(context, 'context '),
    ...membersText(properties, 'action '),
    ...(now === undefined ? [] : [`at ${new Date(now * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`]),
  ].join(', ')
}

/** @param {any} value @param {string} prefix */
function membersText(value, prefix) {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [`${prefix}${JSON.stringify(value)}`]
  return Object.entries(value).map(([name, member]) => `${prefix}${name}: ${typeof member === 'string' ? member : JSON.stringify(member)}`)
}
