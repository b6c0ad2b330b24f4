// @ts-check
// Writes the documentation as static pages beside the playground.

import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { layout } from './layout.mjs'
import { linkTables, render } from './markdown.mjs'
import { INDEX, ROOT, allPages, relative } from './pages.mjs'

/** @returns {import('vite').Plugin} */
export function docs() {
  return {
    name: 'docs',
    apply: 'build',
    generateBundle() {
      const read = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), 'utf8')
      this.emitFile({ type: 'asset', fileName: 'docs/style.css', source: read('../colors.css') + read('./style.css') })
      for (const { page, html } of renderedPages()) this.emitFile({ type: 'asset', fileName: page, source: html })
    },
  }
}

/** @returns {{ page: string, html: string }[]} */
function renderedPages() {
  const manifest = JSON.parse(readFileSync(new URL('pkg/package.json', ROOT), 'utf8'))
  const pages = allPages()
  const pageOf = new Map(pages.map(({ file, page }) => [file, page]))
  const groups = navigation(pageOf)
  return pages.map(({ file, page }) => {
    const rendered = render(readFileSync(new URL(file, ROOT), 'utf8'), (href) => addressOf(href, file, page, pageOf))
    return { page, html: layout({ page, rendered, groups, version: manifest.version }) }
  })
}

/**
 * The address of a link on a page. A file that has no page has no address.
 * @param {string} href @param {string} file @param {string} page @param {Map<string, string>} pageOf
 */
function addressOf(href, file, page, pageOf) {
  if (/^[a-z]+:/.test(href) || href.startsWith('#')) return href
  const [path, anchor] = href.split('#')
  const target = pageOf.get(posix.join(posix.dirname(file), path))
  return target && relative(page, target) + (anchor === undefined ? '' : `#${anchor}`)
}

/** @typedef {{ heading: string, links: { text: string, page: string }[] }} Group */

/** The pages in the order of the index. @param {Map<string, string>} pageOf @returns {Group[]} */
function navigation(pageOf) {
  const page = (/** @type {string} */ file) => pageOf.get(file) ?? ''
  const folder = posix.dirname(INDEX)
  return [
    { heading: 'Start', links: [{ text: 'Overview', page: page('README.md') }, { text: 'All pages', page: page(INDEX) }, { text: 'Quick start', page: page('docs/quick-start.md') }] },
    ...linkTables(readFileSync(new URL(INDEX, ROOT), 'utf8')).map(({ heading, links }) => ({ heading, links: links.map(({ text, href }) => ({ text, page: page(posix.join(folder, href)) })) })),
    { heading: 'Project', links: [{ text: 'Examples', page: page('examples/README.md') }, { text: 'Design', page: page('docs/design.md') }, { text: 'Architecture', page: page('ARCHITECTURE.md') }, { text: 'Changelog', page: page('CHANGELOG.md') }, { text: 'Security', page: page('SECURITY.md') }] },
  ]
}
