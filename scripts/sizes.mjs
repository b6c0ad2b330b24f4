// @ts-check
// Writes the README's table of modules and their sizes, from the built package: `node scripts/sizes.mjs`.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rowOf, weigh } from '../tests/packed/weigh.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const readme = new URL('../README.md', import.meta.url)
const names = readdirSync(new URL('../pkg/wasm/', import.meta.url)).flatMap((path) => /^(\w+)\.rules\.mjs$/.exec(path)?.[1] ?? [])

const rows = []
for (const name of names.sort((one, other) => Number(one === 'latchwork') - Number(other === 'latchwork') || (one < other ? -1 : 1))) rows.push(rowOf(await weigh(root, name)))
const table = ['| import | a page loads, KB brotli | JavaScript and explanations | WebAssembly |', '| --- | ---: | ---: | ---: |', ...rows].join('\n')
const text = readFileSync(readme, 'utf8')
const written = text.replace(/(<!-- sizes -->\n)[^]*?(\n<!-- end of sizes -->)/, (_, begin, end) => begin + table + end)
if (!written.includes(table)) throw new Error('the README has no place for the sizes')
writeFileSync(readme, written)
console.log(table)
