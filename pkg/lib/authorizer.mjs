// @ts-check
// Questions to one set of records. What decides is in the core; this holds handles and crosses the border.

import { checkString, itemsOf, membersOf } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { checked } from './forms.mjs'
import { abandoned, giveBack } from './held.mjs'
import { call, living } from './instance.mjs'
import { RECORDS_MAX, toJson } from './json.mjs'
import { Subject, forgetAnswers } from './subject.mjs'
import { codes } from './vocabulary.mjs'

/** The most questions of one list. */
const QUESTIONS_MAX = 1 << 20

/**
 * Opens a system on its records.
 * @param {string} system
 * @param {unknown} records
 */
export function open(system, records) {
  checkString(system, 'the system')
  const { text, problems } = toJson(records, RECORDS_MAX)
  if (problems.length > 0) {
    const { path, message } = problems[0]
    throw new LatchworkError('invalid_records', `the records are no JSON document: ${path || 'the top'}: ${message}`, problems)
  }
  return new Authorizer(system, text)
}

export class Authorizer {
  #system
  #records
  #vocabulary
  /** @type {import('./held.mjs').Held} */
  #held = { epoch: -1, handle: 0, door: 'close' }
  #disposed = false
  /** @type {string | undefined} */
  #digest

  /** @param {string} system @param {string} records */
  constructor(system, records) {
    this.#system = system
    this.#records = records
    this.#held.handle = call((doors) => doors.open(system, records))
    this.#held.epoch = living.epoch
    this.#vocabulary = codes(system)
    abandoned?.register(this, this.#held, this)
  }

  get system() {
    return this.#system
  }

  get digest() {
    return (this.#digest ??= this._call((doors, handle) => doors.digest(handle)))
  }

  /** @param {string | null} id */
  subject(id) {
    if (id !== null) checkString(id, 'the subject')
    return new Subject(this, this.#vocabulary, (doors, handle) => (id === null ? doors.nobody(handle) : doors.subject(handle, id)))
  }

  /** @param {string} name */
  role(name) {
    checkString(name, 'the role')
    return new Subject(this, this.#vocabulary, (doors, handle) => doors.role(handle, name))
  }

  /** @param {Subject | string | null} subject @param {string} action @param {string} resource @param {unknown} [attributes] */
  can(subject, action, resource, attributes) {
    return this.#as(subject, (asker) => asker.can(action, resource, attributes))
  }

  /** @param {any} question */
  decide(question) {
    const [subject, action, resource, attributes] = asked(question)
    return this.#as(subject, (asker) => asker.decide(action, resource, attributes))
  }

  /** @param {any} question */
  explain(question) {
    const [subject, action, resource, attributes] = asked(question)
    return this.#as(subject, (asker) => asker.explain(action, resource, attributes))
  }

  /** @param {Iterable<any>} questions */
  canMany(questions) {
    const list = itemsOf(questions, 'the questions', QUESTIONS_MAX)
    const answers = new Uint8Array(list.length)
    /** @type {Map<string | null, Subject>} */
    const prepared = new Map()
    try {
      list.forEach((question, index) => {
        const [subject, action, resource, attributes] = asked(question)
        const asker = this.#own(subject) ?? prepared.get(subject) ?? this.subject(subject)
        if (asker !== subject) prepared.set(subject, asker)
        answers[index] = asker.can(action, resource, attributes) ? 1 : 0
      })
    } finally {
      for (const subject of prepared.values()) subject.dispose()
    }
    return answers
  }

  /** @param {string} kind @param {unknown} value */
  validate(kind, value) {
    return checked(kind, value, (text) => this._call((doors, handle) => doors.validate_with(handle, kind, text)))
  }

  dispose() {
    if (this.#disposed) return
    this.#disposed = true
    abandoned?.unregister(this)
    // The core lets its subjects go as well; what they were answered of late must not outlive them.
    forgetAnswers()
    giveBack(this.#held)
    this.#records = ''
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose()
  }

  /** Refuses to go on after `dispose`. @internal */
  _check() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this authorizer was disposed')
  }

  /**
   * Runs one step on the handle, which is made anew after a trap.
   * @template T
   * @param {(doors: any, handle: number) => T} step
   * @returns {T}
   * @internal
   */
  _call(step) {
    this._check()
    return call((doors) => {
      if (this.#held.epoch !== living.epoch) {
        this.#held.handle = doors.open(this.#system, this.#records)
        this.#held.epoch = living.epoch
      }
      return step(doors, this.#held.handle)
    })
  }

  /**
   * @template T
   * @param {Subject | string | null} subject
   * @param {(asker: Subject) => T} step
   */
  #as(subject, step) {
    const own = this.#own(subject)
    if (own) return step(own)
    const asker = this.subject(/** @type {string | null} */ (subject))
    try {
      return step(asker)
    } finally {
      asker.dispose()
    }
  }

  /** The subject if it is a prepared one; it must have been prepared here. @param {unknown} subject */
  #own(subject) {
    if (!Subject.is(subject)) return undefined
    if (subject.authorizer !== this) throw new LatchworkError('foreign_subject', 'the subject was prepared by another authorizer')
    return subject
  }
}

/** @param {unknown} question */
function asked(question) {
  return membersOf(question, 'a question', ['subject', 'action', 'resource', 'attributes'])
}
