// @ts-check
// Policy tests in a file, and the document that they name.

import { LatchworkError } from '../core/error.mjs'
import { builtin } from './runner.mjs'

/**
 * The JSON of a file.
 * @param {string | URL} file
 * @returns {any}
 */
export function readFile(file) {
  const fs = builtin('node:fs')
  if (fs === undefined) throw new LatchworkError('unsupported', 'files can be read in Node only: pass the tests as an object, with the document as `policy`')
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new LatchworkError('invalid_tests', `\`${String(file)}\` cannot be read as JSON: ${/** @type {Error} */ (cause).message}`, undefined, cause)
  }
}

/** The path of a document, relative to the file that names it. @param {string | URL | undefined} file @param {string} policy */
export function beside(file, policy) {
  const path = builtin('node:path')
  const url = builtin('node:url')
  if (path === undefined || url === undefined || file === undefined) return policy
  return path.resolve(path.dirname(file instanceof URL || String(file).startsWith('file:') ? url.fileURLToPath(file) : file), policy)
}
