// CASL with one subject type for each name: its fastest form.

import { AbilityBuilder, createMongoAbility } from '@casl/ability'

export const title = 'CASL, subject types'
export const source = '@casl/ability'

export function open(document) {
  return { prepare: (user) => (document.users.includes(user) ? fresh(document) : createMongoAbility([])), ask: (ability, name) => ability.can('write', name) }
}

export function fresh({ names, allows }) {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  names.forEach((name, place) => can(allows(place) ? ['read', 'write'] : 'read', name))
  return build()
}

export function loop(subjects, who, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].can('write', texts[what[index]])) allowed += 1
  return allowed
}
