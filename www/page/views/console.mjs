// @ts-check
// The documented requests of the products, sent to a directory in this page and to one on the server.

import descriptions from '../directory/descriptions.json'
import { codeBlock, curlOf, differingParts, pretty, responseElements } from '../directory/exchange.mjs'
import { openPair } from '../directory/pair.mjs'
import { PRODUCTS } from '../directory/products.mjs'
import { Script } from '../directory/script.mjs'
import { button, element, field, h } from '../element.mjs'
import '../directory/exchange.css'
import './console.css'

export const title = 'Console'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Fields for texts that are not prose. */
const PLAIN = { spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off' }

/** How far the clocks move before a request of the visitor's own, so that the throttling of sign-ins ends. */
const OWN_SECONDS = 1

/** Stands for the server's address in a command while there is none. */
const SERVER = '$SERVER'

/** @param {import('../app.mjs').App} app */
export function create(app) {
  const view = new Console()
  const start = PRODUCTS.find(({ name }) => name === app.state.model) ?? PRODUCTS[1]
  view.choose(start.name)
  return { element: view.element, update() {} }
}

class Console {
  #product = h('select', { onchange: (/** @type {any} */ { target }) => this.choose(target.value) }, ...PRODUCTS.map(({ name, title }) => new Option(title, name)))
  #example = h('select', { onchange: () => this.#open() })
  #description = element('p', 'description')
  #source = element('p', 'quiet')
  #method = h('select', {}, ...METHODS.map((method) => new Option(method)))
  #path = h('input', PLAIN)
  #headers = h('textarea', { rows: 3, wrap: 'off', ...PLAIN })
  #body = h('textarea', { rows: 7, wrap: 'off', ...PLAIN })
  #copy = button('Copy as curl', () => this.#copyCurl())
  #next = button('', () => this.#sendNext(), { hidden: true })
  #agreement = h('p', { role: 'status' })
  #documented = element('div', '')
  #inPage = element('div', 'response')
  #inWorker = element('div', 'response')
  #records = codeBlock('Records', '')

  element = element(
    'div',
    'console',
    element('p', 'quiet', 'Each example opens two new directories on the same records: one in this page, one in the worker. The buttons below send a request to both.'),
    element('div', 'row', field('Product', this.#product), field('Documented request', this.#example)),
    element('div', '', this.#description, this.#source),
    h(
      'form',
      { class: 'request', 'aria-label': 'Request', onsubmit: (/** @type {Event} */ event) => this.#submit(event), oninput: () => this.#edited() },
      element('div', 'row', field('Method', this.#method), field('Path and query', this.#path)),
      field('Headers', this.#headers),
      field('Body', this.#body),
      element('div', 'buttons', h('button', { type: 'submit', class: 'primary' }, 'Send to both'), this.#next, this.#copy, button('Start again', () => this.#open())),
    ),
    element('div', 'outcome', this.#agreement, this.#documented),
    element(
      'div',
      'sides',
      element('section', '', element('h3', '', 'Directory in this page'), this.#inPage),
      element('section', '', element('h3', '', 'Directory in the worker'), this.#inWorker),
    ),
    h('details', {}, element('summary', '', 'Records that both directories began with'), this.#records),
  )

  /** The documented calls of the product. @type {any[]} */
  #cases = []
  /** @type {Script | undefined} */
  #script
  /** @type {import('../directory/pair.mjs').DirectoryPair | undefined} */
  #pair
  /** The steps of the example that were not sent. @type {import('../directory/script.mjs').Step[]} */
  #rest = []
  /** The step in the form, as long as its request is not edited. @type {import('../directory/script.mjs').Step | undefined} */
  #step
  /** How far the clocks move before the next request. */
  #seconds = 0
  /** What is waited for; results of anything else are dropped. */
  #work = {}

  /** @param {string} name */
  async choose(name) {
    const work = this.#begin()
    this.#product.value = name
    const { cases } = PRODUCTS.find((product) => product.name === name) ?? PRODUCTS[0]
    const file = await cases()
    if (work !== this.#work) return
    this.#cases = (file.default ?? file).cases.filter((/** @type {any} */ testCase) => 'request' in testCase)
    this.#example.replaceChildren(...this.#cases.map((testCase, index) => new Option(nameOf(name, testCase), String(index))))
    await this.#open()
  }

  /** Opens new directories for the example, and sends its requests up to the documented one. */
  async #open() {
    const work = this.#begin()
    const testCase = this.#cases[Number(this.#example.value)]
    const script = new Script(this.#product.value, testCase)
    this.#description.textContent = `${descriptionOf(this.#product.value, testCase)}.`
    this.#source.replaceChildren(...sourceOf(this.#product.value, testCase))
    this.#records.textContent = JSON.stringify(script.records, null, 2)
    const pair = await openPair(this.#product.value, script.records)
    if (work !== this.#work) return
    this.#script = script
    this.#pair = pair
    this.#rest = [...script.steps]
    this.#seconds = 0
    await script.prepare(async (request) => (await pair.send(request)).page)
    for (const { label } of script.steps) {
      if (work !== this.#work) return
      await this.#advance()
      if (label === 'request') break
    }
  }

  /** Takes the next step: moves the clock, or fills the form with its request and sends it. */
  async #advance() {
    const [step, ...rest] = this.#rest
    const script = this.#script
    if (!step || !script) return
    this.#rest = rest
    this.#seconds += script.secondsBefore(step)
    if (!step.request) return
    this.#step = step
    const { method, path, headers, body = '' } = await script.requestOf(step)
    this.#method.value = method
    this.#path.value = path
    this.#headers.value = headers.map(([name, value]) => `${name}: ${value}`).join('\n')
    this.#body.value = pretty(body)
    await this.#send()
  }

  #begin() {
    this.#work = {}
    this.element.setAttribute('aria-busy', 'true')
    return this.#work
  }

  /** What is in the form. @returns {import('../../directory.mjs').SentRequest} */
  #request() {
    const lines = this.#headers.value.split('\n').filter((line) => line.trim() !== '')
    const headers = lines.map((line) => /** @type {[string, string]} */ (splitHeader(line)))
    const body = this.#body.value
    return { method: this.#method.value, path: this.#path.value.startsWith('/') ? this.#path.value : `/${this.#path.value}`, headers, ...(body !== '' && { body }) }
  }

  async #send() {
    const [pair, script, step] = [this.#pair, this.#script, this.#step]
    if (!pair || !script) return
    const work = this.#begin()
    try {
      const request = { ...this.#request(), seconds: step ? this.#seconds : OWN_SECONDS }
      this.#seconds = 0
      const { page, server } = await pair.send(request)
      const differences = step && script.receive(step, request, page)
      if (work !== this.#work) return
      // A second request of the same kind is not the documented one: the first may have changed something.
      this.#step = undefined
      this.#show(page, server, differences)
    } catch (error) {
      if (work !== this.#work) return
      this.#say('refused', `Not sent: ${/** @type {Error} */ (error).message}`)
      this.#documented.textContent = ''
    }
    this.element.removeAttribute('aria-busy')
  }

  /**
   * @param {import('../../directory.mjs').ReceivedResponse} page
   * @param {import('../directory/pair.mjs').FromServer} server
   * @param {string[] | undefined} differences from the documented response
   */
  #show(page, server, differences) {
    this.#inPage.replaceChildren(...responseElements(page, ' from this page'))
    this.#inWorker.replaceChildren(...(server.response ? responseElements(server.response, ' from the worker') : [element('p', 'quiet', server.reason)]))
    if (!server.response) this.#say('alone', `${server.reason} The directory in this page responded.`)
    else {
      const parts = differingParts(page, server.response)
      if (parts.length === 0) this.#say('same', 'Both responses are the same, byte by byte.')
      else this.#say('differ', `The responses differ: ${parts.join(', ')}.`)
    }
    this.#documented.replaceChildren(...documentedLines(differences))
    const next = this.#rest.find(({ request }) => request)
    this.#next.hidden = !next
    this.#next.textContent = next ? `Next: ${next.request.method} ${next.request.path}` : ''
  }

  async #sendNext() {
    while (this.#rest.length > 0 && !this.#rest[0].request) await this.#advance()
    await this.#advance()
  }

  /** @param {'same' | 'differ' | 'alone' | 'refused'} state @param {string} text */
  #say(state, text) {
    this.#agreement.dataset.state = state
    this.#agreement.textContent = text
  }

  #edited() {
    this.#step = undefined
    this.#copy.textContent = 'Copy as curl'
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    this.#send()
  }

  async #copyCurl() {
    await navigator.clipboard.writeText(curlOf(this.#pair?.address ?? SERVER, this.#request()))
    this.#copy.textContent = 'Copied'
  }
}

/** @param {string[] | undefined} differences */
function documentedLines(differences) {
  if (differences === undefined) return ['Your own request: no documented response to compare with.']
  if (differences.length === 0) return ['As documented.']
  return ['Not as documented:', h('ul', {}, ...differences.map((line) => element('li', '', line)))]
}

/** What an example shows. @param {string} product @param {any} testCase */
function nameOf(product, testCase) {
  const { as, method, path } = testCase.request
  return `${descriptionOf(product, testCase)} · ${method} ${path}${as ? ` as ${as}` : ''}`
}

/** @param {string} product @param {{ id: string }} testCase */
function descriptionOf(product, { id }) {
  return /** @type {Record<string, Record<string, string>>} */ (descriptions)[product][id]
}

/** What the response of an example follows: files of the product's source, or its documentation. @param {string} product @param {any} testCase */
function sourceOf(product, { why, evidence = [] }) {
  const notes = [why, ...evidence].join(' ')
  const files = new Set(notes.match(/[\w./-]+\.(cpp|js|mjs|java|clj)\b/g))
  const { title } = /** @type {import('../models.mjs').Model} */ (PRODUCTS.find(({ name }) => name === product))
  const isDocumented = files.size === 0 || /\bseed\b/i.test(notes)
  return [
    `The documented response follows the ${isDocumented ? 'documentation' : 'source'} of ${title}`,
    ...[...files].flatMap((file, index) => [index > 0 ? ', ' : isDocumented ? ', and its source: ' : ': ', element('code', '', file)]),
    '. ',
    h('a', { href: `./docs/models/${product}.html#requests`, target: '_blank' }, `All requests of ${title}`),
  ]
}

/** @param {string} line */
function splitHeader(line) {
  const colon = line.indexOf(':')
  if (colon < 1) throw new Error(`the header line \`${line}\` has no name: write \`name: value\``)
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
}
