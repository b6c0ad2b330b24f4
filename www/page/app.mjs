// @ts-check
// The state of the page with the document opened by its model: what the matrix and the views ask.

import { LatchworkError } from 'latchwork/rbac/web'
import { loadModel, loadServer } from './models.mjs'
import { patchedText } from './patch.mjs'
import { parse, place } from './places.mjs'
import { Store } from './store.mjs'
import { toast } from './toast.mjs'

/** @typedef {import('./store.mjs').State} State */
/** @typedef {import('./places.mjs').PlacedProblem} PlacedProblem */
/** @typedef {{ authorizer: any, value: any, problems?: undefined } | { authorizer?: undefined, value?: any, problems: PlacedProblem[] }} Opened */

export class App {
  #store
  /** So many changes of the model were asked for. */
  #modelChanges = 0
  /** @type {import('./models.mjs').ModelModule | undefined} */
  #module
  /** The document of the state, opened. @type {Opened} */
  #opened = { problems: [] }
  /** The pinned document, opened. @type {Opened | undefined} */
  #pinned
  /** What is opened by the module for servers. @type {{ text: string, model: string, authorizer: any }[]} */
  #served = []
  /** @type {(pointers: readonly string[], scroll: boolean) => void} */
  #pointer = () => {}

  /** @param {State} state */
  constructor(state) {
    this.#store = new Store(state)
  }

  get state() {
    return this.#store.state
  }

  /** The document, opened; `undefined` while it has problems. */
  get authorizer() {
    return this.#opened.authorizer
  }

  /** The parsed document; `undefined` if its text is not JSON. */
  get value() {
    return this.#opened.value
  }

  /** What is wrong with the document, in the order of its lines. */
  get problems() {
    return this.#opened.problems ?? []
  }

  /** The pinned document, opened; `undefined` if there is none, or if it has problems. */
  get pinned() {
    return this.#pinned?.authorizer
  }

  /** The parsed pinned document; `undefined` if there is none, or if its text is not JSON. */
  get pinnedValue() {
    return this.#pinned?.value
  }

  /** The functions of the state's model. */
  get module() {
    return /** @type {import('./models.mjs').ModelModule} */ (this.#module)
  }

  /** Calls a listener after each change; the returned function ends that. @param {import('./store.mjs').Listener} listener */
  subscribe(listener) {
    return this.#store.subscribe(listener)
  }

  /** Fetches the model of the state, and opens its document. */
  async start() {
    this.#module = await loadModel(this.state.model)
    this.#open()
  }

  /**
   * Changes members of the state. A change of `model` is done when its module is there, unless another one came meanwhile.
   * @param {Partial<State>} changes
   */
  async set(changes) {
    if (changes.model !== undefined) {
      this.#modelChanges += 1
      const change = this.#modelChanges
      if (changes.model !== this.state.model) {
        try {
          const module = await loadModel(changes.model)
          if (change !== this.#modelChanges) return
          this.#module = module
        } catch (error) {
          return toast(`The model cannot be loaded: ${/** @type {Error} */ (error).message}`)
        }
      }
    }
    const before = this.state
    const next = { ...before, ...changes }
    if (next.model !== before.model || next.text !== before.text || next.pinned !== before.pinned) this.#open(next)
    this.#store.set(changes)
  }

  #open({ text, pinned } = this.state) {
    this.#opened.authorizer?.dispose()
    this.#pinned?.authorizer?.dispose()
    this.#opened = openText(this.module, text)
    this.#pinned = pinned === null ? undefined : openText(this.module, pinned)
  }

  /** A text, opened by the module that also answers the questions of servers and tools; kept for the next call. @param {string} text */
  async openServed(text) {
    const { model } = this.state
    const { open } = await loadServer()
    const found = this.#served.find((each) => each.text === text && each.model === model)
    if (found) return found.authorizer
    const authorizer = open(/** @type {any} */ (model), JSON.parse(text))
    this.#served.unshift({ text, model, authorizer })
    for (const { authorizer } of this.#served.splice(4)) authorizer.dispose()
    return authorizer
  }

  /** Highlights the places of these JSON pointers in the editor. @param {readonly string[]} pointers @param {boolean} [scroll] to the first one */
  point(pointers, scroll = false) {
    this.#pointer(pointers, scroll)
  }

  /** Sets the function that highlights. @param {(pointers: readonly string[], scroll: boolean) => void} pointer */
  onPoint(pointer) {
    this.#pointer = pointer
  }

  /** Changes the document by a JSON Patch; what it does not change keeps its form. @param {readonly import('./patch.mjs').Operation[]} patch */
  async patchDocument(patch) {
    await this.set({ text: patchedText(this.state.text, patch) })
  }
}

/** @param {import('./models.mjs').ModelModule} module @param {string} text @returns {Opened} */
function openText(module, text) {
  const { value, problems } = parse(text)
  if (problems) return { problems }
  try {
    return { authorizer: module.open(value), value }
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    const found = error.problems?.length ? [...error.problems] : [{ path: '', code: error.code, message: error.message }]
    return { value, problems: place(text, found).sort((one, other) => one.start - other.start) }
  }
}

/**
 * The subject of a question or of a row, prepared. The caller disposes it.
 * @param {any} authorizer
 * @param {{ subject?: any, role?: string, within?: any }} who
 */
export function subjectOf(authorizer, { subject = null, role, within }) {
  const prepared = authorizer.subject(role === undefined ? subject : { role })
  return within === undefined ? prepared : prepared.within(within)
}

/** A question as `decide` and `explain` take it. @param {import('./store.mjs').Question} question */
export function asked({ role, subject = null, ...question }) {
  return { subject: role === undefined ? subject : { role }, ...question }
}

/** What a question says beyond its action and its resource, as the last argument of `can`. @param {{ context?: any, properties?: any, now?: number }} question */
export function optionsOf({ context, properties, now }) {
  const options = { ...(context !== undefined && { context }), ...(properties !== undefined && { properties }), ...(now !== undefined && { now }) }
  return Object.keys(options).length === 0 ? undefined : options
}

/**
 * Asks, and returns the code of a wrong question in place of throwing.
 * @template T
 * @param {() => T} ask
 * @returns {{ value: T, error?: undefined } | { value?: undefined, error: { code: string, message: string } }}
 */
export function attempt(ask) {
  try {
    return { value: ask() }
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    return { error }
  }
}
