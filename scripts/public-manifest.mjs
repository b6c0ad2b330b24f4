// @ts-check
// The manifest of the package as it is published: with the address of the repository.
//
//     node scripts/public-manifest.mjs ADDRESS FILE    writes it over FILE

import { readFileSync, writeFileSync } from 'node:fs'

/** @template {object} M @param {M} manifest @param {string} address as https://example.org/owner/latchwork */
export function publicManifest(manifest, address) {
  const plain = address.replace(/(\.git)?\/?$/, '')
  return { ...manifest, repository: { type: 'git', url: `git+${plain}.git`, directory: 'pkg' }, homepage: `${plain}#readme`, bugs: `${plain}/issues` }
}

if (import.meta.filename === process.argv[1]) {
  const [address, file] = process.argv.slice(2)
  writeFileSync(file, `${JSON.stringify(publicManifest(JSON.parse(readFileSync(file, 'utf8')), address), null, 2)}\n`)
}
