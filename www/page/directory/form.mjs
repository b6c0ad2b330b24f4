// @ts-check
// A form for a new user of a product. `validate` checks it while the visitor types, and the same body goes to the
// directories of the page and of the worker.

import { loadModel, modelOf } from '../models.mjs'
import { codeBlock, differingParts, responseElements } from './exchange.mjs'
import { PRODUCTS } from './products.mjs'
import { counted, element, field, h } from '../element.mjs'
import { openPair } from './pair.mjs'
import { Script } from './script.mjs'

const KIND = 'user.create'

/** How long the visitor pauses before the body is sent, in milliseconds. */
const PAUSE = 350

export class NewUserForm {
  #product
  #fields = h('form', { class: 'fields', 'aria-label': 'New user', onsubmit: (/** @type {Event} */ event) => event.preventDefault(), oninput: () => this.#check() })
  #summary = h('p', { role: 'status', class: 'result' })
  #others = element('ul', 'problems')
  #response = element('div', 'response')
  #source = element('p', 'quiet')
  /** The documented request that the form begins with. @type {any} */
  #testCase
  /** The values of the fields by name. @type {Map<string, { read: () => unknown, show: (problem: string) => void }>} */
  #inputs = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause
  /** The body that is sent; responses to another one are dropped. */
  #work = {}

  /** @param {import('../app.mjs').App} app */
  constructor(app) {
    this.#product = h('select', { onchange: () => this.#open() }, ...PRODUCTS.map(({ name, title }) => new Option(title, name)))
    this.#product.value = (PRODUCTS.find(({ name }) => name === app.state.model) ?? PRODUCTS[2]).name
    this.element = element(
      'div',
      'new-user',
      element('div', 'choices', field('New user of', this.#product)),
      this.#source,
      element('div', 'sides', element('div', '', this.#fields, this.#others), element('section', '', element('h4', '', 'The same body, sent to the product’s API'), this.#summary, this.#response)),
    )
    this.#open()
  }

  async #open() {
    const product = this.#product.value
    // A body of the product before is not sent any more.
    clearTimeout(this.#pause)
    this.#work = {}
    const { cases } = /** @type {import('../models.mjs').Model} */ (modelOf(product))
    const file = await cases()
    if (product !== this.#product.value) return
    this.#testCase = (file.default ?? file).cases.find((/** @type {any} */ each) => each.request?.method === 'POST' && each.request.body)
    const { method, path, as, body } = this.#testCase.request
    this.#source.textContent = `${method} ${path} as ${as}`
    this.#inputs.clear()
    this.#fields.replaceChildren(...Object.entries(body).map(([name, value]) => this.#input(name, value)))
    this.#check()
  }

  /** A field for a member of the body, by the type of its documented value. @param {string} name @param {unknown} value */
  #input(name, value) {
    const id = `new-user-${name}`
    const problem = h('p', { class: 'problem', id: `${id}-problem` })
    const plain = { id, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', 'aria-describedby': problem.id }
    /** @type {HTMLInputElement} */
    let input
    /** @type {() => unknown} */
    let read
    if (typeof value === 'boolean') {
      input = h('input', { type: 'checkbox', id, 'aria-describedby': problem.id })
      input.checked = value
      read = () => input.checked
    } else if (typeof value === 'string') {
      input = h('input', plain)
      input.value = value
      // An empty field is left out of the body, as a form that was not filled in.
      read = () => (input.value === '' ? undefined : input.value)
    } else {
      input = h('input', { ...plain, class: 'json' })
      input.value = JSON.stringify(value)
      read = () => parsed(input.value)
    }
    this.#inputs.set(name, {
      read,
      show(text) {
        problem.textContent = text
        input.setAttribute('aria-invalid', String(text !== ''))
      },
    })
    return element('div', typeof value === 'boolean' ? 'entry check' : 'entry', h('label', { for: id }, name), input, problem)
  }

  /** Checks the body in the page, and sends it after a pause. */
  async #check() {
    const work = (this.#work = {})
    const product = this.#product.value
    const { validate } = await loadModel(product)
    if (work !== this.#work || !validate) return
    const body = JSON.parse(JSON.stringify(Object.fromEntries([...this.#inputs].map(([name, { read }]) => [name, read()]))))
    /** @type {{ path: string, message: string }[]} */
    const problems = validate(KIND, body).problems ?? []
    const nameOf = (/** @type {string} */ path) => path.split('/')[1]
    for (const [name, { show }] of this.#inputs) show(problems.filter(({ path }) => nameOf(path) === name).map(({ message }) => message).join('; '))
    this.#others.replaceChildren(...problems.filter(({ path }) => !this.#inputs.has(nameOf(path))).map(({ path, message }) => element('li', '', `${path} ${message}`.trim())))
    const inPage = problems.length === 0 ? 'No problem in the form' : `${counted(problems.length, 'problem')} in the form`
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.#send(work, product, body, inPage), PAUSE)
  }

  /** Sends the body to new directories, so that nothing of an earlier one is left. @param {object} work @param {string} product @param {unknown} body @param {string} inPage */
  async #send(work, product, body, inPage) {
    const script = new Script(product, { ...this.#testCase, request: { ...this.#testCase.request, body } })
    const pair = await openPair(product, script.records)
    await script.prepare(async (request) => (await pair.send(request)).page)
    const [step] = script.steps
    const request = await script.requestOf(step)
    const { page, server } = await pair.send(request)
    if (work !== this.#work) return
    const shown = server.response ?? page
    const where = server.response ? (differingParts(page, server.response).length === 0 ? 'The worker and the directory in this page respond alike' : 'The worker responds, the directory in this page differs') : `${server.reason} The directory in this page responds`
    this.#summary.textContent = `${inPage}. ${where}: ${shown.status}.`
    this.#response.replaceChildren(element('h4', '', 'Sent'), codeBlock('Request body', request.body ?? ''), element('h4', '', 'Received'), ...responseElements(shown))
  }
}

/** The value of a JSON text; the text itself if it is not JSON. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
