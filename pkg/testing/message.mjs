// @ts-check
// What a failed test says: the question, what was expected and found, and why.

/**
 * @param {import('./run.mjs').Outcome} outcome
 * @returns {string}
 */
export function failureOf({ question, expected, found, explain }) {
  const explanation = explain()
  return [
    `question: ${typeof question === 'string' ? question : JSON.stringify(question)}`,
    `expected: ${JSON.stringify(expected)}`,
    `found:    ${JSON.stringify(found)}`,
    ...(explanation === undefined ? [] : reasonsOf(explanation)),
  ].join('\n')
}

/** The reason for a decision, and what would change it, as lines. @param {any} explanation @returns {string[]} */
export function reasonsOf({ text, grants = [], limits = [], nearMisses = [], remedies = [] }) {
  return [
    `why:      ${text}`,
    // Several near misses can be about one grant.
    ...new Set([...grants, ...limits, ...nearMisses].map(({ pointer }) => `          ${pointer}`)),
    ...remedies.map((/** @type {{ text: string }} */ remedy) => `remedy:   ${remedy.text}`),
  ]
}
