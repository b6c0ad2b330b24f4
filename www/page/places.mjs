// @ts-check
// Where in a JSON text something is wrong: its syntax, or the places that JSON pointers name.

import { parseTree, printParseErrorCode } from 'jsonc-parser'

/** @typedef {{ path: string, code: string, message: string }} Problem */
/** @typedef {Problem & { start: number, end: number, line: number }} PlacedProblem lines count from 1 */

/**
 * The value of a JSON text, or all that is wrong with its syntax.
 * @param {string} text
 * @returns {{ value: any, problems?: undefined } | { value?: undefined, problems: PlacedProblem[] }}
 */
export function parse(text) {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { problems: syntaxProblems(text, /** @type {Error} */ (error).message) }
  }
}

/** @param {string} text @param {string} reason what the runtime says */
function syntaxProblems(text, reason) {
  /** @type {import('jsonc-parser').ParseError[]} */
  const errors = []
  parseTree(text, errors, { disallowComments: true })
  if (errors.length === 0) return [placed(text, { path: '', code: 'malformed_json', message: reason }, 0, 0)]
  return errors.map(({ error, offset, length }) =>
    placed(text, { path: '', code: 'malformed_json', message: inWords(printParseErrorCode(error)) }, offset, offset + length),
  )
}

/** `PropertyNameExpected` as `property name expected`. @param {string} name */
function inWords(name) {
  return name.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase()
}

/**
 * Problems with the places that their pointers name in a well-formed text.
 * @param {string} text
 * @param {readonly Problem[]} problems
 */
export function place(text, problems) {
  const root = parseTree(text)
  return problems.map((problem) => {
    const { start, end } = range(find(root, problem.path))
    return placed(text, problem, start, end)
  })
}

/** @param {string} text @param {Problem} problem @param {number} start @param {number} end @returns {PlacedProblem} */
function placed(text, problem, start, end) {
  return { ...problem, start, end, line: text.slice(0, start).split('\n').length }
}

/**
 * Where the values of these pointers are in a well-formed text, each with its name; those that are missing are left out.
 * @param {string} text
 * @param {readonly string[]} pointers
 * @returns {{ start: number, end: number, line: number }[]}
 */
export function extentsOf(text, pointers) {
  const root = parseTree(text)
  return pointers.flatMap((pointer) => {
    const node = find(root, pointer, true)
    if (!node) return []
    const start = node.parent?.type === 'property' ? node.parent.offset : node.offset
    return [{ start, end: node.offset + node.length, line: text.slice(0, start).split('\n').length }]
  })
}

/** @typedef {import('jsonc-parser').Node} Node */

/**
 * The value that a pointer names; for one that is missing, what should hold it, or nothing if it has to exist.
 * @param {Node | undefined} root
 * @param {string} pointer
 * @param {boolean} [exists]
 */
function find(root, pointer, exists = false) {
  let node = root
  for (const key of pointer.split('/').slice(1).map(unescape)) {
    const child = node && member(node, key)
    if (!child && exists) return undefined
    if (!child) break
    node = child
  }
  return node
}

/** @param {string} key */
function unescape(key) {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** @param {Node} node @param {string} key */
function member({ type, children = [] }, key) {
  if (type === 'array') return children[Number(key)]
  // Of members with one name, the last counts.
  if (type === 'object') return children.findLast((property) => property.children?.[0].value === key)?.children?.[1]
}

/**
 * What to mark: a plain value with its name, of a list or an object only the name and the opening bracket.
 * @param {Node | undefined} node
 */
function range(node) {
  if (!node) return { start: 0, end: 0 }
  const start = node.parent?.type === 'property' ? node.parent.offset : node.offset
  return { start, end: node.children ? node.offset + 1 : node.offset + node.length }
}
