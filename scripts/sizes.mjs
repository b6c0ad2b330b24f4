// @ts-check
// Writes the README's table of entries and their sizes, from the built package: `node scripts/sizes.mjs`.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rowOf, weigh } from '../tests/packed/weigh.mjs'
import { MODELS, described, pageOf } from './models.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const readme = new URL('../README.md', import.meta.url)

/** What each module is for, in the order of the table. @type {[name: string, purpose: string][]} */
const MODULES = MODELS.map((model) => {
  const { title, purpose } = described(model)
  return [model, `[${title}](${pageOf(model)}): ${purpose}`]
})
MODULES.push(['latchwork', 'every model by name: `open(model, records)`'])

const rows = []
for (const [name, purpose] of MODULES) rows.push(`${rowOf(await weigh(root, name))} ${purpose} |`)
const table = ['| import | KB in a page, brotli | JavaScript and explanations | WebAssembly | for |', '| --- | ---: | ---: | ---: | --- |', ...rows].join('\n')
const text = readFileSync(readme, 'utf8')
const written = text.replace(/(<!-- sizes -->\n)[^]*?(\n<!-- end of sizes -->)/, (_, begin, end) => begin + table + end)
if (!written.includes(table)) throw new Error('the README has no place for the sizes')
writeFileSync(readme, written)
console.log(table)
