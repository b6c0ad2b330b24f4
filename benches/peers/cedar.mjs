// Cedar in WebAssembly, with its policies parsed beforehand.

import * as cedar from '@cedar-policy/cedar-wasm/nodejs'

export const title = 'cedar-wasm'
export const source = '@cedar-policy/cedar-wasm'
export const whole = true

export async function open({ users, names, allows }) {
  // A bundle for a page fetches its module; there is nothing to wait for in Node.
  if (typeof cedar.default === 'function') await cedar.default()
  const quoted = JSON.stringify
  const policies = users.flatMap((user) =>
    names.map((name, place) => {
      const action = allows(place) ? 'action in [Action::"read", Action::"write"]' : 'action == Action::"read"'
      return `permit(principal == User::${quoted(user)}, ${action}, resource == Resource::${quoted(name)});`
    }),
  )
  const { type, errors } = cedar.preparsePolicySet('bench', { staticPolicies: policies.join('\n') })
  if (type !== 'success') throw new Error(JSON.stringify(errors))
  const prepare = (user) => ({ type: 'User', id: user })
  return { prepare, ask: (principal, name) => decide(principal, { type: 'Resource', id: name }) }
}

const action = { type: 'Action', id: 'write' }

function decide(principal, resource) {
  const answer = cedar.statefulIsAuthorized({ principal, action, resource, context: {}, preparsedPolicySetId: 'bench', entities: [] })
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors))
  return answer.response.decision === 'allow'
}

export const prepareNames = (texts) => texts.map((id) => ({ type: 'Resource', id }))

export function loop(subjects, who, resources, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (decide(subjects[who[index]], resources[what[index]])) allowed += 1
  return allowed
}
