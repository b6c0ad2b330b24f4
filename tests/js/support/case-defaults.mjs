// @ts-check
// Converts the records and the question of a case to arguments of the package. Runs in any runtime: the playground
// runs the same cases.

/**
 * What every case of a system leaves out. The package itself invents nothing.
 * @param {string} system
 * @param {any} [given]
 */
export function withDefaults(system, given = {}) {
  if (system === 'arangodb') {
    const rw = { level: 'rw', collections: { '*': 'rw' } }
    return { ...given, users: { root: { active: true, grants: { _system: rw, '*': rw } }, ...given.users } }
  }
  if (system === 'tyk') {
    const user = (/** @type {any} */ user) => ({
      active: true,
      org_id: 'org1',
      group_id: '',
      email_address: `${user.id}@example.org`,
      first_name: user.id,
      last_name: 'X',
      access_key: `key-${user.id}`,
      ...user,
    })
    const group = (/** @type {any} */ group) => ({ active: true, org_id: 'org1', ...group })
    return {
      ...given,
      ...(Array.isArray(given.users) && { users: given.users.map(user) }),
      ...(Array.isArray(given.groups) && { groups: given.groups.map(group) }),
    }
  }
  if (system === 'wso2') {
    const users = given.users ?? []
    const hasAdmin = users.some((/** @type {any} */ user) => user.name.toLowerCase() === 'admin')
    return { ...given, users: hasAdmin ? users : [...users, { name: 'admin', password: 'admin', roles: ['admin'] }] }
  }
  return given
}

/**
 * The resource that a question about levels asks for.
 * @param {any} ask
 */
export function arangodbResource(ask) {
  if (ask.server) return '/'
  const encodeName = (/** @type {string} */ name) => name.replaceAll('%', '%25').replaceAll('/', '%2F')
  return 'collection' in ask ? `${encodeName(ask.database)}/${encodeName(ask.collection)}` : encodeName(ask.database)
}

/**
 * A case's request in the form that `classify` takes: the path may hold a part of the query.
 * @param {any} http
 */
export function requestOf(http) {
  const [path, inPath = ''] = http.path.split('?')
  return { method: http.method, path, query: [...new URLSearchParams(inPath), ...Object.entries(http.query ?? {})], body: http.body }
}

/** Members of a question that the playground does not support. */
const BEYOND = ['subject', 'within', 'now', 'context', 'action_properties']

/** Whether the playground supports the types of the other members. @param {any} ask */
function isPlain({ user = null, resource = '', attributes = {} }) {
  return (user === null || typeof user === 'string') && typeof resource === 'string' && typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
}

/**
 * The questions of a decision case that the playground runs, each with the decision that is expected. A request that no route of the
 * product has asks nothing.
 * @param {typeof import('latchwork').classify} classify
 * @param {string} system
 * @param {any} testCase
 * @returns {{ question: any, expect: { allow?: boolean, level?: string, error?: string } }[]}
 */
export function questionsOf(classify, system, { ask, expect }) {
  if (BEYOND.some((name) => name in ask) || !isPlain(ask)) return []
  const asker = 'role' in ask ? { role: ask.role } : { subject: ask.user ?? null }
  if (system === 'arangodb' && !('action' in ask)) {
    const resource = arangodbResource(ask)
    return Object.entries(expect).map(([action, level]) => ({ question: { ...asker, action, resource }, expect: { level } }))
  }
  const asked = ask.http ? classify(/** @type {any} */ (system), requestOf(ask.http)) : ask
  if (!asked) return []
  const attributes = asked.attributes ?? (asked.fields && { fields: asked.fields })
  return [{ question: { ...asker, action: asked.action, resource: asked.resource, ...(attributes && { attributes }) }, expect }]
}
