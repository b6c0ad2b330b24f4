// @ts-check
// Unpacks decisions of the core.

/** @typedef {{ allow: boolean, rule: string, level?: string, needs?: string }} Decision */

/**
 * Unpacks a decision; src/decision.rs has the layout of its bits.
 * @param {import('./vocabulary.mjs').Codes} vocabulary
 * @param {number} packed
 * @returns {Decision}
 */
export function decisionOf({ rules, levels }, packed) {
  const allow = (packed & 1) === 1
  const rule = rules[(packed >> 1) & 255]
  const level = (packed >> 9) & 15
  const needs = (packed >> 13) & 15
  // Whole literals: their members are their own, whatever stands on Object.prototype.
  if (level === 0) return { allow, rule }
  if (needs === 0) return { allow, rule, level: levels[level - 1] }
  return { allow, rule, level: levels[level - 1], needs: levels[needs - 1] }
}

/**
 * A decision with the sentence and the passage of its rule.
 * @param {{ [rule: string]: { text: string, document: string, heading: string } }} explanations of the rules of its system
 * @param {Decision} decision
 */
export function explanationOf(explanations, decision) {
  const { text, ...citation } = explanations[decision.rule]
  return { ...decision, text, citation }
}
