export const action = 'ui.execute'
export const user = (/** @type {number} */ index) => `user${index}`
export const resource = (/** @type {string} */ name) => `/permission/admin/manage/${name}`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: users.map((name) => ({ name, roles: [] })),
  rules: users.flatMap((user) => names.map((name, place) => ({ user, resource: resource(name), action, effect: allows(place) ? 'allow' : 'deny' }))),
})

/** Where this model's targets are not the usual: KB of brotli, microseconds of `open` for a user. */
export const targets = { bundle: 44, open: 90 }

/** How one question grows with something else than grants. @type {import('../document.mjs').Growth[]} */
export const growth = [
  {
    what: 'roles of the user',
    counts: [1, 10, 100],
    make(count) {
      const roles = Array.from({ length: count }, (_, index) => `role${index}`)
      const rules = roles.map((role) => ({ role, resource: `/permission/admin/${role}`, action: 'ui.execute', effect: 'allow' }))
      return { records: { roles, users: [{ name: 'ann', roles }], rules }, user: 'ann', action: 'ui.execute', resource: '/permission/admin/role0' }
    },
  },
  {
    what: 'parts of the path, each with a rule',
    counts: [8, 32, 128, 256],
    target: { linear: 1.5 },
    make(count) {
      const parts = Array.from({ length: count }, (_, index) => `part${index}`)
      const rules = parts.map((_, index) => ({ user: 'ann', resource: `/${parts.slice(0, index + 1).join('/')}`, action: 'ui.execute', effect: index % 2 ? 'deny' : 'allow' }))
      return { records: { users: [{ name: 'ann' }], rules }, user: 'ann', action: 'ui.execute', resource: `/${parts.join('/')}` }
    },
  },
]

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 158, other: 124, prepared: 758 }
