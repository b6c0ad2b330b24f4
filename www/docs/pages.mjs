// @ts-check
// The Markdown files of the documentation, and where the pages made from them are.

import { readdirSync } from 'node:fs'
import { posix } from 'node:path'

/** The repository. */
export const ROOT = new URL('../../', import.meta.url)

/** The file that lists the others. */
export const INDEX = 'docs/README.md'

/** @typedef {{ file: string, page: string }} Page a file of the repository, and the path of its page in the site */

/** @returns {Page[]} */
export function allPages() {
  const files = [...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'ARCHITECTURE.md'], ...markdownIn('docs'), ...markdownIn('examples')]
  return files.map((file) => ({ file, page: pageOf(file) }))
}

/** @param {string} folder */
function markdownIn(folder) {
  const entries = readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
  const files = entries.map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
  // An example that was tried has packages installed beside it.
  return files.filter((file) => file.endsWith('.md') && !file.includes('/node_modules/')).sort()
}

/** `docs/README.md` is `docs/index.html`, and `README.md` is `docs/readme.html`. @param {string} file */
function pageOf(file) {
  const inDocs = file.startsWith('docs/') ? file : `docs/${file.includes('/') ? file : file.toLowerCase()}`
  return inDocs.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html')
}

/** The address of a path in the site, in a link of a page. @param {string} page @param {string} path */
export function relative(page, path) {
  return posix.relative(posix.dirname(page), path)
}
