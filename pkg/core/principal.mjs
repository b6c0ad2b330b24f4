// @ts-check
// The principal of a question: an id, an anonymous caller, or a record or a role, which take JSON.

import { checkString, onlyMembersOf, wrongType } from './argument.mjs'

/** @typedef {string | null | PrincipalQuestion} Principal */

/** A record or a role as JSON text: later changes of the caller's objects have no effect. */
export class PrincipalQuestion {
  /** @param {string} who JSON text */
  constructor(who) {
    this.who = who
    /** Members of a question, as JSON text. */
    this.question = `{"subject":${who}}`
  }
}

/** @param {unknown} who @returns {Principal} */
export function principalOf(who) {
  if (hasRole(who)) {
    const [role] = onlyMembersOf(who, 'the subject', ['role'])
    checkString(role, 'the role')
    return new PrincipalQuestion(JSON.stringify({ role }))
  }
  checkId(who)
  return who
}

/** Whether a value names a role instead of an id. @param {any} who @returns {who is { role: string }} */
function hasRole(who) {
  try {
    return typeof who === 'object' && who !== null && Object.hasOwn(who, 'role')
  } catch {
    // A Proxy whose trap throws is rejected later, for its type.
    return false
  }
}

/** @param {unknown} id @returns {asserts id is string | null} */
export function checkId(id) {
  if (id !== null && typeof id !== 'string') throw wrongType('the subject', 'a string, or null for an anonymous user', id)
  if (id !== null) checkString(id, 'the subject')
}
