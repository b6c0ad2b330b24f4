// better-auth's access plugin with a role for each user.

import { createAccessControl } from 'better-auth/plugins/access'

export const title = 'better-auth access'
export const source = 'better-auth'

export function open(document) {
  return {
    prepare: (user) => (document.users.includes(user) ? fresh(document) : createAccessControl({}).newRole({})),
    ask: (role, name) => role.authorize({ [name]: ['write'] }).success,
  }
}

export function fresh({ names, allows }) {
  const control = createAccessControl(Object.fromEntries(names.map((name) => [name, ['read', 'write']])))
  return control.newRole(Object.fromEntries(names.map((name, place) => [name, allows(place) ? ['read', 'write'] : ['read']])))
}

/** The requests, made once. */
export const prepareNames = (texts) => texts.map((name) => ({ [name]: ['write'] }))

export function loop(subjects, who, requests, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].authorize(requests[what[index]]).success) allowed += 1
  return allowed
}
