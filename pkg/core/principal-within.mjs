// @ts-check
// A principal within holders: only what each of them also allows is allowed.

import { argumentJson } from './json.mjs'
import { PrincipalQuestion } from './principal.mjs'

export class PrincipalWithin extends PrincipalQuestion {
  /** @param {string} who JSON text @param {string[]} holders JSON text of each */
  constructor(who, holders) {
    super(who)
    this.holders = holders
    this.question = `{"subject":${who},"within":${holders.length === 1 ? holders[0] : `[${holders.join()}]`}}`
  }
}

/** The principal within further holders. @param {import('./principal.mjs').Principal} who @param {unknown} further one holder, or a list */
export function narrow(who, further) {
  const added = holdersOf(further)
  const holders = who instanceof PrincipalWithin ? [...who.holders, ...added] : added
  return new PrincipalWithin(who instanceof PrincipalQuestion ? who.who : JSON.stringify(who), holders)
}

/** The JSON text of each holder. @param {unknown} holders one, or a list */
function holdersOf(holders) {
  // The core rejects an empty list.
  if (!Array.isArray(holders) || holders.length === 0) return [argumentJson(holders, 'within')]
  return Array.from(holders, (holder, index) => argumentJson(holder, 'within', index))
}
