// @ts-check
// Decisions as the numbers that cross the boundary, for recorded answers.

import { readFileSync } from 'node:fs'

/** Where each part of a packed decision stands. */
export const layout = JSON.parse(readFileSync(new URL('packed.json', import.meta.url), 'utf8'))

/**
 * A decision as the number that crosses the boundary.
 * @param {{ rules: string[], levels: string[] }} vocabulary
 * @param {{ allow: boolean, rule: string, level?: string, needs?: string }} decision
 */
export function packed({ rules, levels }, { allow, rule, level, needs }) {
  const code = (/** @type {string | undefined} */ word) => (word === undefined ? 0 : levels.indexOf(word) + 1)
  const parts = { allow: Number(allow), rule: rules.indexOf(rule), level: code(level), needs: code(needs) }
  return Object.entries(parts).reduce((number, [part, value]) => number + value * 2 ** layout[part].shift, 0)
}

/** The subject that a recorded answer is about. @param {any} authorizer @param {{ user?: string | null, role?: string }} who */
export function subjectOf(authorizer, who) {
  return who.role === undefined ? authorizer.subject(who.user) : authorizer.subject({ role: who.role })
}

/**
 * The packed answer to a recorded question, or the code of its error.
 * @param {any} vocabulary @param {any} subject @param {[action: string, resource: string, attributes: unknown]} question
 */
export function packedAnswer(vocabulary, subject, [action, resource, attributes]) {
  try {
    return packed(vocabulary, subject.decide(action, resource, attributes ?? undefined))
  } catch (error) {
    return /** @type {any} */ (error).code
  }
}
