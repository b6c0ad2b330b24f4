// @ts-check
// What the package weighs and how fast it answers, measured in this browser.

import { MANIFEST, TARBALL } from 'virtual:package'
import { attempt, optionsOf, subjectOf } from '../app.mjs'
import { button, element, h } from '../element.mjs'
import { modelOf } from '../models.mjs'
import { installCommand, publicLinks } from '../package-links.mjs'
import { actionsOf, rowsOf } from '../rows.mjs'
import './measured.css'

export const title = 'Measured here'

/** Each figure is the median of so many rounds. */
const ROUNDS = 5
/** How long a round takes, in milliseconds. */
const ROUND = 100
/** A clock of a browser may have steps of a millisecond: so many checks are made between two looks at it. */
const BATCH = 200

const JUST_NOW = 'Measured in this browser, just now.'

const METHOD = [
  `Size: the page fetches the file of WebAssembly, counts its bytes, and compresses it by the browser's own gzip. A server with brotli sends about a sixth less.`,
  `Fetch: the browser's resource timing of the first request for the file in this visit.`,
  `Compile: \`WebAssembly.compile\` of these bytes. Open: \`open(document)\` with the document of the editor. Both are the median of ${ROUNDS} rounds.`,
  `Checks: all questions of the matrix above, one after another, for ${ROUND} ms; the median of ${ROUNDS} rounds. Subjects are prepared once. \`can\` passes texts and attributes with each check. \`canId\` passes a number that \`prepare\` returned for the question.`,
  `Nothing else runs in the page meanwhile, but the machine may have other work. Measure again for another sample.`,
]

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const view = new Measured(app)
  return { element: view.element, update: () => view.update() }
}

class Measured {
  #app
  #rows = element('tbody', '')
  #status = h('p', { role: 'status', class: 'quiet' })
  #again = button('Measure again', () => this.#measure())
  /** What was measured: the model and its document. */
  #measured = ''
  #isMeasuring = false

  /** @param {import('../app.mjs').App} app */
  constructor(app) {
    this.#app = app
    this.element = element(
      'div',
      'measured',
      element('div', 'bar', element('h3', '', 'The module and the document of this page'), this.#again),
      this.#status,
      element('table', '', this.#rows),
      h('details', {}, element('summary', '', 'How this is measured'), ...METHOD.map((text) => element('p', '', ...withCode(text))), element('p', '', 'This browser: ', element('code', '', navigator.userAgent), `, ${navigator.hardwareConcurrency} processor threads.`)),
      element('h3', '', 'The package'),
      packageLinks(),
    )
  }

  update() {
    const { authorizer, state } = this.#app
    if (this.#isMeasuring) return
    if (authorizer === undefined) this.#status.textContent = 'The document has problems: mend them to measure.'
    else if (this.#measured === '') this.#measure()
    else this.#status.textContent = this.#measured === state.model + state.text ? JUST_NOW : 'The document changed since it was measured.'
  }

  async #measure() {
    const { state, module, value } = this.#app
    if (this.#app.authorizer === undefined) return
    this.#measured = state.model + state.text
    this.#isMeasuring = this.#again.disabled = true
    this.#status.textContent = 'Measuring …'
    this.#rows.replaceChildren(...NAMES.map((name) => row(name, '…', '')))
    const show = (/** @type {number} */ index, /** @type {string} */ figure, /** @type {string} */ detail) => {
      this.#rows.children[index].replaceWith(row(NAMES[index], figure, detail))
    }
    try {
      const { bytes, compressed, fetched } = await moduleOf(state.model)
      show(0, kilobytes(bytes.byteLength), `${kilobytes(compressed)} compressed by gzip`)
      show(1, fetched === undefined ? 'unknown' : milliseconds(fetched), 'when this page first needed it')
      show(2, milliseconds(await median(async () => timed(() => WebAssembly.compile(bytes)))), 'on each visit, unless the browser kept it compiled')
      show(3, milliseconds(await median(() => timed(() => module.open(value).dispose()))), 'parse, check and index the document')
      const questions = questionsOf(this.#app)
      show(4, perSecond(await median(() => rate(questions.map(({ subject, question }) => () => subject.can(...question))))), `${questions.length} questions of the matrix in turn`)
      const prepared = questions.map(({ subject, question }) => ({ subject, id: subject.prepare(...question) }))
      show(5, perSecond(await median(() => rate(prepared.map(({ subject, id }) => () => subject.canId(id))))), 'the same questions, prepared once')
      show(6, perSecond(await median(() => rate(questions.map(({ subject, question }) => () => subject.explain(...question))))), 'the same questions, with reasons in words')
      for (const subject of new Set(questions.map(({ subject }) => subject))) subject.dispose()
      this.#isMeasuring = false
      this.update()
    } catch (error) {
      this.#isMeasuring = false
      this.#status.textContent = `Not measured: ${/** @type {Error} */ (error).message}`
    }
    this.#again.disabled = false
  }
}

const NAMES = ['Module', 'Fetch', 'Compile', 'Open', 'can', 'canId', 'explain']

/** @param {string} name @param {string} figure @param {string} detail */
function row(name, figure, detail) {
  return element('tr', '', h('th', { scope: 'row' }, name), element('td', 'figure', figure), element('td', 'quiet', detail))
}

/** @param {string} model */
async function moduleOf(model) {
  const url = await /** @type {import('../models.mjs').Model} */ (modelOf(model)).moduleUrl()
  const bytes = await (await fetch(url)).arrayBuffer()
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  const [first] = performance.getEntriesByName(new URL(url, document.baseURI).href)
  return { bytes, compressed: (await new Response(stream).arrayBuffer()).byteLength, fetched: first?.duration }
}

/** The questions of the matrix that are not errors, each with its prepared subject. @param {import('../app.mjs').App} app */
function questionsOf(app) {
  const { authorizer, state } = app
  const vocabulary = authorizer.vocabulary().actions
  return rowsOf(app).flatMap((who) => {
    const { value: subject } = attempt(() => subjectOf(authorizer, who))
    if (subject === undefined) return []
    return state.samples.flatMap((sample) =>
      actionsOf(sample, vocabulary)
        .map((action) => ({ subject, question: [action, sample.resource, sample.attributes, optionsOf(sample)] }))
        .filter(({ question }) => attempt(() => subject.can(...question)).error === undefined),
    )
  })
}

/** The median of some rounds, with a pause for the page between them. @param {() => number | Promise<number>} round */
async function median(round) {
  const figures = []
  for (let count = 0; count < ROUNDS; count += 1) {
    figures.push(await round())
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return figures.sort((one, other) => one - other)[ROUNDS >> 1]
}

/** @param {() => unknown} work */
async function timed(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** How often the checks run in a second. @param {(() => unknown)[]} checks */
function rate(checks) {
  if (checks.length === 0) throw new Error('the matrix has no question')
  const start = performance.now()
  let [count, at, elapsed] = [0, 0, 0]
  while (elapsed < ROUND) {
    for (let left = BATCH; left > 0; left -= 1) {
      checks[at]()
      at = at + 1 === checks.length ? 0 : at + 1
    }
    count += BATCH
    elapsed = performance.now() - start
  }
  return (count / elapsed) * 1000
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

/** @param {number} time */
const milliseconds = (time) => `${time.toFixed(time < 10 ? 2 : 0)} ms`

/** @param {number} count with three digits that count */
function perSecond(count) {
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 2)
  return `${(Math.round(count / digits) * digits).toLocaleString('en')} / s`
}

function packageLinks() {
  const { name, version } = MANIFEST
  const download = TARBALL ? entry('Download', h('a', { href: `./${TARBALL.file}`, download: true, title: TARBALL.integrity }, TARBALL.file), ` ${megabytes(TARBALL.bytes)}, with all models and the documentation`) : []
  return h(
    'dl',
    { class: 'package' },
    ...entry('Version', element('code', '', `${name} ${version}`)),
    ...download,
    ...entry('Install', element('code', '', installCommand(MANIFEST, TARBALL))),
    ...entry('Documentation', h('a', { href: './docs/index.html' }, 'Guides, models and reference'), ', ', h('a', { href: './docs/readme.html' }, 'README'), ', ', h('a', { href: './docs/changelog.html' }, 'changelog'), ', ', h('a', { href: './docs/security.html' }, 'security')),
    ...publicLinks(MANIFEST).flatMap(({ name, address }) => entry(name, h('a', { href: address, rel: 'noreferrer' }, address.replace('https://', '')))),
  )
}

/** @param {string} term @param {...(Node | string)} description */
function entry(term, ...description) {
  return [element('dt', '', term), element('dd', '', ...description)]
}

/** A text with the parts in backticks as code. @param {string} text */
function withCode(text) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? element('code', '', part) : part))
}
