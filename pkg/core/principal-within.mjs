// @ts-check
// A principal within holders: only what each of them also allows is allowed.

import { PrincipalQuestion } from './principal.mjs'

export class PrincipalWithin extends PrincipalQuestion {
  /** @param {string} who JSON text @param {string[]} holders JSON text of each */
  constructor(who, holders) {
    super(who)
    this.holders = holders
    this.question = `{"subject":${who},"within":${holders.length === 1 ? holders[0] : `[${holders.join()}]`}}`
  }
}

/** The principal within further holders. @param {import('./principal.mjs').Principal} who @param {string[]} added JSON text of each */
export function narrow(who, added) {
  const holders = who instanceof PrincipalWithin ? [...who.holders, ...added] : added
  return new PrincipalWithin(who instanceof PrincipalQuestion ? who.who : JSON.stringify(who), holders)
}
