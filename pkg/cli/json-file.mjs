// @ts-check
// JSON of a file that was named: the records of a seed, a document, policy tests.

import { readFileSync } from 'node:fs'
import { mistakeIn } from './json-place.mjs'
import { Places } from './json-places.mjs'
import { Mistake } from './mistake.mjs'

/** @typedef {{ file: string, text: string, value: any, places: Places }} JsonFile what a file holds, and where */

/** The records of a seed. @param {string} path @returns {any} */
export function recordsOf(path) {
  return parsed(path, 'the seed', { unreadable: 'unreadable_seed', remedy: 'type `--seed FILE` with records as JSON', exitCode: 2 }).value
}

/**
 * The content of a file. A mistake in it has the exit code 1.
 * @param {string} path
 * @param {string} what the file is
 * @param {string} remedy what to type instead, if it cannot be read
 * @returns {JsonFile}
 */
export function readJson(path, what, remedy) {
  return parsed(path, what, { unreadable: 'unreadable_file', remedy, exitCode: 1 })
}

/** @typedef {{ unreadable: string, remedy: string, exitCode: number }} Mistakes the code and remedy of a mistake in a name, the exit code of one in a content */

/** @param {string} path @param {string} what @param {Mistakes} mistakes @returns {JsonFile} */
function parsed(path, what, mistakes) {
  const text = textOf(path, what, mistakes)
  const mistake = mistakeIn(text)
  if (mistake !== null) throw malformed(`${what} \`${path}\` is not JSON at line ${mistake.line}, column ${mistake.column}: ${mistake.message}`, mistakes)
  return { file: path, text, value: JSON.parse(text), places: new Places(text) }
}

/** @param {string} path @param {string} what @param {Mistakes} mistakes */
function textOf(path, what, mistakes) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user may not read it' : `the system says ${code}`
    throw new Mistake(mistakes.unreadable, `${what} \`${path}\` can not be read, ${why}: ${mistakes.remedy}`)
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
