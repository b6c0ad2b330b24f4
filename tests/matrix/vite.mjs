// @ts-check
// Pages that Vite builds.

import { join } from 'node:path'
import { packageOf, served, visit } from './page.mjs'

/** Builds a page and visits it. @param {string} folder @param {string} root @param {Record<string, string>} [headers] */
export async function built(folder, root, headers) {
  const { build } = await packageOf(folder, 'vite')
  await build({ configFile: false, root, logLevel: 'silent', worker: { format: 'es' }, build: { target: 'es2022', chunkSizeWarningLimit: 9_999 } })
  await served(join(root, 'dist'), (origin) => visit(folder, origin), headers)
}
