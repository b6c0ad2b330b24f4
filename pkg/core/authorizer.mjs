// @ts-check
// Questions to one set of records. The core decides; this file holds handles and calls it. What only some models need is in
// record-authorizer.mjs. This file has over 300 lines because all methods of the class need its private members, which no
// other file can read.

import { LIST_MAX, checkString, itemsOf } from './argument.mjs'
import { decisionOf, explanationOf } from './decision.mjs'
import { detailsOf } from './details.mjs'
import { LatchworkError, renamed } from './error.mjs'
import { checked } from './forms.mjs'
import { INSPECT, ITSELF, unwrap, refuseCopy, receiver, inspection } from './proxied.mjs'
import { checkId, principalOf } from './principal.mjs'
import { DIGEST, query } from './query.mjs'
import { questionOf } from './question.mjs'
import { FOREIGN, UNBORN } from './questions.mjs'
import { RecentSubjects } from './recent.mjs'
import { Owner, Subject, forServers, nameOf } from './subject.mjs'
import { codes, listsOf } from './vocabulary.mjs'

/** @typedef {import('./details.mjs').Options} Options */
/** @typedef {import('./principal.mjs').Principal} Principal */

export class Authorizer {
  #instance
  #system
  #records
  #vocabulary
  #handle = 0
  /** The life in which the handle counts. */
  #life = UNBORN
  /** Of the life in which the handle counts. */
  #recent = new RecentSubjects(() => {})
  /** What its subjects share in that life. @type {Owner} */
  #owner
  #disposed = false
  /** @type {string | undefined} */
  #digest

  /** Leads from a Proxy to the authorizer. */
  [ITSELF] = () => this

  // With a function as own member, `structuredClone` and `postMessage` throw. V8 quotes a short function in the error.
  toJSON = toJSON

  /** @param {any} value @returns {value is Authorizer} */
  static #is(value) {
    return typeof value === 'object' && value !== null && #handle in value
  }

  /** The authorizer behind `this`. @param {Authorizer} self @returns {Authorizer} */
  static #of(self) {
    return Authorizer.#is(self) ? self : receiver(self, Authorizer.#is, 'an authorizer', 'authorizer.can(…)')
  }

  /** The authorizer behind the `this` of a method of a subclass. @param {any} self @internal */
  static _of(self) {
    return Authorizer.#of(self)
  }

  /** @param {import('./questions.mjs').Questions} instance @param {string} system @param {Uint8Array} records JSON text in UTF-8 @param {() => number} [_now] the clock, on which no decision of a product depends */
  constructor(instance, system, records, _now) {
    this.#instance = instance
    this.#system = system
    this.#records = records
    this._call(() => {})
    this.#vocabulary = this._codes(instance, system)
    this.#owner = this._newOwner(false)
  }

  get system() {
    const self = Authorizer.#of(this)
    return self.#system
  }

  get digest() {
    const self = Authorizer.#of(this)
    return (self.#digest ??= self._call((glue, handle) => query(glue, DIGEST, handle)))
  }

  get disposed() {
    const self = Authorizer.#of(this)
    return self.#disposed
  }

  /** @param {string | null | object} who an id, null, a record, or a role as `{ role }` */
  subject(who) {
    const self = Authorizer.#of(this)
    return new self._Subject(self, self._principalOf(who))
  }

  /** The name of `subject({ role })` until now. */
  role() {
    Authorizer.#of(this)
    throw renamed('role(name)', 'subject({ role: name })')
  }

  /** @param {any} subject @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  can(subject, action, resource, attributes, options) {
    const self = Authorizer.#of(this)
    const own = typeof subject === 'string' ? undefined : self._own(subject)
    return own ? own.can(action, resource, attributes, options) : (self.#decide(subject, action, resource, attributes, options) & 1) === 1
  }

  /** @param {any} question */
  decide(question) {
    const self = Authorizer.#of(this)
    const { subject, action, resource, attributes, options, within } = questionOf(question)
    const own = self._own(subject)
    if (!own) return decisionOf(self.#vocabulary, self.#decide(subject, action, resource, attributes, options, within))
    return within === undefined ? own.decide(action, resource, attributes, options) : self._decideWithin(own, within, action, resource, attributes, options)
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
    return Uint8Array.from(list, (question) => (self.decide(question).allow ? 1 : 0))
  }

  vocabulary() {
    const self = Authorizer.#of(this)
    self._check()
    return listsOf(self.#vocabulary)
  }

  /** @param {string} kind @param {unknown} value */
  validate(kind, value) {
    const self = Authorizer.#of(this)
    return checked(kind, value, (text) => self._call((glue, handle) => glue.validateWith(handle, kind, text)))
  }

  dispose() {
    const self = Authorizer.#of(this)
    if (self.#disposed) return
    self.#disposed = true
    const life = self.#life
    // No decision about its subjects is given any more.
    self.#life = self.#owner.life = UNBORN
    self.#recent = new RecentSubjects(() => {})
    // This frees its subjects as well.
    life.closeAuthorizer(self.#handle)
    self.#records = new Uint8Array(0)
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    const self = Authorizer.#of(this)
    self.dispose()
  }

  [INSPECT]() {
    const self = unwrap(this, Authorizer.#is, 'the authorizer')
    return inspection('Authorizer', self, self?.system, self?.disposed)
  }

  /** @param {...any} _question @returns {any} */
  slice(..._question) {
    return forServers(Authorizer.#of(this), 'slice')
  }

  /** @param {...any} _question */
  holders(..._question) {
    return forServers(Authorizer.#of(this), 'holders')
  }

  /** @param {...any} _question */
  diff(..._question) {
    return forServers(Authorizer.#of(this), 'diff')
  }

  /** @param {...any} _question */
  lint(..._question) {
    return forServers(Authorizer.#of(this), 'lint')
  }

  /** @param {...any} _question */
  parts(..._question) {
    return forServers(Authorizer.#of(this), 'parts')
  }

  /** @param {...any} _question */
  mutants(..._question) {
    return forServers(Authorizer.#of(this), 'mutants')
  }

  /** Throws if the authorizer was disposed. @internal */
  _check() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this authorizer was disposed')
  }

  /**
   * Runs one step with the handle. After a trap, the records are opened again first.
   * @template T
   * @param {(glue: any, handle: number) => T} step
   * @returns {T}
   * @internal
   */
  _call(step) {
    this._check()
    return this.#instance.call((glue, life) => {
      if (this.#life !== life) {
        const handle = glue.open(this.#system, this.#records)
        // What garbage collection finds after `dispose` is freed already.
        life.authorizers?.register(this, handle)
        this.#recent = new RecentSubjects((subject) => life.freeSubject(subject))
        life.recent.set(handle, this.#recent)
        this.#handle = handle
        this.#life = life
        if (this.#vocabulary) this.#owner = this._newOwner(false)
      }
      return step(glue, this.#handle)
    })
  }

  /** The class of the subjects. @returns {typeof Subject} @internal */
  get _Subject() {
    return Subject
  }

  /** What its subjects share in the life of now. @internal */
  get _owner() {
    return this.#owner
  }

  /** What a subject shares in the life of now. @param {Principal} _who @param {number} _handle of the subject @internal */
  _ownerOf(_who, _handle) {
    return this.#owner
  }

  /** @param {boolean} timed whether decisions depend on the time @internal */
  _newOwner(timed) {
    return new Owner(this.#instance, this, this.#vocabulary, this.#life, timed)
  }

  /** Its words by their codes. @param {import('./questions.mjs').Questions} instance @param {string} system @internal */
  _codes(instance, system) {
    return codes(instance, system)
  }

  /** The principal of what a caller gives. @param {any} who @returns {Principal} @internal */
  _principalOf(who) {
    return principalOf(who)
  }

  /** The details of a question as JSON text. @param {any} resource @param {unknown} attributes @param {Options | undefined} options @param {boolean} [_timed] whether the decision depends on the time @internal */
  _details(resource, attributes, options, _timed) {
    return detailsOf(resource, attributes, options)
  }

  /** The handle of a subject in the living instance. @param {Principal} who @returns {number} @internal */
  _prepare(who) {
    return this._call((glue, handle) => {
      const prepare = () => (who === null || typeof who === 'string' ? glue.subject(handle, who) : glue.principal(handle, who.question))
      try {
        return prepare()
      } catch (thrown) {
        // Recent subjects are freed in favor of those that the caller holds.
        if (!isFull(thrown) || !this.#life.freeRecent()) throw thrown
        return prepare()
      }
    })
  }

  /** The decision for a subject within holders. @param {Subject} own @param {unknown} within @param {...any} _question @returns {import('./decision.mjs').Decision} @internal */
  _decideWithin(own, within, ..._question) {
    return own.within(within)
  }

  /**
   * The packed decision for an id or a record.
   * @param {any} who @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options @param {unknown} [within]
   */
  #decide(who, action, resource, attributes, options, within) {
    if ((typeof who === 'string' || who === null) && typeof resource === 'string' && attributes === undefined && options === undefined && within === undefined) {
      const code = this.#owner.codeOf(action)
      if (code !== undefined && !this.#vocabulary.timed) {
        const handle = this.#handleOf(who)
        const packed = handle === 0 ? FOREIGN : this.#life.decide(handle, code, resource)
        if (packed < FOREIGN) return packed
      }
    }
    return this._decideOnce(who, action, resource, attributes, options, within)
  }

  /** The handle of a recent subject; 0 where there is no room for it. @param {string | null} id */
  #handleOf(id) {
    if (!this.#life.dead) {
      const handle = this.#recent.get(id)
      if (handle !== 0) return handle
    }
    checkId(id)
    return this._call((glue, authorizer) => {
      let handle = 0
      try {
        handle = glue.subject(authorizer, id) | 0
        this.#recent.add(id, handle)
      } catch (thrown) {
        if (!isFull(thrown)) throw thrown
      }
      return handle
    })
  }

  /**
   * The packed decision for an id or a record, for which no subject is kept: it needs no free slot.
   * @param {unknown} who @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options @param {unknown} within
   * @returns {number}
   * @internal
   */
  _decideOnce(who, action, resource, attributes, options, within) {
    checkId(who)
    if (within !== undefined) throw new LatchworkError('unsupported', `${this.#system} has no \`within\``)
    checkString(action, 'the action')
    const details = this._details(resource, attributes, options)
    return this._call((glue, handle) => glue.decideOnce(handle, who, action, nameOf(resource), details))
  }

  /** The value if it is a prepared subject, which must belong to this authorizer. @param {unknown} value @internal */
  _own(value) {
    const subject = Subject.from(value)
    if (subject && subject.authorizer !== this) throw new LatchworkError('foreign_subject', 'the subject was prepared by another authorizer')
    return subject
  }
}

const toJSON = () => refuseCopy('an authorizer', 'send its records and `open` them there')

/** Whether the instance refused a subject because it holds as many as it can. @param {unknown} thrown the JSON text of an error */
const isFull = (thrown) => typeof thrown === 'string' && thrown.includes('"too_many_subjects"')
