// @ts-check
// What the page shows, in one place: each part of the page reads it here and changes it here.

/**
 * A resource of the matrix, with what a question says of it.
 * @typedef {object} Sample
 * @property {string | object} resource
 * @property {any} [attributes]
 * @property {any} [context]
 * @property {any} [properties]
 * @property {number} [now] seconds since 1970
 * @property {string[]} [actions] those of the matrix; all of the vocabulary if absent
 */

/**
 * A row of the matrix that is not only a user of the document.
 * @typedef {object} Row
 * @property {string | null} [subject] `null` for an anonymous user
 * @property {any} [within] a holder that the subject stays within
 * @property {string} [role] in place of a subject, in a model with questions about roles
 */

/**
 * @typedef {object} Question
 * @property {string | null} [subject] `null` for an anonymous user
 * @property {string} [role] in place of a subject
 * @property {any} [within]
 * @property {string} action
 * @property {string | object} resource
 * @property {any} [attributes]
 * @property {any} [context]
 * @property {any} [properties]
 * @property {number} [now]
 */

/**
 * @typedef {object} State
 * @property {string} story the id of the story that was opened last; empty for a document of the visitor's own
 * @property {string} model
 * @property {string} text the document as it stands in the editor
 * @property {string | null} pinned the document that changes are compared with
 * @property {Sample[]} samples the resources of the matrix
 * @property {Row[]} rows further rows of the matrix
 * @property {Question | null} question
 * @property {any[]} tests cases of policy tests
 * @property {string} view the name of the open view
 */

/** The most resources and further rows of the matrix: a link may hold any number. */
const SHOWN = 500

/** The members of a state, and whether a value may stand there. @type {{ [name in keyof State]: (value: any) => boolean }} */
const MEMBERS = {
  story: (value) => typeof value === 'string',
  model: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  pinned: (value) => value === null || typeof value === 'string',
  samples: (value) => Array.isArray(value) && value.length <= SHOWN && value.every((sample) => isObject(sample) && (typeof sample.resource === 'string' || isObject(sample.resource)) && (sample.actions === undefined || isTexts(sample.actions))),
  rows: (value) => Array.isArray(value) && value.length <= SHOWN && value.every(isObject),
  question: (value) => value === null || (isObject(value) && typeof value.action === 'string' && (typeof value.resource === 'string' || isObject(value.resource))),
  tests: (value) => Array.isArray(value) && value.every((test) => isObject(test) && typeof test.id === 'string'),
  view: (value) => typeof value === 'string',
}

/** @type {State} */
export const EMPTY = { story: '', model: 'rbac', text: '{}', pinned: null, samples: [], rows: [], question: null, tests: [], view: 'why' }

/** The state that a stored or shared value holds; `undefined` if it is not one. @param {any} value @returns {State | undefined} */
export function stateFrom(value) {
  if (!isObject(value) || typeof value.text !== 'string') return undefined
  /** @type {any} */
  const state = { ...EMPTY }
  for (const [name, isValid] of Object.entries(MEMBERS)) {
    if (!Object.hasOwn(value, name)) continue
    if (!isValid(value[name])) return undefined
    state[name] = value[name]
  }
  return state
}

/** @param {any} value */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param {any} value */
function isTexts(value) {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

/** @typedef {(state: State, changed: ReadonlySet<keyof State>) => void} Listener */

export class Store {
  #state
  /** @type {Set<Listener>} */
  #listeners = new Set()

  /** @param {State} state */
  constructor(state) {
    this.#state = Object.freeze({ ...state })
  }

  get state() {
    return this.#state
  }

  /** Changes members of the state, and calls the listeners if one is different. @param {Partial<State>} changes */
  set(changes) {
    const changed = /** @type {Set<keyof State>} */ (new Set(Object.keys(changes).filter((name) => /** @type {any} */ (changes)[name] !== /** @type {any} */ (this.#state)[name])))
    if (changed.size === 0) return
    this.#state = Object.freeze({ ...this.#state, ...changes })
    for (const listener of [...this.#listeners]) listener(this.#state, changed)
  }

  /** Calls a listener after each change, until the function that is returned is called. @param {Listener} listener */
  subscribe(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
