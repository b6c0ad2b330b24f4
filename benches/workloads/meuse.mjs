export const action = 'crate.yank'
export const user = (/** @type {number} */ index) => `user-${index}@example.org`
export const resource = (/** @type {string} */ name) => `crate:${name}@1.0.0`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: [{ name: 'other', role: 'tech' }, ...users.map((name) => ({ name, role: 'tech' }))],
  crates: names.map((name, place) => ({ name, versions: ['1.0.0'], owners: allows(place) ? users : ['other'] })),
})

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 114, other: 110, prepared: 1_918 }
