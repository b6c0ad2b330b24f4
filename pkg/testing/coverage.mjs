// @ts-check
// What in a document no test exercises: its parts, without those that the explanations name.

import { escaped } from './json-pointer.mjs'

/**
 * The parts of a document that decided no question of the outcomes. Explanations do not name assignments.
 * @param {any} authorizer of the document, opened by the module for servers
 * @param {readonly import('./run.mjs').Outcome[]} outcomes of questions to this document
 * @returns {{ path: string, kind: string }[]}
 */
export function unexercised(authorizer, outcomes) {
  const deciding = new Set(outcomes.flatMap((outcome) => decidingParts(outcome.explain())))
  return authorizer.parts().filter((/** @type {{ path: string, kind: string }} */ { path, kind }) => kind !== 'assignment' && !deciding.has(path))
}

/** Pointers to the grants and limits that decided, and to the roles by which a user has the grants. @param {any} explanation @returns {string[]} */
function decidingParts(explanation) {
  const { grants = [], limits = [] } = explanation ?? {}
  return [...grants, ...limits].flatMap(({ pointer, role, inherited = [] }) => [pointer, ...[role, ...inherited].filter((name) => name !== undefined).map((name) => `/roles/${escaped(name)}`)])
}
