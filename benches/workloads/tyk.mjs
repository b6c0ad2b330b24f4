export const action = 'write'
export const user = (/** @type {number} */ index) => `user-${index}@example.org`
export const resource = (/** @type {string} */ name) => `section:${name}`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: users.map((id) => ({ id, active: true, user_permissions: Object.fromEntries(names.map((name, place) => [name, allows(place) ? 'write' : 'read'])) })),
})

/** What this model may weigh, in KB of brotli, where it is not the usual. */
export const targets = { bundle: 44 }

/** How one question grows with something else than grants. @type {import('../document.mjs').Growth[]} */
export const growth = [
  {
    what: 'entries of the map of paths',
    counts: [10, 100, 1_000, 10_000],
    target: { at: 1_000, microseconds: 20 },
    make: (count) => ({
      records: {
        users: [{ id: 'ann', active: true, user_permissions: { 'section-5': 'write' } }],
        permissions: Array.from({ length: count }, (_, index) => ({ permission: `section-${index}`, rx: `^/api/area-${index}/[^/]+(/keys)?$` })),
      },
      user: 'ann', action: 'GET', resource: 'path:/api/area-5/thing',
    }),
  },
]

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 91, other: 79, prepared: 285 }
