// @ts-check
// A document in a file, opened by its model.

import { open } from '../entries/server.mjs'
import { LatchworkError } from '../core/error.mjs'
import { readJson } from './json-file.mjs'
import { contentMistake, Mistake } from './mistake.mjs'

/** The model of a document, if none is named. */
export const SYSTEM = 'rbac'

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
 * @param {{ now?: () => number | undefined }} [options]
 * @returns {Document}
 */
export function openDocument(file, system = SYSTEM, options) {
  const { value, places } = readJson(file, 'the document', 'type the name of a file with a document as JSON')
  return { file, system, value, places, authorizer: openValue(value, { file, system, places }, options) }
}

/**
 * Opens a document that is read; a mistake with all of its problems, if it is not valid.
 * @param {any} value
 * @param {Pick<Document, 'file' | 'system' | 'places'>} source
 * @param {{ now?: () => number | undefined }} [options]
 * @returns {any}
 */
export function openValue(value, { file, system, places }, options) {
  try {
    return open(/** @type {any} */ (system), value, /** @type {any} */ (options))
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    if (error.code !== 'invalid_records') throw new Mistake(error.code, error.message)
    throw contentMistake('invalid_records', `\`${file}\` is not valid`, placedProblems(error, file, places))
  }
}

/**
 * The problems of an error, each with its place in the file.
 * @param {any} error @param {string} file @param {import('./json-places.mjs').Places} places
 * @returns {import('./mistake.mjs').Problem[]}
 */
function placedProblems(error, file, places) {
  return error.problems.map((/** @type {import('./mistake.mjs').Problem} */ { path, code, message }) => ({ file, ...places.of(path), path, code, message }))
}

/** A question to the core, whose typed errors are mistakes of the caller. @template T @param {() => T} ask @returns {T} */
export function asking(ask) {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    const { code, message, problems } = /** @type {any} */ (error)
    throw new Mistake(code, message, problems)
  }
}
