// @ts-check
// Reads JSON files of arguments: the records of a seed, a document, policy tests.

import { readFileSync } from 'node:fs'
import { findMistake } from './json-place.mjs'
import { Places } from './json-places.mjs'
import { Mistake } from './mistake.mjs'

/** @typedef {{ file: string, text: string, value: any, places: Places }} JsonFile the content of a file with the positions of its values */

/** Reads the records of a seed. @param {string} path @returns {any} */
export function readRecords(path) {
  return parseFile(path, 'the seed', { unreadable: 'unreadable_seed', remedy: 'type `--seed FILE` with a JSON file of records', exitCode: 2 }).value
}

/**
 * Reads a file. A mistake in its content has the exit code 1.
 * @param {string} path
 * @param {string} what the file is
 * @param {string} remedy what to type instead, if it cannot be read
 * @returns {JsonFile}
 */
export function readJson(path, what, remedy) {
  return parseFile(path, what, { unreadable: 'unreadable_file', remedy, exitCode: 1 })
}

/** @typedef {{ unreadable: string, remedy: string, exitCode: number }} Mistakes the code and remedy for an unreadable file, and the exit code for invalid content */

/** @param {string} path @param {string} what @param {Mistakes} mistakes @returns {JsonFile} */
function parseFile(path, what, mistakes) {
  const text = readText(path, what, mistakes)
  const mistake = findMistake(text)
  if (mistake !== null) throw malformed(`${what} \`${path}\` is not JSON at line ${mistake.line}, column ${mistake.column}: ${mistake.message}`, mistakes)
  return { file: path, text, value: JSON.parse(text), places: new Places(text) }
}

/** @param {string} path @param {string} what @param {Mistakes} mistakes */
function readText(path, what, mistakes) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = code === 'ENOENT' ? 'the file does not exist' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user lacks permission to read it' : `the system reported ${code}`
    throw new Mistake(mistakes.unreadable, `${what} \`${path}\` cannot be read, ${why}: ${mistakes.remedy}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed(`${what} \`${path}\` is not in UTF-8: save it as UTF-8`, mistakes)
  }
}

/** @param {string} message @param {Mistakes} mistakes */
function malformed(message, { exitCode }) {
  const mistake = new Mistake('malformed_json', message)
  mistake.exitCode = exitCode
  return mistake
}
