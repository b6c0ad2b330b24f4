// @ts-check
// Writes the table of rules into the page of each product in docs/models/, from the built package: `node scripts/rules.mjs`.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @typedef {{ [rule: string]: { text: string, document: string, heading: string } }} Explanations */

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|')

/** The rules of a model as a table. @param {Explanations} explanations */
export function rulesTable(explanations) {
  const rows = Object.entries(explanations).map(([rule, { text, document, heading }]) => `| \`${rule}\` | ${cell(text)} | ${cell(document)}, "${cell(heading)}" |`)
  return ['| rule | explanation | source |', '| --- | --- | --- |', ...rows].join('\n')
}

/** A page with the current table between its markers. @param {string} page @param {string} model @param {Explanations} explanations */
export function withRules(page, model, explanations) {
  const [begin, end] = [`<!-- rules: ${model} -->\n`, '\n<!-- end of rules -->']
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)]
  if (start === -1 || stop === -1) throw new Error(`docs/models/${model}.md has no markers for its rules`)
  return page.slice(0, start + begin.length) + rulesTable(explanations) + page.slice(stop)
}

/** The models whose rules have a fixed vocabulary, and so a generated table. */
export const PRODUCTS = ['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2']

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { default: explanations } = await import('../pkg/wasm/latchwork.rules.mjs')
  for (const model of PRODUCTS) {
    const path = new URL(`../docs/models/${model}.md`, import.meta.url)
    writeFileSync(path, withRules(readFileSync(path, 'utf8'), model, /** @type {any} */ (explanations)[model]))
  }
}
