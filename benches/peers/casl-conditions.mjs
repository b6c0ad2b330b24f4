// CASL with one subject type, and a condition on the name in each rule.

import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability'

export const title = 'CASL, conditions'
export const source = '@casl/ability'

export function open(document) {
  return {
    prepare: (user) => (document.users.includes(user) ? fresh(document) : createMongoAbility([])),
    ask: (ability, name) => ability.can('write', subject('Resource', { name })),
  }
}

export function fresh({ names, allows }) {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  names.forEach((name, place) => can(allows(place) ? ['read', 'write'] : 'read', 'Resource', { name }))
  return build()
}

/** The objects that are asked about, made once. */
export const prepareNames = (texts) => texts.map((name) => subject('Resource', { name }))

export function loop(subjects, who, objects, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].can('write', objects[what[index]])) allowed += 1
  return allowed
}
