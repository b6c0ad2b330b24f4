// @ts-check
// Writes the table of rules into the page of each product in docs/models/, from their explanations: `node scripts/rules.mjs`.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The models whose rules have a fixed vocabulary, and so a generated table. */
export const PRODUCTS = ['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2']

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const pageOf = (/** @type {string} */ model) => `docs/models/${model}.md`
const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|')

/** The rules of a model as a table, in the order of their file. @param {string} model */
function rulesTable(model) {
  /** @type {{ [rule: string]: { text: string, document: string, heading: string } }} */
  const explanations = JSON.parse(read(`src/systems/${model}/words.json`))
  const rows = Object.entries(explanations).map(([rule, { text, document, heading }]) => `| \`${rule}\` | ${cell(text)} | ${cell(document)}, "${cell(heading)}" |`)
  return ['| rule | explanation | source |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The page of a model, and the same page with the current table between its markers. @param {string} model */
export function ruledPage(model) {
  const page = read(pageOf(model))
  const [begin, end] = [`<!-- rules: ${model} -->\n`, '\n<!-- end of rules -->']
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)]
  if (start === -1 || stop === -1) throw new Error(`${pageOf(model)} has no markers for its rules`)
  return { page, current: page.slice(0, start + begin.length) + rulesTable(model) + page.slice(stop) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const model of PRODUCTS) writeFileSync(new URL(`../${pageOf(model)}`, import.meta.url), ruledPage(model).current)
}
