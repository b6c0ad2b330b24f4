export const action = 'write'
export const user = (/** @type {number} */ index) => `user-${index}@example.org`
export const resource = (/** @type {string} */ name) => `shop/${name}`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: Object.fromEntries(users.map((user) => [user, { grants: { shop: { level: 'ro', collections: Object.fromEntries(names.map((name, place) => [name, allows(place) ? 'rw' : 'ro'])) } } }])),
})

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 107, other: 102, prepared: 232 }
