// @ts-check
// Reads JSON files of arguments: the records of a seed, a document, policy tests.

import { readFileSync } from 'node:fs'
import { findMistake } from './json-place.mjs'
import { Places } from './json-places.mjs'
import { Mistake } from './mistake.mjs'

/** @typedef {{ file: string, text: string, value: any, repeats: boolean, places: Places }} JsonFile the content of a file, whether it has duplicate members, and the positions of its values */

/** Reads the records of a seed. @param {string} path @returns {any} */
export function readRecords(path) {
  return parseFile(path, 'the seed', { unreadable: 'unreadable_seed', remedy: 'type `--seed FILE` with a JSON file of records', exitCode: 2, mayRepeat: false }).value
}

/**
 * Reads the file of a document. Its duplicate members are problems for the model to report. A mistake in its content has
 * the exit code 1.
 * @param {string} path
 * @returns {JsonFile}
 */
export function readDocument(path) {
  return parseFile(path, 'the document', { unreadable: 'unreadable_file', remedy: 'type the name of a JSON file with a document', exitCode: 1, mayRepeat: true })
}

/**
 * Reads another file that an argument names. A mistake in its content has the exit code 2.
 * @param {string} path
 * @param {string} what the file is
 * @param {string} remedy what to type instead, if it cannot be read
 * @returns {JsonFile}
 */
export function readJson(path, what, remedy) {
  return parseFile(path, what, { unreadable: 'unreadable_file', remedy, exitCode: 2, mayRepeat: false })
}

/**
 * How a file is read.
 * @typedef {object} Reading
 * @property {string} unreadable the code for an unreadable file
 * @property {string} remedy what to type instead of an unreadable file
 * @property {number} exitCode for invalid content
 * @property {boolean} mayRepeat whether members may be duplicate
 */

/** @param {string} path @param {string} what @param {Reading} reading @returns {JsonFile} */
function parseFile(path, what, reading) {
  const text = readText(path, what, reading)
  const mistake = findMistake(text, reading.mayRepeat)
  if (mistake !== null) throw malformed(`${what} \`${path}\` is not JSON`, reading, [{ file: path, line: mistake.line, column: mistake.column, path: '', code: 'malformed_json', message: mistake.message }])
  return { file: path, text, value: JSON.parse(text), repeats: reading.mayRepeat && findMistake(text) !== null, places: new Places(text) }
}

/** @param {string} path @param {string} what @param {Reading} reading */
function readText(path, what, reading) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = code === 'ENOENT' ? 'the file does not exist' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user lacks permission to read it' : `the system reported ${code}`
    throw new Mistake(reading.unreadable, `${what} \`${path}\` cannot be read, ${why}: ${reading.remedy}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed(`${what} \`${path}\` is not in UTF-8: save it as UTF-8`, reading)
  }
}

/** @param {string} message @param {Reading} reading @param {import('./mistake.mjs').Problem[]} [problems] */
function malformed(message, { exitCode }, problems) {
  const mistake = new Mistake('malformed_json', message, problems)
  mistake.exitCode = exitCode
  return mistake
}
