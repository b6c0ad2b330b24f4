// @ts-check
// JSON of a file that was named: the records of a seed, a document.

import { readFileSync } from 'node:fs'
import { mistakeIn } from './json-place.mjs'
import { Mistake } from './settings.mjs'

/** The records of a seed. @param {string} path @returns {any} */
export function recordsOf(path) {
  return jsonOf(path, 'the seed', 'unreadable_seed', 'type `--seed FILE` with records as JSON')
}

/**
 * @param {string} path
 * @param {string} what the file is
 * @param {string} unreadable the code of a mistake in its name
 * @param {string} remedy
 * @returns {any}
 */
export function jsonOf(path, what, unreadable, remedy) {
  const text = textOf(path, what, unreadable, remedy)
  const mistake = mistakeIn(text)
  if (mistake === null) return JSON.parse(text)
  throw new Mistake('malformed_json', `${what} \`${path}\` is not JSON at line ${mistake.line}, column ${mistake.column}: ${mistake.message}`)
}

/** @param {string} path @param {string} what @param {string} unreadable @param {string} remedy */
function textOf(path, what, unreadable, remedy) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user may not read it' : `the system says ${code}`
    throw new Mistake(unreadable, `${what} \`${path}\` can not be read, ${why}: ${remedy}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Mistake('malformed_json', `${what} \`${path}\` is not in UTF-8: save it as UTF-8`)
  }
}
