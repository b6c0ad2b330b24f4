// @ts-check
// A JSON Patch (RFC 6902) applied to a copy of a document: the operations `add`, `remove` and `replace`.

/** @typedef {{ op: string, path: string, value?: unknown }} Operation */

/**
 * The document after the operations. It shares what they do not change with the original, which does not change.
 * @param {any} document
 * @param {readonly Operation[]} patch
 * @returns {any}
 */
export function patched(document, patch) {
  return patch.reduce((value, { op, path, value: operand }) => changed(value, namesOf(path), op, operand, path), document)
}

/** The names of a JSON pointer. @param {string} pointer */
function namesOf(pointer) {
  if (pointer !== '' && !pointer.startsWith('/')) throw new Error(`\`${pointer}\` is not a JSON pointer`)
  return pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** @param {any} value @param {string[]} names @param {string} op @param {unknown} operand @param {string} path @returns {any} */
function changed(value, names, op, operand, path) {
  const [name, ...rest] = names
  if (name === undefined) {
    if (op === 'remove') throw new Error('the whole document cannot be removed')
    return operand
  }
  if (Array.isArray(value)) return changedList(value, name, rest, op, operand, path)
  if (typeof value !== 'object' || value === null) throw missing(path)
  const entries = Object.entries(value)
  const index = entries.findIndex(([key]) => key === name)
  if (index < 0 && (op !== 'add' || rest.length > 0)) throw missing(path)
  if (rest.length > 0) return fromEntries(entries.with(index, [name, changed(entries[index][1], rest, op, operand, path)]))
  if (op === 'remove') return fromEntries(entries.toSpliced(index, 1))
  return fromEntries(index < 0 ? [...entries, [name, operand]] : entries.with(index, [name, operand]))
}

/** @param {any[]} list @param {string} name @param {string[]} rest @param {string} op @param {unknown} operand @param {string} path */
function changedList(list, name, rest, op, operand, path) {
  const isLast = rest.length === 0
  const index = name === '-' ? list.length : /^(0|[1-9]\d*)$/.test(name) ? Number(name) : NaN
  if (!(index < list.length || (index === list.length && isLast && op === 'add'))) throw missing(path)
  if (!isLast) return list.with(index, changed(list[index], rest, op, operand, path))
  return op === 'remove' ? list.toSpliced(index, 1) : op === 'add' ? list.toSpliced(index, 0, operand) : list.with(index, operand)
}

/** Own members, also one that is called `__proto__`. @param {[string, any][]} entries */
const fromEntries = (entries) => Object.fromEntries(entries)

/** @param {string} path */
const missing = (path) => new Error(`the document has nothing at \`${path}\``)
