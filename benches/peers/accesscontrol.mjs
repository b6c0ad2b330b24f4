// accesscontrol with a role for each user.

import { AccessControl } from 'accesscontrol'

export const title = 'accesscontrol'
export const source = 'accesscontrol'
export const whole = true

/** A slash and some other letters have a meaning in its names. */
const plain = (name) => name.replace(/[^\w-]/g, '_')

export function open({ users, names, allows }) {
  const control = new AccessControl()
  for (const user of users) {
    names.forEach((name, place) => {
      const grant = control.grant(plain(user)).readAny(plain(name))
      if (allows(place)) grant.updateAny(plain(name))
    })
  }
  return {
    prepare: (user) => (control.hasRole(plain(user)) ? { control, role: plain(user) } : undefined),
    ask: (subject, name) => subject !== undefined && control.can(subject.role).updateAny(plain(name)).granted,
  }
}

export const prepareNames = (texts) => texts.map(plain)

export function loop(subjects, who, names, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) {
    const { control, role } = subjects[who[index]]
    if (control.can(role).updateAny(names[what[index]]).granted) allowed += 1
  }
  return allowed
}
