// @ts-check
// A subject, prepared for many questions. What only some models need is in record-subject.mjs. The file has over 300 lines
// because all methods of the class need its private members, which no other file can read.

import { LIST_MAX, checkString, itemsOf, runCallerCode, wrongType } from './argument.mjs'
import { decisionOf, explanationOf } from './decision.mjs'
import { LatchworkError, renamed } from './error.mjs'
import { INSPECT, ITSELF, unwrap, refuseCopy, receiver, inspection } from './proxied.mjs'
import { REACH, SUBJECT_DIGEST, query } from './query.mjs'
import { FOREIGN } from './questions.mjs'

/**
 * Marks the numbers of one subject's prepared questions; 22 bits, never used twice in one instance. What a number has below
 * is whether the decision was a yes.
 */
const SERIAL_MAX = (1 << 22) - 1
export const SERIAL_SHIFT = 9

/** The name of a resource; one that is given by its parts is in the details. @param {any} resource */
export const nameOf = (resource) => (typeof resource === 'string' ? resource : '')

/** @typedef {import('./details.mjs').Options} Options */

/** No action has this name. */
const NO_ACTION = /** @type {any} */ (Symbol('no action'))

/** What the subjects of an authorizer share, in one life of its instance. */
export class Owner {
  /** The last action, and its code: most questions are about the same one as the question before. @type {string} */
  #lastAction = NO_ACTION
  #lastCode = 0

  /**
   * @param {import('./questions.mjs').Questions} instance
   * @param {import('./authorizer.mjs').Authorizer} authorizer
   * @param {import('./vocabulary.mjs').Codes} vocabulary
   * @param {import('./questions.mjs').Living} life in which the handles count
   * @param {boolean} timed whether a decision depends on the time: then none is stored, and each question has the time
   */
  constructor(instance, authorizer, vocabulary, life, timed) {
    this.instance = instance
    this.authorizer = authorizer
    this.vocabulary = vocabulary
    this.life = life
    this.timed = timed
  }

  /** The code of an action; undefined if there is no such action. @param {string} action */
  codeOf(action) {
    if (action === this.#lastAction) return this.#lastCode
    const code = this.vocabulary.actions.get(action)
    if (code === undefined) return undefined
    this.#lastCode = code
    this.#lastAction = action
    return code
  }
}

/** @type {readonly number[]} */
const NO_SERIALS = []

/** What few subjects need. */
class Rare {
  /** The marks of the numbers that were given out, the living instance's last. @type {readonly number[]} */
  serials = NO_SERIALS
  /** The number of a prepared question with a no, in the living instance; that of one with a yes is one more. */
  first = 0
  /** Bit 0: whether a question with a no was prepared; bit 1: with a yes. Numbers that were not given out are denied. */
  prepared = 0
  /** @type {string | undefined} */
  digest
  /** The prepared questions of a subject whose decisions depend on the time. @type {import('./timed.mjs').TimedQuestions | undefined} */
  timedQuestions
}

// There may be very many of them, so they have few members.
export class Subject {
  #owner
  #who
  /** A signed number, 0 for a subject that was disposed. */
  #handle = 0
  /** @type {Rare | undefined} */
  #rare;

  /** Leads from a Proxy to the subject. A bound function takes less memory than a closure. */
  [ITSELF] = itself.bind(this)

  // With a function as own member, `structuredClone` and `postMessage` throw. V8 quotes a short function in the error.
  toJSON = toJSON

  /** Whether this is a real subject. @param {any} value @returns {value is Subject} */
  static #is(value) {
    return typeof value === 'object' && value !== null && #handle in value
  }

  /** The subject that a value is, or is a Proxy of. @param {any} value */
  static from(value) {
    return unwrap(value, Subject.#is, 'the subject')
  }

  /** The subject behind `this`. @param {Subject} self @returns {Subject} */
  static #of(self) {
    return Subject.#is(self) ? self : receiver(self, Subject.#is, 'a subject', 'subject.can(…)')
  }

  /** The subject behind the `this` of a method of a subclass. @param {any} self @internal */
  static _of(self) {
    return Subject.#of(self)
  }

  /** @param {import('./authorizer.mjs').Authorizer} authorizer @param {import('./principal.mjs').Principal} who */
  constructor(authorizer, who) {
    this.#who = who
    this.#owner = Subject.#prepare(this, authorizer)
  }

  get authorizer() {
    const self = Subject.#of(this)
    return self.#owner.authorizer
  }

  get digest() {
    const self = Subject.#of(this)
    return (self._more().digest ??= self._tell(SUBJECT_DIGEST))
  }

  /** The first second at which a decision can change by the time alone; undefined if none can. @returns {number | undefined} */
  get changesAt() {
    Subject.#of(this)
    return undefined
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  can(action, resource, attributes, options) {
    const self = Subject.#of(this)
    return (Subject.#decide(self, action, resource, attributes, options) & 1) === 1
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  decide(action, resource, attributes, options) {
    const self = Subject.#of(this)
    return decisionOf(self.#owner.vocabulary, Subject.#decide(self, action, resource, attributes, options))
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  explain(action, resource, attributes, options) {
    const self = Subject.#of(this)
    // What is wrong with the details is reported before what is wrong with the action.
    self._details(resource, attributes, options)
    return explanationOf(self.#owner.instance.explanations[self.#owner.authorizer.system], self.decide(action, resource, attributes, options))
  }

  /** @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  actions(resource, attributes, options) {
    const self = Subject.#of(this)
    const details = self._details(resource, attributes, options)
    return self._call((glue, handle) => glue.actions(handle, nameOf(resource), details))
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  prepare(action, resource, attributes, options) {
    const self = Subject.#of(this)
    return self._numberOf(Subject.#decideByNames(self, action, resource, attributes, options))
  }

  /** @param {number} question */
  canId(question) {
    const self = Subject.#of(this)
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    return Subject.#canId(self, question)
  }

  /** @param {Uint32Array | readonly number[]} questions */
  canMany(questions) {
    const self = Subject.#of(this)
    const numbers = numbersOf(questions)
    const answers = new Uint8Array(numbers.length)
    const rare = self._more()
    const first = rare.first
    const prepared = self.#owner.life.dead ? 0 : rare.prepared
    for (let at = 0; at < numbers.length; at += 1) {
      const index = (numbers[at] ^ first) >>> 0
      answers[at] = index < 2 && ((prepared >>> index) & 1) === 1 ? index : Subject.#canId(self, numbers[at]) ? 1 : 0
    }
    return answers
  }

  /** @param {string} action */
  reach(action) {
    const self = Subject.#of(this)
    checkString(action, 'the action')
    return JSON.parse(self._tell(REACH, action))
  }

  /** @param {...any} _question */
  filter(..._question) {
    return forServers(Subject.#of(this).#owner.authorizer, 'filter')
  }

  /** @param {...any} _question */
  fields(..._question) {
    return forServers(Subject.#of(this).#owner.authorizer, 'fields')
  }

  /** The former name of `prepare`. */
  id() {
    Subject.#of(this)
    throw renamed('id(action, resource)', 'prepare(action, resource, attributes)')
  }

  /** The former name of `reach`. */
  listing() {
    Subject.#of(this)
    throw renamed('listing()', 'reach(action)')
  }

  dispose() {
    const self = Subject.#of(this)
    const handle = self.#handle
    self.#handle = 0
    if (self.#rare) {
      self.#rare.prepared = 0
      self.#rare.timedQuestions = undefined
    }
    // What garbage collection finds later is freed already.
    self.#owner.life.freeSubject(handle)
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    const self = Subject.#of(this)
    self.dispose()
  }

  [INSPECT]() {
    const self = Subject.from(this)
    return inspection('Subject', self, self?.authorizer.system, self && (self.#handle === 0 || self.authorizer.disposed))
  }

  /** The packed decision. @param {Subject} self @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options */
  static #decide(self, action, resource, attributes, options) {
    const owner = self.#owner
    const code = owner.codeOf(action)
    if (code === undefined || attributes !== undefined || options !== undefined || owner.timed || typeof resource !== 'string') {
      return Subject.#decideByNames(self, action, resource, attributes, options)
    }
    if (owner.life.dead) self._live()
    const packed = self.#owner.life.decide(self.#handle, code, resource)
    return packed < FOREIGN ? packed : Subject.#decideByNames(self, action, resource, attributes, options)
  }

  /** Whether a prepared question was decided with a yes. @param {Subject} self @param {number} question */
  static #canId(self, question) {
    const rare = self.#rare
    if (rare !== undefined && !self.#owner.life.dead) {
      const index = question - rare.first
      if ((index === 0 || index === 1) && ((rare.prepared >>> index) & 1) === 1) return index === 1
    }
    return self._decideOther(question)
  }

  /**
   * The same subject, narrowed to what each of these holders also allows.
   * @param {unknown} _holders one, or a list
   */
  within(_holders) {
    const self = Subject.#of(this)
    self._live()
    // A model without holders refuses any.
    return self.#owner.authorizer._call((glue, handle) => glue.principal(handle, '{"within":null}'))
  }

  /** The packed decision through the export for names and details. @param {Subject} self @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options */
  static #decideByNames(self, action, resource, attributes, options) {
    checkString(action, 'the action')
    const details = self._details(resource, attributes, options)
    return self._call((glue, handle) => glue.decide(handle, action, nameOf(resource), details))
  }

  /** The details of a question as JSON text. @param {any} resource @param {unknown} attributes @param {Options | undefined} options @internal */
  _details(resource, attributes, options) {
    return this.#owner.authorizer._details(resource, attributes, options, this.#owner.timed)
  }

  /** What it shares with other subjects. @internal */
  get _owner() {
    return this.#owner
  }

  /** The principal. @internal */
  get _who() {
    return this.#who
  }

  /** The number of a prepared question. @param {number} packed decision @internal */
  _numberOf(packed) {
    const more = this._more()
    if (more.serials.length === 0) mark(more, nextSerial(this.#owner.instance, []))
    const index = packed & 1
    more.prepared |= 1 << index
    return more.first + index
  }

  /** The result of a query about this subject. @param {number} aspect @param {string[]} question its action, resource and details @internal */
  _tell(aspect, ...question) {
    return this._call((glue, handle) => query(glue, aspect, handle, ...question))
  }

  /**
   * Runs one step with the handle.
   * @template T
   * @param {(glue: any, handle: number) => T} step
   * @returns {T}
   * @internal
   */
  _call(step) {
    this._live()
    return this.#owner.instance.call((glue) => step(glue, this.#handle))
  }

  /** What few subjects need. @internal */
  _more() {
    return (this.#rare ??= new Rare())
  }

  /** Prepares the subject, unless it is prepared in the living instance. @internal */
  _live() {
    if (this.#handle === 0) throw new LatchworkError('disposed', 'this subject was disposed')
    this.#owner.authorizer._check()
    if (!this.#owner.life.dead) return
    const owner = Subject.#prepare(this, this.#owner.authorizer)
    const rare = this.#rare
    if (rare && rare.serials.length > 0) mark(rare, nextSerial(owner.instance, rare.serials))
    this.#owner = owner
  }

  /** Prepares the subject in the living instance; its owner there. @param {Subject} self @param {import('./authorizer.mjs').Authorizer} authorizer */
  static #prepare(self, authorizer) {
    const handle = authorizer._prepare(self.#who)
    const owner = authorizer._ownerOf(self.#who, handle)
    owner.life.subjects?.register(self, handle)
    self.#handle = handle | 0
    return owner
  }

  /**
   * The decision for a number that names no question prepared in the living instance: no. Throws if the number was this
   * subject's before the instance was replaced.
   * @param {number} question
   * @internal
   */
  _decideOther(question) {
    this._live()
    if (this.#rare?.serials.slice(0, -1).includes(question >>> SERIAL_SHIFT)) {
      throw new LatchworkError('stale_handle', 'the number was prepared before the instance was replaced: ask `prepare` again')
    }
    return false
  }
}

/** Marks the questions that a subject prepares from now on. @param {Rare} rare @param {number} serial */
function mark(rare, serial) {
  rare.prepared = 0
  rare.first = serial * (1 << SERIAL_SHIFT)
  rare.serials = [...rare.serials, serial]
}

/** @this {Subject} */
function itself() {
  return this
}

/**
 * A mark that no valid number has, and no older number of the same subject. When the marks are used up, the instance is
 * replaced, and they begin again.
 * @param {import('./questions.mjs').Questions} instance
 * @param {readonly number[]} older
 */
export function nextSerial(instance, older) {
  do {
    if (instance.lastSerial === SERIAL_MAX) {
      instance.lastSerial = 0
      instance.start().dead = true
      throw new LatchworkError('internal', 'the instance was replaced: ask again')
    }
    instance.lastSerial += 1
  } while (older.includes(instance.lastSerial))
  return instance.lastSerial
}

/** Rejects a query for servers, which the module of a page does not have, and names the import that has it. @param {{ system: string }} authorizer @param {string} name @returns {any} */
export function forServers({ system }, name) {
  throw new LatchworkError('unsupported', `\`${name}\` is for servers and tools: \`import { open } from 'latchwork/${system}/server'\``)
}

const toJSON = () => refuseCopy('a subject', 'send its id, and the records to `open` there')

/**
 * A copy of the numbers of questions, which the caller cannot change.
 * @param {Uint32Array | readonly number[]} questions
 */
function numbersOf(questions) {
  const copy = runCallerCode('the questions', () => {
    if (questions instanceof Uint32Array) return questions.length > LIST_MAX ? questions : new Uint32Array(questions)
    return Array.isArray(questions) ? questions : undefined
  })
  if (!copy) throw wrongType('the questions', 'a Uint32Array or a list of numbers', questions)
  if (copy !== questions) return /** @type {Uint32Array} */ (copy)
  return Uint32Array.from(itemsOf(questions, 'the questions', LIST_MAX), (question) => {
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    // Anything else becomes the largest number: no question has it, because its mark is larger than the largest.
    return question >>> 0 === question ? question : -1
  })
}
