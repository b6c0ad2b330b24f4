// @ts-check
// Formats the differences of two documents as Markdown, for a comment on a pull request.

import { conditionText } from './condition-text.mjs'
import { holdersText, resourcesText, summaryText, vocabularyText } from './diff-text.mjs'
import { oneLine } from './text.mjs'

/** @param {import('./diff-text.mjs').Entry[]} entries @param {string} file the new document */
export function diffMarkdown(entries, file) {
  const heading = `### Access changes in ${code(file)}`
  if (entries.length === 0) return `${heading}\n\nNo answer changes.`
  const rows = entries.flatMap((entry) => ('pattern' in entry ? [row(entry)] : []))
  const others = entries.flatMap((entry) => ('pattern' in entry ? [] : [`- ${vocabularyText(entry, code)}`]))
  const table = rows.length === 0 ? [] : ['', '| change | who | actions | resources | example |', '| --- | --- | --- | --- | --- |', ...rows]
  return [heading, '', summaryText(entries), ...(others.length === 0 ? [] : ['', ...others]), ...table].join('\n')
}

/** @param {import('./diff-text.mjs').AccessChange} entry */
function row(entry) {
  const { change, actions, when, example } = entry
  const condition = when === undefined ? '' : ` if ${code(conditionText(when))}`
  return `| **${change}** | ${holdersText(entry, code)} | ${actions.map(code).join(', ')} | ${resourcesText(entry, code)}${condition} | ${code(JSON.stringify(example))} |`
}

/** A text as code in a cell of a table: names come from the document, and must not become markup. @param {string} text */
function code(text) {
  const line = oneLine(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = longest > 0 || /^ .* $/.test(line) || line === '' ? ' ' : ''
  return `${fence}${padding}${line.replaceAll('|', '\\|')}${padding}${fence}`
}
