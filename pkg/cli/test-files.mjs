// @ts-check
// Files of policy tests, with the documents that they name.

import { classify, open, validate } from '../entries/server.mjs'
import { dirname, resolve, relative } from 'node:path'
import { readTests } from '../testing/form.mjs'
import { TIMELESS } from '../testing/run.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { readJson } from './json-file.mjs'
import { contentMistake } from './mistake.mjs'

/** The functions that cases are run with. */
export const MODULE = { open, validate, classify }

/**
 * A file of tests.
 * @typedef {object} TestFile
 * @property {string} file
 * @property {import('./json-places.mjs').Places} places
 * @property {import('../testing/form.mjs').Case[]} cases
 * @property {string} system
 * @property {import('./document.mjs').Document} [document] the policy
 */

/**
 * Reads files of tests. A document that several files name is opened once.
 * @param {readonly string[]} files
 * @param {string | undefined} system of files that name none
 * @param {string[]} read takes the names of the files that are read
 * @returns {TestFile[]}
 */
export function readTestFiles(files, system, read) {
  /** @type {Map<string, import('./document.mjs').Document>} */
  const documents = new Map()
  read.push(...files)
  return files.map((file) => {
    const { value, places } = readJson(file, 'the file of tests', 'type the name of a file with policy tests')
    const { tests, problems } = readTests(value, system)
    if (typeof tests.policy === 'object') problems.push({ path: '/policy', code: 'wrong_type', message: 'expected the path of the document, relative to this file' })
    if (problems.length > 0) throw contentMistake('invalid_tests', `the policy tests in \`${file}\` are not valid`, problems.map((problem) => ({ file, ...places.placeOf(problem.path), ...problem })))
    const model = tests.system
    return { file, places, cases: tests.cases, system: model, ...(tests.policy === undefined ? {} : { document: openOnce(documents, shownPath(resolve(dirname(file), tests.policy)), model, read) }) }
  })
}

/** @param {Map<string, import('./document.mjs').Document>} documents @param {string} path @param {string} system @param {string[]} read */
function openOnce(documents, path, system, read) {
  read.push(path)
  const key = `${system} ${path}`
  const document = documents.get(key) ?? withMistakes(() => openDocument(path, system, TIMELESS))
  documents.set(key, document)
  return document
}

/** A path for output: relative to the working directory if it is below. @param {string} path */
function shownPath(path) {
  const below = relative('.', path)
  return below.startsWith('..') ? path : below
}
