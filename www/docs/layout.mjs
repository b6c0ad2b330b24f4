// @ts-check
// A page of the documentation around its text: head, navigation, foot.

import { policyText } from '../policy.mjs'
import { escaped } from './markdown.mjs'
import { relative } from './pages.mjs'

/** A page with fewer headings has no table of contents. */
const CONTENTS_MIN = 3

/**
 * @param {object} parts
 * @param {string} parts.page its path in the site
 * @param {import('./markdown.mjs').Rendered} parts.rendered
 * @param {import('./plugin.mjs').Group[]} parts.groups
 * @param {string} parts.version of the package
 */
export function layout({ page, rendered: { title, html, headings }, groups, version }) {
  const to = (/** @type {string} */ target) => relative(page, target)
  const root = `${to('')}/`
  const contents = headings.filter(({ depth }) => depth === 2)
  const link = (/** @type {{ text: string, page: string }} */ { text, page: target }) => `<li><a href="${to(target)}"${target === page ? ' aria-current="page"' : ''}>${escaped(text)}</a></li>`
  return `<!doctype html>
<html lang="en">
  <head>
    <meta http-equiv="Content-Security-Policy" content="${policyText(['frameAncestors'])}" />
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(title)} · latchwork</title>
    <link rel="icon" href="${root}icon.svg" />
    <script src="${root}theme.js"></script>
    <link rel="stylesheet" href="${to('docs/style.css')}" />
  </head>
  <body>
    <a class="skip" href="#content">Skip to the text</a>
    <header class="top">
      <p class="brand"><a href="${root}">latchwork</a> <a href="${to('docs/index.html')}">Documentation</a></p>
      <p><a class="to-pages" href="#pages">Pages</a> <a href="${root}">Playground</a></p>
    </header>
    <div class="columns">
      <main id="content" tabindex="-1">
${html}      </main>
      <nav id="pages" aria-label="Documentation" tabindex="-1">
${contents.length < CONTENTS_MIN ? '' : `<h2>On this page</h2>\n<ul>${contents.map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`).join('')}</ul>\n`}${groups.map(({ heading, links }) => `<h2>${escaped(heading)}</h2>\n<ul>${links.map(link).join('')}</ul>`).join('\n')}
      </nav>
    </div>
    <footer><p>latchwork ${escaped(version)}</p></footer>
  </body>
</html>
`
}
