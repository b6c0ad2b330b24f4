// @ts-check
// A JSON Patch (RFC 6902) applied to the text of a document: what it does not change keeps its spaces and line breaks.

import { applyEdits, modify } from 'jsonc-parser'
import { patched } from '../../pkg/testing/json-patch.mjs'

/** @typedef {{ op: 'add' | 'remove' | 'replace', path: string, value?: unknown }} Operation */

const FORMATTING = { insertSpaces: true, tabSize: 2, eol: '\n' }

/** @param {string} text a JSON text @param {readonly Operation[]} patch */
export function patchedText(text, patch) {
  return patch.reduce((current, operation) => {
    const { op, path, value } = operation
    const before = JSON.parse(current)
    const names = namesOf(path, before)
    // The members of a list move when one is added or removed before its end.
    const isInsertion = op === 'add' && typeof names.at(-1) === 'number'
    const edited = applyEdits(current, modify(current, names, op === 'remove' ? undefined : value, { formattingOptions: FORMATTING, isArrayInsertion: isInsertion }))
    const after = patched(before, [operation])
    return JSON.stringify(JSON.parse(edited)) === JSON.stringify(after) ? edited : JSON.stringify(after, null, 2)
  }, text)
}

/** The names of a pointer; a place in a list is a number. @param {string} pointer @param {any} value */
function namesOf(pointer, value) {
  let at = value
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
      const key = Array.isArray(at) ? (name === '-' ? at.length : Number(name)) : name
      at = at?.[key]
      return key
    })
}
