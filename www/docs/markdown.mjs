// @ts-check
// Markdown as HTML without scripts and styles.

import GithubSlugger from 'github-slugger'
import { Marked } from 'marked'

/** @typedef {{ id: string, text: string, depth: number }} Heading */
/** @typedef {{ title: string, html: string, headings: Heading[] }} Rendered */

/**
 * @param {string} text
 * @param {(address: string) => string | undefined} resolve the address of a link on the page; `undefined` for a link that leads nowhere there
 * @returns {Rendered}
 */
export function render(text, resolve) {
  const slugger = new GithubSlugger()
  /** @type {Heading[]} */
  const headings = []
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const text = textOf(tokens)
        const id = slugger.slug(text)
        headings.push({ id, text, depth })
        const link = depth === 1 ? '' : ` <a class="anchor" href="#${id}" aria-label="Link to “${escaped(text)}”">#</a>`
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}${link}</h${depth}>\n`
      },
      link({ href, tokens }) {
        const address = resolve(href)
        const content = this.parser.parseInline(tokens)
        return address === undefined ? content : `<a href="${escaped(address)}"${/^https?:/.test(address) ? ' rel="noreferrer"' : ''}>${content}</a>`
      },
      // A keyboard can scroll what is wider than the page.
      code: ({ text }) => `<pre class="code" tabindex="0"><code>${escaped(text)}\n</code></pre>\n`,
      table(token) {
        const cell = (/** @type {any} */ { tokens, align, header: isHeader, text }) => {
          // The corner above a column of names is empty.
          const tag = isHeader && text !== '' ? 'th' : 'td'
          return `<${tag}${tag === 'th' ? ' scope="col"' : ''}${align ? ` class="${align}"` : ''}>${this.parser.parseInline(tokens)}</${tag}>`
        }
        const row = (/** @type {any[]} */ cells) => `<tr>${cells.map(cell).join('')}</tr>`
        return `<div class="scroll" tabindex="0"><table><thead>${row(token.header)}</thead><tbody>${token.rows.map(row).join('')}</tbody></table></div>\n`
      },
      // Comments mark parts that are generated. The documentation has no other HTML.
      html: ({ text }) => (/^\s*<!--[^]*-->\s*$/.test(text) ? '' : escaped(text)),
    },
  })
  const html = /** @type {string} */ (marked.parse(text, { async: false }))
  return { title: headings[0]?.text ?? '', html, headings }
}

/** The links of the first column of each table, below the heading before it. @param {string} text @returns {{ heading: string, links: { text: string, href: string }[] }[]} */
export function linkTables(text) {
  let heading = ''
  return new Marked().lexer(text).flatMap((/** @type {any} */ token) => {
    if (token.type === 'heading') heading = token.text
    if (token.type !== 'table') return []
    const links = token.rows.flatMap((/** @type {any[]} */ [cell]) => cell.tokens.filter((/** @type {any} */ { type }) => type === 'link').map((/** @type {any} */ { text, href }) => ({ text, href })))
    return links.length > 0 ? [{ heading, links }] : []
  })
}

/** The text of inline tokens without their marks. @param {any[]} tokens @returns {string} */
function textOf(tokens) {
  return tokens.map((token) => (token.tokens ? textOf(token.tokens) : token.text ?? token.raw)).join('')
}

/** @param {string} text */
export function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
