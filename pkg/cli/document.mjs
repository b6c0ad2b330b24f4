// @ts-check
// Opens a document in a file with its model.

import { open } from '../entries/server.mjs'
import { LatchworkError } from '../core/error.mjs'
import { readDocument } from './json-file.mjs'
import { contentMistake, Mistake } from './mistake.mjs'

/** The default model. */
const SYSTEM = 'rbac'

/**
 * @typedef {object} Document
 * @property {string} file
 * @property {string} system
 * @property {any} value the JSON
 * @property {import('./json-places.mjs').Places} places
 * @property {any} authorizer
 */

/**
 * Opens the document of a file.
 * @param {string} file
 * @param {string} [system]
 * @param {{ now?: () => number | null }} [options]
 * @returns {Document}
 */
export function openDocument(file, system = SYSTEM, options) {
  const { value, repeats, places } = readDocument(file)
  const duplicates = repeats ? places.duplicates().map((problem) => ({ file, ...problem })) : []
  return { file, system, value, places, authorizer: openValue(value, { file, system, places, duplicates }, options) }
}

/**
 * Opens a parsed document; throws a `Mistake` with all problems if it is not valid.
 * @param {any} value
 * @param {Pick<Document, 'file' | 'system' | 'places'> & { duplicates: import('./mistake.mjs').Problem[] }} source `duplicates`: its duplicate members, which a parsed value does not have
 * @param {{ now?: () => number | null }} [options]
 * @returns {any}
 */
function openValue(value, { file, system, places, duplicates }, options) {
  const notValid = (/** @type {import('./mistake.mjs').Problem[]} */ problems) => contentMistake('invalid_records', `\`${file}\` is not valid`, [...duplicates, ...problems])
  let authorizer
  try {
    authorizer = open(/** @type {any} */ (system), value, /** @type {any} */ (options))
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    if (error.code !== 'invalid_records') throw new Mistake(error.code, error.message)
    throw notValid(addPlaces(error, file, places))
  }
  if (duplicates.length > 0) throw notValid([])
  return authorizer
}

/**
 * The problems of an error, each with its position in the file.
 * @param {any} error @param {string} file @param {import('./json-places.mjs').Places} places
 * @returns {import('./mistake.mjs').Problem[]}
 */
function addPlaces(error, file, places) {
  return error.problems.map((/** @type {import('./mistake.mjs').Problem} */ { path, code, message }) => ({ file, ...places.placeOf(path), path, code, message }))
}

/** Runs a call of the core, and converts its typed errors to mistakes. @template T @param {() => T} ask @returns {T} */
export function withMistakes(ask) {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    const { code, message, problems } = /** @type {any} */ (error)
    throw new Mistake(code, message, problems)
  }
}
