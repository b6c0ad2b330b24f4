// @ts-check
// Who asks: an id, nobody, or what takes more than a name to say.

import { checkString, onlyMembersOf, wrongType } from './argument.mjs'
import { argumentJson } from './json.mjs'

/** @typedef {string | null | Combined} Asker */

/** A record or a role, or any caller within holders: as JSON text, so that nobody changes it afterwards. */
export class Combined {
  /** @param {string} who JSON text @param {string[]} holders JSON text of each */
  constructor(who, holders) {
    this.who = who
    this.holders = holders
  }

  /** The question that it is a part of. */
  get question() {
    const [only, ...others] = this.holders
    const within = only === undefined ? '' : `,"within":${others.length === 0 ? only : `[${this.holders.join()}]`}`
    return `{"subject":${this.who}${within}}`
  }

  /** Who asks, within further holders. @param {Asker} who @param {unknown} holders one, or a list */
  static within(who, holders) {
    // An empty list is left for the core to refuse.
    const added = Array.isArray(holders) && holders.length > 0 ? Array.from(holders, (holder) => argumentJson(holder)) : [argumentJson(holders)]
    return who instanceof Combined ? new Combined(who.who, [...who.holders, ...added]) : new Combined(JSON.stringify(who), added)
  }
}

/** @param {unknown} who @param {boolean} takesRecords whether the model has users with records @returns {Asker} */
export function askerOf(who, takesRecords) {
  if (takesRecords && typeof who === 'object' && who !== null) return new Combined(argumentJson(who), [])
  if (hasRole(who)) {
    const [role] = onlyMembersOf(who, 'the subject', ['role'])
    checkString(role, 'the role')
    return new Combined(JSON.stringify({ role }), [])
  }
  checkId(who)
  return who
}

/** Whether a value says a role in place of an id. @param {any} who @returns {who is { role: string }} */
function hasRole(who) {
  try {
    return typeof who === 'object' && who !== null && Object.hasOwn(who, 'role')
  } catch {
    // A Proxy that refuses to be looked at is refused for its type.
    return false
  }
}

/** @param {unknown} id @returns {asserts id is string | null} */
export function checkId(id) {
  if (id !== null && typeof id !== 'string') throw wrongType('the subject', 'a string, or null where nobody is signed in', id)
  if (id !== null) checkString(id, 'the subject')
}
