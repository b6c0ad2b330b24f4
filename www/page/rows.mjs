// @ts-check
// The rows, columns and cells of the permission matrix.

import { attempt, optionsOf, subjectOf } from './app.mjs'

/** @typedef {import('./store.mjs').Row} Row */

/** The users that a document names, whatever its model: the names of an object, or the members of a list that identify. @param {any} value @returns {Row[]} */
export function usersOf(value) {
  const users = value?.users
  if (Array.isArray(users)) return users.flatMap((user) => [user?.id ?? user?.name ?? user?.email].filter((id) => typeof id === 'string').map((subject) => ({ subject })))
  return users && typeof users === 'object' ? Object.keys(users).map((subject) => ({ subject })) : []
}

/** All rows of a state: the users of the document, then the further ones. @param {import('./app.mjs').App} app @returns {Row[]} */
export function rowsOf({ state, value }) {
  const users = usersOf(value)
  const names = new Set(users.map(({ subject }) => subject))
  return [...users, ...state.rows.filter((row) => row.within !== undefined || row.role !== undefined || !names.has(/** @type {any} */ (row.subject)))]
}

/** The actions of a sample, in the order of the vocabulary: its own, as far as the vocabulary has them; all of the vocabulary if it has none of them. @param {import('./store.mjs').Sample} sample @param {readonly string[]} vocabulary */
export function actionsOf({ actions }, vocabulary) {
  const known = vocabulary.filter((action) => actions?.includes(action))
  return known.length > 0 ? known : vocabulary
}

/** @typedef {{ allow: boolean } | { error: string }} Cell */

/**
 * The answers of one row, for each sample and action.
 * @param {any} authorizer
 * @param {Row} row
 * @param {readonly import('./store.mjs').Sample[]} samples
 * @param {readonly (readonly string[])[]} actions of each sample
 * @returns {Cell[][]}
 */
export function answersOf(authorizer, row, samples, actions) {
  const { value: subject, error } = attempt(() => subjectOf(authorizer, row))
  if (error) return actions.map((list) => list.map(() => ({ error: error.message })))
  try {
    return samples.map((sample, index) => {
      const { resource, attributes } = sample
      const options = optionsOf(sample)
      return actions[index].map((action) => {
        const { value, error } = attempt(() => subject.can(action, resource, attributes, options))
        return error ? { error: error.message } : { allow: /** @type {boolean} */ (value) }
      })
    })
  } finally {
    subject.dispose()
  }
}
