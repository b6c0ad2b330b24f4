// @ts-check
// Formats the differences of two documents as text.

import { conditionText } from './condition-text.mjs'
import { counted, oneLine } from './text.mjs'

/** @typedef {string | Record<string, string>} Who a word of the model, or a kind and a name */
/** @typedef {string | { pattern: string, when: any }} Exception */
/** @typedef {{ who: Who, also?: Who[], actions: string[], change: string, pattern: string, except?: Exception[], when?: any, example: any }} AccessChange */
/** @typedef {{ change: string, action: string }} ActionChange */
/** @typedef {{ change: string, from: Record<string, string> | null, to: Record<string, string> | null }} TypesChange */
/** @typedef {AccessChange | ActionChange | TypesChange} Entry */

/** How names are marked. @typedef {(name: string) => string} Mark */

/** @param {Entry[]} entries @param {(color: 'bold' | 'yellow', text: string) => string} paint */
export function diffText(entries, paint) {
  if (entries.length === 0) return 'no answer changes'
  const mark = (/** @type {string} */ name) => `\`${oneLine(name)}\``
  const lines = entries.flatMap((entry) => {
    if (!('pattern' in entry)) return [paint('yellow', vocabularyText(entry, mark))]
    const { change, actions, when, example } = entry
    return [
      `${paint('bold', change)}: ${holdersText(entry, mark)}: ${actions.map(mark).join(', ')} on ${resourcesText(entry, mark)}`,
      ...(when === undefined ? [] : [`  if ${oneLine(conditionText(when))}`]),
      `  example: ${oneLine(JSON.stringify(example))}`,
    ]
  })
  return [...lines, summaryText(entries)].join('\n')
}

/** How many entries of a kind of change are called, for one and for several. @type {Record<string, [one: string, many: string]>} */
const KINDS = {
  action_removed: ['action removed', 'actions removed'],
  action_added: ['action added', 'actions added'],
  resources_changed: ['change of the types of resources', 'changes of the types of resources'],
}

/** The number of entries by kind of change. @param {Entry[]} entries */
export function summaryText(entries) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const { change } of entries) counts.set(change, (counts.get(change) ?? 0) + 1)
  return `${counted(entries.length, 'change')}: ${[...counts].map(([change, count]) => counted(count, ...(KINDS[change] ?? [change, change]))).join(', ')}`
}

/** The subjects whose access changes. @param {AccessChange} entry @param {Mark} mark */
export function holdersText({ who, also = [] }, mark) {
  return [who, ...also].map((holder) => (typeof holder === 'string' ? holder : Object.entries(holder).map(([kind, name]) => `${kind} ${mark(name)}`).join(' '))).join(', ')
}

/** The resources of a change. @param {AccessChange} entry @param {Mark} mark */
export function resourcesText({ pattern, except = [] }, mark) {
  const exceptions = except.map((exception) => (typeof exception === 'string' ? mark(exception) : `${mark(exception.pattern)} if ${mark(conditionText(exception.when))}`))
  return [mark(pattern), ...(exceptions.length === 0 ? [] : [`except ${exceptions.join(', ')}`])].join(' ')
}

/** A change of actions or of types of resources. @param {ActionChange | TypesChange} entry @param {Mark} mark */
export function vocabularyText(entry, mark) {
  if ('action' in entry) return `${entry.change.replaceAll('_', ' ')}: ${mark(entry.action)}`
  const types = (/** @type {Record<string, string> | null} */ shapes) => (shapes === null ? 'no types' : mark(JSON.stringify(shapes)))
  return `${entry.change.replaceAll('_', ' ')}: from ${types(entry.from)} to ${types(entry.to)}`
}
