// @ts-check
// Questions to one set of records. What decides is in the core; this holds handles and crosses the border.

import { LIST_MAX, checkString, itemsOf, onlyMembersOf, wrongType } from './argument.mjs'
import { decisionOf, explanationOf } from './decision.mjs'
import { LatchworkError, renamed } from './error.mjs'
import { checked } from './forms.mjs'
import { abandoned, giveBack } from './held.mjs'
import { INSPECT, ITSELF, behind, noCopy, receiver, shown } from './itself.mjs'
import { RECORDS_MAX, argumentJson, toBytes } from './json.mjs'
import { UNBORN } from './questions.mjs'
import { Subject } from './subject.mjs'
import { codesOf, listsOf } from './vocabulary.mjs'

/** The most subjects that one list of questions prepares; further ones are prepared for each question. */
const PREPARED_MAX = 1 << 10

/**
 * Opens a system on its records.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {unknown} records
 */
export function open(instance, system, records) {
  checkString(system, 'the system')
  const { bytes, problems } = toBytes(records, RECORDS_MAX)
  if (problems.length > 0) {
    const { path, message } = problems[0]
    throw new LatchworkError('invalid_records', `the records are no JSON document: ${path || 'the top'}: ${message}`, problems)
  }
  return new Authorizer(instance, system, bytes)
}

export class Authorizer {
  #instance
  #system
  #records
  #vocabulary
  /** @type {import('./held.mjs').Held} */
  #held = { life: UNBORN, handle: 0, door: 'close' }
  #disposed = false
  /** @type {string | undefined} */
  #digest

  /** Through a Proxy it finds the authorizer. */
  [ITSELF] = () => this

  // An own function makes `structuredClone` and `postMessage` fail; V8 shows its text, if it is short, in the error.
  toJSON = toJSON

  /** @param {any} value @returns {value is Authorizer} */
  static #is(value) {
    return typeof value === 'object' && value !== null && #held in value
  }

  /** The authorizer behind `this`. @param {Authorizer} self @returns {Authorizer} */
  static #of(self) {
    return Authorizer.#is(self) ? self : receiver(self, Authorizer.#is, 'an authorizer', 'authorizer.can(…)')
  }

  /** @param {import('./questions.mjs').Questions} instance @param {string} system @param {Uint8Array} records JSON text in UTF-8 */
  constructor(instance, system, records) {
    this.#instance = instance
    this.#system = system
    this.#records = records
    this._call(() => {})
    this.#vocabulary = codesOf(instance, system, () => this._call((glue, handle) => glue.vocabulary_of(handle)))
    abandoned?.register(this, this.#held, this)
  }

  get system() {
    const self = Authorizer.#of(this)
    return self.#system
  }

  get digest() {
    const self = Authorizer.#of(this)
    return (self.#digest ??= self._call((glue, handle) => glue.digest(handle)))
  }

  get disposed() {
    const self = Authorizer.#of(this)
    return self.#disposed
  }

  /** @param {string | null | { role: string }} who */
  subject(who) {
    const self = Authorizer.#of(this)
    if (hasRole(who)) return self.#role(who)
    const id = who
    checkId(id)
    return new Subject(self.#instance, self, self.#vocabulary, (glue, handle) => (id === null ? glue.nobody(handle) : glue.subject(handle, id)))
  }

  /** The name of `subject({ role })` until now. */
  role() {
    Authorizer.#of(this)
    throw renamed('role(name)', 'subject({ role: name })')
  }

  /** @param {Subject | string | null} subject @param {string} action @param {string} resource @param {unknown} [attributes] */
  can(subject, action, resource, attributes) {
    const self = Authorizer.#of(this)
    const own = self.#own(subject)
    return own ? own.can(action, resource, attributes) : (self.#once(subject, action, resource, attributes) & 1) === 1
  }

  /** @param {any} question */
  decide(question) {
    const self = Authorizer.#of(this)
    const [subject, action, resource, attributes] = asked(question)
    const own = self.#own(subject)
    return own ? own.decide(action, resource, attributes) : decisionOf(self.#vocabulary, self.#once(subject, action, resource, attributes))
  }

  /** @param {any} question */
  explain(question) {
    const self = Authorizer.#of(this)
    return explanationOf(self.#instance.explanations[self.#system], self.decide(question))
  }

  /** @param {Iterable<any>} questions */
  canMany(questions) {
    const self = Authorizer.#of(this)
    const list = itemsOf(questions, 'the questions', LIST_MAX)
    const answers = new Uint8Array(list.length)
    /** @type {Map<string | null, Subject | undefined>} */
    const prepared = new Map()
    try {
      list.forEach((question, index) => {
        const [subject, action, resource, attributes] = asked(question)
        const asker = self.#own(subject) ?? self.#prepared(subject, prepared)
        const allow = asker ? asker.can(action, resource, attributes) : self.can(subject, action, resource, attributes)
        answers[index] = allow ? 1 : 0
      })
    } finally {
      for (const subject of prepared.values()) subject?.dispose()
    }
    return answers
  }

  vocabulary() {
    const self = Authorizer.#of(this)
    self._check()
    return listsOf(self.#vocabulary)
  }

  /** @param {string} kind @param {unknown} value */
  validate(kind, value) {
    const self = Authorizer.#of(this)
    return checked(kind, value, (text) => self._call((glue, handle) => glue.validate_with(handle, kind, text)))
  }

  dispose() {
    const self = Authorizer.#of(this)
    if (self.#disposed) return
    self.#disposed = true
    abandoned?.unregister(self)
    // The core lets its subjects go as well; what they were answered of late must not outlive them.
    self.#instance.answers.clear()
    giveBack(self.#held)
    self.#records = new Uint8Array(0)
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    const self = Authorizer.#of(this)
    self.dispose()
  }

  [INSPECT]() {
    const self = behind(this, Authorizer.#is, 'the authorizer')
    return shown('Authorizer', self && { system: self.#system, digest: () => self.digest, disposed: self.#disposed })
  }

  /** Refuses to go on after `dispose`. @internal */
  _check() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this authorizer was disposed')
  }

  /**
   * Runs one step on the handle, which is made anew after a trap.
   * @template T
   * @param {(glue: any, handle: number) => T} step
   * @returns {T}
   * @internal
   */
  _call(step) {
    this._check()
    return this.#instance.call((glue, life) => {
      if (this.#held.life !== life) {
        this.#held.handle = glue.open(this.#system, this.#records)
        this.#held.life = life
      }
      return step(glue, this.#held.handle)
    })
  }

  /** A role that asks as if it were a user. @param {{ role: string }} who */
  #role(who) {
    const [role] = onlyMembersOf(who, 'the subject', ['role'])
    checkString(role, 'the role')
    return new Subject(this.#instance, this, this.#vocabulary, (glue, handle) => glue.role(handle, role))
  }

  /**
   * The packed decision for an id, for which no subject is kept: it needs no free slot.
   * @param {unknown} id @param {string} action @param {string} resource @param {unknown} attributes
   */
  #once(id, action, resource, attributes) {
    checkId(id)
    checkString(action, 'the action')
    checkString(resource, 'the resource')
    const text = attributes === undefined ? 'null' : argumentJson(attributes)
    return this._call((glue, handle) => glue.decide_once(handle, id !== null, id ?? '', action, resource, text))
  }

  /**
   * The subject of an id, prepared once for a list of questions; undefined where there is no room for it.
   * @param {any} id @param {Map<string | null, Subject | undefined>} prepared
   */
  #prepared(id, prepared) {
    if (!prepared.has(id) && prepared.size < PREPARED_MAX) prepared.set(id, this.#keep(id))
    return prepared.get(id)
  }

  /** @param {any} id */
  #keep(id) {
    try {
      return this.subject(id)
    } catch (error) {
      if (error instanceof LatchworkError && error.code === 'too_many_subjects') return undefined
      throw error
    }
  }

  /** The subject if it is a prepared one; it must have been prepared here. @param {unknown} value */
  #own(value) {
    const subject = Subject.from(value)
    if (!subject) return undefined
    if (subject.authorizer !== this) throw new LatchworkError('foreign_subject', 'the subject was prepared by another authorizer')
    return subject
  }
}

/** Whether a value says a role in place of an id. @param {any} who @returns {who is { role: string }} */
function hasRole(who) {
  try {
    return typeof who === 'object' && who !== null && Object.hasOwn(who, 'role')
  } catch {
    // A Proxy that refuses to be looked at is refused for its type.
    return false
  }
}

/** @param {unknown} id @returns {asserts id is string | null} */
function checkId(id) {
  if (id !== null && typeof id !== 'string') throw wrongType('the subject', 'a string, or null where nobody is signed in', id)
  if (id !== null) checkString(id, 'the subject')
}

const toJSON = () => noCopy('an authorizer', 'send its records and `open` them there')

/** @param {unknown} question */
function asked(question) {
  return onlyMembersOf(question, 'a question', ['subject', 'action', 'resource', 'attributes'])
}
