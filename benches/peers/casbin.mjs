// casbin with an access control list, asked synchronously. It looks through all policies, so it is asked about one user.

import { newEnforcer, newModelFromString } from 'casbin'

export const title = 'casbin'
export const source = 'casbin'
/** Prepares all users at once, in `open`. */
export const whole = true

const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`

export async function open({ users, names, allows }) {
  const enforcer = await newEnforcer(newModelFromString(MODEL))
  await enforcer.addPolicies(users.flatMap((user) => names.flatMap((name, place) => (allows(place) ? [[user, name, 'read'], [user, name, 'write']] : [[user, name, 'read']]))))
  return { prepare: (user) => ({ enforcer, user }), ask: ({ user }, name) => enforcer.enforceSync(user, name, 'write') }
}

export function loop(subjects, who, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) {
    const { enforcer, user } = subjects[who[index]]
    if (enforcer.enforceSync(user, texts[what[index]], 'write')) allowed += 1
  }
  return allowed
}
