// @ts-check
// Writes the README's table of entries and their sizes, from the built package: `node scripts/sizes.mjs`.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rowOf, weigh } from '../tests/packed/weigh.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const readme = new URL('../README.md', import.meta.url)

/** What each module is for, in the order of the table. */
const MODULES = {
  rbac: '[your own roles](docs/models/rbac.md): roles, groups, grants with conditions and time bounds, limits',
  antmedia: '[Ant Media Server](docs/models/antmedia.md): `ADMIN`, `USER` and `READ_ONLY` in a scope',
  arangodb: '[ArangoDB](docs/models/arangodb.md): `rw`, `ro` and `none` on databases and collections',
  meuse: '[Meuse](docs/models/meuse.md), a registry of crates: roles, tokens, crate owners',
  tyk: '[Tyk Dashboard](docs/models/tyk.md): permissions on sections, groups, ownership',
  wso2: '[WSO2 API Manager](docs/models/wso2.md): user stores, roles, a tree of permissions',
  latchwork: 'every model by name: `open(model, records)`',
}

const rows = []
for (const [name, purpose] of Object.entries(MODULES)) rows.push(`${rowOf(await weigh(root, name))} ${purpose} |`)
const table = ['| import | KB in a page, brotli | JavaScript and explanations | WebAssembly | for |', '| --- | ---: | ---: | ---: | --- |', ...rows].join('\n')
const text = readFileSync(readme, 'utf8')
const written = text.replace(/(<!-- sizes -->\n)[^]*?(\n<!-- end of sizes -->)/, (_, begin, end) => begin + table + end)
if (!written.includes(table)) throw new Error('the README has no place for the sizes')
writeFileSync(readme, written)
console.log(table)
