// @ts-check
// The principal of a question: an id, an anonymous caller, or a record, a role or holders, which take JSON.

import { checkString, onlyMembersOf, wrongType } from './argument.mjs'
import { argumentJson } from './json.mjs'

/** @typedef {string | null | PrincipalQuestion} Principal */

/** A record, a role, or a principal within holders, as JSON text: later changes of the caller's objects have no effect. */
export class PrincipalQuestion {
  /** @param {string} who JSON text @param {string[]} holders JSON text of each */
  constructor(who, holders) {
    this.who = who
    this.holders = holders
  }

  /** The members `subject` and `within` of a question, as JSON text. */
  get question() {
    const [only, ...others] = this.holders
    const within = only === undefined ? '' : `,"within":${others.length === 0 ? only : `[${this.holders.join()}]`}`
    return `{"subject":${this.who}${within}}`
  }

  /** The principal within further holders. @param {Principal} who @param {unknown} holders one, or a list */
  static within(who, holders) {
    // The core rejects an empty list.
    const added = Array.isArray(holders) && holders.length > 0 ? Array.from(holders, (holder) => argumentJson(holder)) : [argumentJson(holders)]
    return who instanceof PrincipalQuestion ? new PrincipalQuestion(who.who, [...who.holders, ...added]) : new PrincipalQuestion(JSON.stringify(who), added)
  }
}

/** @param {unknown} who @param {boolean} takesRecords whether the model has users with records @returns {Principal} */
export function principalOf(who, takesRecords) {
  if (takesRecords && typeof who === 'object' && who !== null) return new PrincipalQuestion(argumentJson(who), [])
  if (hasRole(who)) {
    const [role] = onlyMembersOf(who, 'the subject', ['role'])
    checkString(role, 'the role')
    return new PrincipalQuestion(JSON.stringify({ role }), [])
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
