// @ts-check
// Questions of every system, and the nested Map that a hand-written front end would use for the same grants.

/** 27 grants for each of `count` users, and the names that they are asked about. */
export const GRANTS = 27

/** @typedef {{ system: string, action: string, records: (count: number) => unknown, user: (index: number) => string, resources: string[] }} Workload */

const names = Array.from({ length: GRANTS }, (_, index) => `name-${index}-of-something`)
const each = (/** @type {number} */ count, /** @type {(index: number) => unknown} */ make) => Array.from({ length: count }, (_, index) => make(index))
const user = (/** @type {number} */ index) => `user-${index}@example.org`

/** @type {Workload[]} */
export const WORKLOADS = [
  {
    system: 'antmedia',
    action: 'update',
    user,
    resources: names.map((name) => `app:${name}/broadcasts/stream`),
    records: (count) => ({
      users: each(count, (index) => ({
        email: user(index),
        appNameUserType: Object.fromEntries(names.map((name, place) => [name, place % 2 ? 'USER' : 'READ_ONLY'])),
      })),
    }),
  },
  {
    system: 'arangodb',
    action: 'write',
    user,
    resources: names.map((name) => `shop/${name}`),
    records: (count) => ({
      users: Object.fromEntries(
        each(count, (index) => [
          user(index),
          { grants: { shop: { level: 'ro', collections: Object.fromEntries(names.slice(1).map((name, place) => [name, place % 2 ? 'rw' : 'ro'])) } } },
        ]).map((entry) => /** @type {[string, unknown]} */ (entry)),
      ),
    }),
  },
  {
    system: 'meuse',
    action: 'crate.yank',
    user,
    resources: names.map((name) => `crate:${name}@1.0.0`),
    records: (count) => ({
      users: each(count, (index) => ({ name: user(index), role: 'tech' })),
      crates: names.map((name) => ({ name, versions: ['1.0.0'], owners: each(count, user) })),
    }),
  },
  {
    system: 'tyk',
    action: 'write',
    user,
    resources: names.map((name) => `section:${name}`),
    records: (count) => ({
      users: each(count, (index) => ({
        id: user(index),
        active: true,
        user_permissions: Object.fromEntries(names.map((name, place) => [name, place % 2 ? 'write' : 'read'])),
      })),
    }),
  },
  {
    system: 'wso2',
    action: 'ui.execute',
    user,
    resources: names.map((name) => `/permission/admin/manage/${name}`),
    records: (count) => ({
      users: each(count, (index) => ({ name: `user${index}`, roles: [] })),
      rules: each(count, (index) => index).flatMap((index) =>
        names.map((name, place) => ({
          user: `user${index}`,
          resource: `/permission/admin/manage/${name}`,
          action: 'ui.execute',
          effect: place % 2 ? 'allow' : 'deny',
        })),
      ),
    }),
  },
]
for (const workload of WORKLOADS) if (workload.system === 'wso2') workload.user = (index) => `user${index}`

/** The same answers in the shape that front ends write by hand: user, then resource. @param {Workload} workload @param {number} count */
export function nestedMap(workload, count) {
  const map = new Map()
  for (let index = 0; index < count; index += 1) {
    map.set(workload.user(index), new Map(workload.resources.map((resource, place) => [resource, place % 2 === 1])))
  }
  return map
}
