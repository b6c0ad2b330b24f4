// A nested `Map`, user then name: what a front end writes by hand, and the floor of every ratio.

export const title = 'nested `Map`'

/** @param {import('../document.mjs').Document} document */
export function open({ users, names, allows }) {
  const map = new Map(users.map((user) => [user, grants(names, allows)]))
  return {
    prepare: (user) => map.get(user),
    ask: (grants, name) => grants?.get(name) === true,
    /** Both look-ups, for the loops of questions. */
    map,
  }
}

const grants = (names, allows) => new Map(names.map((name, place) => [name, allows(place)]))

/** One user's grants, made anew: what a subject costs. */
export const fresh = ({ names, allows }) => grants(names, allows)

export function loop(subjects, who, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].get(texts[what[index]])) allowed += 1
  return allowed
}
