// @ts-check
// The rows with their targets, as Markdown, and their place in the documentation.

import { readFileSync, writeFileSync } from 'node:fs'
import { peer, versionOf } from './peers.mjs'
import { cellsOfRow } from './rows.mjs'

/**
 * A row: its value for a model (undefined: not measured), its target (undefined: none), and the digits to print.
 * @typedef {{ what: string, unit?: string, digits?: number, of: (model: any, figures: any) => number | undefined, target?: (model: any) => number | undefined }} Row
 */

/** @param {number} count @param {(times: any) => number} ratio @returns {Row['of']} */
const speed = (count, ratio) => ({ speed: taken }) => taken && ratio(taken[count])

/** @type {Row[]} */
const ROWS = [
  { what: '`canId` / empty WebAssembly call', of: speed(1, (t) => t.canId / t.empty), target: () => 1.4 },
  { what: '`canId` / `Map`, one subject', of: speed(1, (t) => t.canId / t.map), target: () => 0.5 },
  { what: '`canId` / `Map`, 1,000 subjects', of: speed(1000, (t) => t.canId / t.map), target: () => 0.2 },
  { what: '`canId` / `Map`, 20,000 subjects', of: speed(20000, (t) => t.canId / t.map), target: () => 0.2 },
  { what: '`canMany`, a question / `Map`, one subject', of: speed(1, (t) => t.canMany / t.map) },
  { what: '`can`, same strings / `Map`, one subject', of: speed(1, (t) => t.can / t.map), target: () => 1.2 },
  { what: '`can`, same strings / `Map`, 1,000 subjects', of: speed(1000, (t) => t.can / t.map), target: () => 0.8 },
  { what: '`can`, same strings / CASL subject types, 1,000 subjects', of: speed(1000, (t) => t.can / t.casl) },
  { what: '`can`, new strings of known names / `Map`, 1,000 subjects', of: speed(1000, (t) => t.fresh / t.mapFresh), target: () => 1.0 },
  { what: '`can`, new strings of known names / CASL subject types, 1,000 subjects', of: speed(1000, (t) => t.fresh / t.caslFresh), target: () => 1.0 },
  { what: '`can`, unknown names / `Map`, 1,000 subjects', of: speed(1000, (t) => t.unseen / t.mapUnseen), target: () => 2.0 },
  { what: '`authorizer.can` / `Map`, one subject', of: speed(1, (t) => t.once / t.mapAgain), target: () => 1.5 },
  { what: '`authorizer.can` / `Map`, 1,000 subjects', of: speed(1000, (t) => t.once / t.mapAgain), target: () => 1.5 },
  { what: '`decide` / `Map`, one subject', of: speed(1, (t) => t.decide / t.mapAgain), target: () => 3 },
  { what: '`decide` / `Map`, 1,000 subjects', of: speed(1000, (t) => t.decide / t.mapAgain), target: () => 3 },
  { what: '`decide`, 9,990 grants / 10 grants', of: ({ growth }) => growth && growth[0].nanoseconds.at(-1) / growth[0].nanoseconds[0], target: () => 1.3 },
  { what: '`subject`, µs', digits: 1, of: speed(1000, (t) => t.prepare / 1000) },
  { what: 'bytes of a subject, WebAssembly', digits: 0, of: ({ memory }) => memory?.wasm, target: () => 280 },
  { what: 'bytes of a subject, JavaScript', digits: 0, of: ({ memory }) => memory?.heap, target: () => 200 },
  { what: '`open`, µs a user, 1,000 users', digits: 0, of: ({ open }) => open?.[1000].opened, target: ({ targets }) => targets.open ?? 40 },
  { what: '`open`, µs a user, 100,000 users', digits: 0, of: ({ open }) => open?.[100000].opened, target: ({ targets }) => targets.open ?? 40 },
  { what: '`JSON.parse` of the same text, µs a user, 1,000 users', digits: 1, of: ({ open }) => open?.[1000].parsed },
  { what: '`open` a user, 100,000 users / 1,000 users', of: ({ open }) => open && open[100000].opened / open[1000].opened, target: () => 1.3 },
  { what: 'import, `open` and first `can` / CASL, CPU', of: ({ load }, { peers }) => load && peers.casl?.load && load / peers.casl.load, target: () => 1.5 },
  { what: 'all that a page loads, KB brotli', digits: 1, of: ({ bundle }) => bundle && bundle.total / 1000, target: ({ targets }) => targets.bundle ?? 34 },
  { what: 'what inlining adds / the wasm file, brotli', of: ({ bundle }) => bundle?.share, target: () => 0.25 },
]

/** The value of each row for each model, by its text. @param {any} figures @returns {Record<string, Record<string, number>>} */
export function rowsOf(figures) {
  return Object.fromEntries(
    ROWS.map(({ what, of }) => {
      const cells = Object.entries(figures.models).map(([name, model]) => /** @type {const} */ ([name, of(model, figures)]))
      return [what, Object.fromEntries(cells.filter(([, value]) => value !== undefined))]
    }).filter(([, cells]) => Object.keys(cells).length > 0),
  )
}

/** @param {string[][]} rows the first is the head */
function markdown(rows) {
  const [head, ...body] = rows
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** @param {number} value */
const kilobytes = (value) => (value / 1000).toFixed(1)

/** The tables of a run. @param {any} figures @param {string} reference the model whose questions the peers are asked */
export async function tables(figures, reference) {
  const { date, node, models, peers, all } = figures
  const names = Object.keys(models)
  const rows = rowsOf(figures)
  const parts = [`Measured ${date} with Node ${node.slice(1)}: ratios of processor time in one run, medians of interleaved rounds; 27 grants a user. \`Map\` is a nested \`Map\`, user then resource. Bold: the target is missed.`]

  const body = ROWS.filter(({ what }) => rows[what]).map(({ what, digits = 2, target }) => {
    const targets = [...new Set(names.map((name) => target?.(models[name])))].sort((a, b) => Number(a) - Number(b))
    const cells = names.map((name) => {
      const value = rows[what][name]
      if (value === undefined) return ''
      const limit = target?.(models[name])
      const figure = value.toFixed(digits)
      return limit !== undefined && value > limit ? `**${figure}**` : figure
    })
    return [what, targets[0] === undefined ? '' : `≤ ${targets.join(' or ')}`, ...cells]
  })
  if (body.length > 0) parts.push(markdown([['what', 'target', ...names.map((name) => `\`${name}\``)], ...body]))
  if (all) parts.push(`\`latchwork\` with all models: ${kilobytes(all.total)} KB brotli of which ${kilobytes(all.wasm)} are WebAssembly (target 76).`)

  const grown = names.flatMap((name) => (models[name].growth ?? []).slice(1).map((/** @type {any} */ growth) => grownRow(name, growth)))
  if (grown.length > 0) parts.push(markdown([['one `decide` (or what is named), µs', 'target', 'how many: µs'], ...grown]))

  /** @type {string[][]} */
  const others = []
  for (const name of Object.keys(peers)) {
    const { peers: taken, memory, load, bundle } = peers[name]
    if (!taken && !memory && !load && !bundle) continue
    const { title, source } = await peer(name)
    others.push([
      title, versionOf(source), taken ? (taken.question / taken.floor).toFixed(taken.question > 20 * taken.floor ? 0 : 1) : '', taken?.prepare ? (taken.prepare / 1000).toFixed(1) : '',
      memory ? memory.heap.toFixed(0) : '', load ? (load / 1000).toFixed(1) : '', bundle ? kilobytes(bundle.total) : '',
    ])
  }
  if (others.length > 0) {
    const { speed: taken, memory, load, bundle } = models[reference]
    const once = taken?.[1]
    const own = (/** @type {string} */ title, /** @type {number | undefined} */ question) => [
      title, '', question === undefined ? '' : (question / once.map).toFixed(1), once ? (once.prepare / 1000).toFixed(1) : '',
      memory ? (memory.heap + memory.wasm).toFixed(0) : '', load ? (load / 1000).toFixed(1) : '', bundle ? kilobytes(bundle.total) : '',
    ]
    parts.push(
      `Other libraries with the questions of \`${reference}\`, one user. Every candidate gives the same answers to them, which the run checks first.`,
      markdown([
        ['library', 'version', 'question / `Map`', 'prepare, µs', 'bytes of a subject', 'import to first answer, ms CPU', 'KB brotli'],
        own('latchwork, `canId`', once?.canId), own('latchwork, `can`', once?.can), ...others,
      ]),
    )
  }
  return parts.join('\n\n')
}

/** @param {string} model @param {{ what: string, counts: number[], nanoseconds: number[], target?: any }} growth */
function grownRow(model, { what, counts, nanoseconds, target }) {
  let limit = ''
  let missed = false
  if (target?.microseconds) {
    limit = `≤ ${target.microseconds} at ${target.at.toLocaleString('en')}`
    missed = nanoseconds[counts.indexOf(target.at)] > target.microseconds * 1000
  }
  if (target?.linear) {
    limit = 'linear'
    missed = nanoseconds[nanoseconds.length - 1] / nanoseconds[0] > (target.linear * counts[counts.length - 1]) / counts[0]
  }
  const cells = counts.map((count, index) => `${count.toLocaleString('en')}: ${(nanoseconds[index] / 1000).toFixed(1)}`).join('; ')
  return [`\`${model}\`, ${what}`, limit, missed ? `**${cells}**` : cells]
}

/** Where the tables and the figures are written. */
const PAGES = {
  benchmarks: new URL('../docs/reference/benchmarks.md', import.meta.url),
  readme: new URL('../README.md', import.meta.url),
}

/** A page with other lines between two markers. @param {string} page @param {string} name of the markers @param {string} lines */
function between(page, name, lines) {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`]
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)]
  if (start === -1 || stop === -1) throw new Error(`a page lacks the markers of its ${name}`)
  return `${page.slice(0, start + begin.length)}${lines}${page.slice(stop)}`
}

/** Writes the tables into the page of benchmarks, and the figures of that page into the README. @param {string} text */
export function writePages(text) {
  const page = between(readFileSync(PAGES.benchmarks, 'utf8'), 'tables', text)
  writeFileSync(PAGES.benchmarks, page)
  writeFileSync(PAGES.readme, withFigures(readFileSync(PAGES.readme, 'utf8'), page))
}

/** The table of what is not measured for each model. @param {import('./rows.mjs').Row[]} rows @param {{ date: string, node: string }} figures */
export function serverTable(rows, { date, node }) {
  const head = ['what', 'target', 'measured', 'from']
  return `Measured ${date} with Node ${node.slice(1)}. Bold: the target is missed.\n\n${markdown([head, ...rows.map(cellsOfRow)])}`
}

/** Writes that table into the page of benchmarks. @param {string} text */
export function writeServerTable(text) {
  writeFileSync(PAGES.benchmarks, between(readFileSync(PAGES.benchmarks, 'utf8'), 'server tables', text))
}

/** The README with the figures of the page of benchmarks. @param {string} readme @param {string} page */
export function withFigures(readme, page) {
  return between(between(readme, 'figures', figuresOf(page)), 'comparison', comparisonOf(page))
}

/** The cells of a table's row, by the first of them. @param {string} page @param {string} first */
function cellsOf(page, first) {
  const line = page.split('\n').find((line) => line.startsWith(`| ${first} |`))
  if (line === undefined) throw new Error(`docs/reference/benchmarks.md has no row "${first}"`)
  return line.split('|').slice(2, -1).map((cell) => cell.trim().replaceAll('*', ''))
}

/** The figures that the README begins with. @param {string} page */
function figuresOf(page) {
  const models = cellsOf(page, 'what').slice(1)
  const rbac = (/** @type {string} */ what) => cellsOf(page, what)[1 + models.indexOf('`rbac`')]
  const products = models.flatMap((model, index) => (model === '`rbac`' ? [] : [Number(cellsOf(page, 'all that a page loads, KB brotli')[1 + index])]))
  const peers = (/** @type {string} */ title) => cellsOf(page, title)
  return [
    `- **Fast.** A prepared question takes ${rbac('`canId` / `Map`, one subject')} of the time of a lookup in a nested \`Map\` with one user, and ${rbac('`canId` / `Map`, 1,000 subjects')} with 1,000 users. CASL takes ${peers('CASL, subject types')[1]} to ${peers('CASL, conditions')[1]} times as long as the \`Map\`, casbin ${peers('casbin')[1]} times.`,
    `- **Small in memory.** A prepared user with 27 grants takes ${peers('latchwork, `canId`')[3]} bytes, in CASL ${peers('CASL, conditions')[3]} to ${peers('CASL, subject types')[3]}. A document with 100,000 users opens in ${rbac('`open`, µs a user, 100,000 users')} µs a user.`,
    `- **One download.** A page loads ${rbac('all that a page loads, KB brotli')} KB (brotli) for \`rbac\` with validation and explanations, and ${Math.min(...products)} to ${Math.max(...products)} KB for the model of a product. cedar-wasm has ${peers('cedar-wasm')[5]} KB, CASL ${peers('CASL, subject types')[5]}.`,
  ].join('\n')
}

/** The libraries that the README compares, by their rows in the page. */
const COMPARED = ['latchwork, `canId`', 'latchwork, `can`', 'CASL, subject types', 'CASL, conditions', 'permix', 'casbin', 'cedar-wasm']

/** The measured part of the README's comparison. @param {string} page */
function comparisonOf(page) {
  const date = /^Measured (\S+) with/m.exec(page)?.[1]
  const rows = COMPARED.map((title) => {
    const [version, question, , bytes, , size] = cellsOf(page, title)
    return [version ? `${title} ${version}` : title, question, bytes, size]
  })
  const models = cellsOf(page, 'what').slice(1)
  const strings = cellsOf(page, '`can`, same strings / CASL subject types, 1,000 subjects')[1 + models.indexOf('`rbac`')]
  const [ours, theirs] = ['latchwork, `can`', 'CASL, subject types'].map((title) => cellsOf(page, title)[4])
  return [
    `Measured on ${date}, one user with 27 grants. Less is better; \`Map\` is a nested \`Map\` without rules.`,
    markdown([['library', 'time of a question / `Map`', 'bytes of a user', 'KB in a page, brotli'], ...rows]),
    `Other cases differ. With 1,000 users, \`can\` takes ${strings} times as long as CASL with subject types. A fresh process has its first answer after ${ours} ms of CPU, with CASL after ${theirs} ms. [All figures](docs/reference/benchmarks.md).`,
  ].join('\n\n')
}

/** What is slower, larger or heavier than kept figures. @param {Record<string, Record<string, number>>} before @param {Record<string, Record<string, number>>} now */
export function compared(before, now) {
  const lines = []
  for (const [what, cells] of Object.entries(now)) {
    const changes = Object.entries(cells).map(([model, value]) => ({ model, value, old: before[what]?.[model] })).filter(({ old }) => old !== undefined)
    if (changes.length === 0) continue
    const text = changes.map(({ model, value, old }) => `${model} ${old?.toFixed(2)} -> ${value.toFixed(2)} (${(value / Number(old)).toFixed(2)}x)`)
    lines.push(`${changes.some(({ value, old }) => value > Number(old) * 1.1) ? 'SLOWER' : '      '} ${what}: ${text.join(', ')}`)
  }
  return lines.join('\n')
}
