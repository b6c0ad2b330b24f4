// @ts-check
// The records of a seed file.

import { readFileSync } from 'node:fs'
import { mistakeIn } from './json-place.mjs'
import { Mistake } from './settings.mjs'

/** @param {string} path @returns {any} */
export function recordsOf(path) {
  const text = textOf(path)
  const mistake = mistakeIn(text)
  if (mistake === null) return JSON.parse(text)
  throw new Mistake('malformed_json', `the seed \`${path}\` is not JSON at line ${mistake.line}, column ${mistake.column}: ${mistake.message}`)
}

/** @param {string} path */
function textOf(path) {
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user may not read it' : `the system says ${code}`
    throw new Mistake('unreadable_seed', `the seed \`${path}\` can not be read, ${why}: type \`--seed FILE\` with records as JSON`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Mistake('malformed_json', `the seed \`${path}\` is not in UTF-8: save it as UTF-8`)
  }
}
