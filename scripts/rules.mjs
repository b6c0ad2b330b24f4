// @ts-check
// Writes the tables of docs/ that follow from the list of models: the rules in the page of each product, from their
// explanations, and the models in docs/README.md. `node scripts/rules.mjs`

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MODELS, described, pageOf, textOf } from './models.mjs'

/** The models whose page has a place for their rules. Those of `rbac` depend on the document. */
export const PRODUCTS = MODELS.filter((model) => textOf(pageOf(model)).includes(`<!-- rules: ${model} -->`))

const INDEX = 'docs/README.md'

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|')

/** The rules of a model as a table, in the order of their file. @param {string} model */
function rulesTable(model) {
  /** @type {{ [rule: string]: { text: string, document: string, heading: string } }} */
  const explanations = JSON.parse(textOf(`src/systems/${model}/words.json`))
  const rows = Object.entries(explanations).map(([rule, { text, document, heading }]) => `| \`${rule}\` | ${cell(text)} | ${cell(document)}, "${cell(heading)}" |`)
  return ['| rule | explanation | source |', '| --- | --- | --- |', ...rows].join('\n')
}

/** All models as a table, with links from `docs/`. */
function modelsTable() {
  const rows = MODELS.map((model) => {
    const { title, purpose } = described(model)
    return `| [${model}](${pageOf(model).replace('docs/', '')}) | ${title}: ${purpose} |`
  })
  return ['| model | for |', '| --- | --- |', ...rows].join('\n')
}

/** A page, and the same page with the current table between two markers. @param {string} path @param {string} begin @param {string} end @param {string} table */
function withTable(path, begin, end, table) {
  const page = textOf(path)
  const [start, stop] = [page.indexOf(`${begin}\n`), page.indexOf(`\n${end}`)]
  if (start === -1 || stop === -1) throw new Error(`${path} has no markers ${begin} and ${end}`)
  return { page, current: `${page.slice(0, start)}${begin}\n${table}${page.slice(stop)}` }
}

/** The page of a model with its rules. @param {string} model */
export const ruledPage = (model) => withTable(pageOf(model), `<!-- rules: ${model} -->`, '<!-- end of rules -->', rulesTable(model))

/** The index of the documentation with all models. */
export const indexPage = () => withTable(INDEX, '<!-- models -->', '<!-- end of models -->', modelsTable())

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const model of PRODUCTS) writeFileSync(new URL(`../${pageOf(model)}`, import.meta.url), ruledPage(model).current)
  writeFileSync(new URL(`../${INDEX}`, import.meta.url), indexPage().current)
}
