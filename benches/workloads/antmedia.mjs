export const action = 'update'
export const user = (/** @type {number} */ index) => `user-${index}@example.org`
export const resource = (/** @type {string} */ name) => `app:${name}/broadcasts/stream`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: users.map((email) => ({ email, appNameUserType: Object.fromEntries(names.map((name, place) => [name, allows(place) ? 'USER' : 'READ_ONLY'])) })),
})

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 130, other: 119, prepared: 245 }
