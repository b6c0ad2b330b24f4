// @ts-check
// Questions to records of a model whose users can bring a record of their own, whose questions can have holders to stay
// within, and whose decisions can depend on the time. Records of other models can be opened with it as well.

import { checkString, runCallerCode } from './argument.mjs'
import { Authorizer } from './authorizer.mjs'
import { detailsOf, objectJson, optionsOf, secondsOf } from './details.mjs'
import { LatchworkError } from './error.mjs'
import { argumentJson } from './json.mjs'
import { PrincipalQuestion, principalOf } from './principal.mjs'
import { PrincipalWithin } from './principal-within.mjs'
import { IS_TIMED, query } from './query.mjs'
import { UNBORN } from './questions.mjs'
import { questionOf } from './question.mjs'
import { atTime, detailsWithParts } from './record-details.mjs'
import { RecordSubject } from './record-subject.mjs'
import { codesOf } from './vocabulary.mjs'

/** @typedef {import('./details.mjs').Options} Options */
/** @typedef {import('./principal.mjs').Principal} Principal */
/** @typedef {import('./subject.mjs').Subject} Subject */

/** The clock of the machine, in whole seconds since 1970. */
const clock = () => Math.floor(Date.now() / 1000)

export class RecordAuthorizer extends Authorizer {
  #clock
  /** What subjects share whose decisions depend on the time. @type {import('./subject.mjs').Owner | undefined} */
  #timedOwner

  /** @param {import('./questions.mjs').Questions} instance @param {string} system @param {Uint8Array} records JSON text in UTF-8 @param {() => number} [now] */
  constructor(instance, system, records, now = clock) {
    super(instance, system, records)
    this.#clock = now
  }

  /** @param {any} question */
  explain(question) {
    const self = of(this)
    if (!self._takesRecords) return super.explain(question)
    const { subject, action, resource, attributes, options, within } = questionOf(question)
    const explain = (/** @type {Subject} */ asker) => asker.explain(action, resource, attributes, options)
    const narrowed = (/** @type {Subject} */ asker) => (within === undefined ? explain(asker) : briefly(asker.within(within), explain))
    const own = self._own(subject)
    return own ? narrowed(own) : briefly(self.subject(subject), narrowed)
  }

  /**
   * Records with only this subject, in which it gets the same decisions.
   * @param {any} who @param {readonly string[]} [roles] that are kept as well
   * @returns {any}
   */
  slice(who, roles = []) {
    const self = of(this)
    if (!self._takesRecords) return super.slice()
    const text = argumentJson(roles, 'roles')
    const own = /** @type {RecordSubject | undefined} */ (self._own(who))
    if (own?._who instanceof PrincipalWithin) throw new LatchworkError('unsupported', 'a slice holds no `within`: slice the subject without it, and narrow the one that the page opens')
    return own ? own._slice(text) : briefly(self.subject(who), (subject) => subject._slice(text))
  }

  dispose() {
    const self = of(this)
    super.dispose()
    if (self.#timedOwner) self.#timedOwner.life = UNBORN
  }

  /** The class of the subjects. @returns {typeof RecordSubject} @internal */
  get _Subject() {
    return RecordSubject
  }

  /** Whether a question can contain a record of its user. @internal */
  get _takesRecords() {
    return this._owner.vocabulary.records
  }

  /** The time of the clock. A clock that returns null has no time: that of policy tests. @returns {any} @internal */
  _now() {
    const now = runCallerCode('the clock', () => this.#clock())
    if (now === null) return
    const seconds = Math.floor(secondsOf(now) ?? -1)
    if (seconds >= 0 && Number.isSafeInteger(seconds)) return seconds
    throw new LatchworkError('invalid_value', 'the option `now` of `open` must return seconds since 1970')
  }

  /** What a subject shares in the life of now. @param {Principal} who @param {number} handle of the subject @internal */
  _ownerOf(who, handle) {
    const owner = this._owner
    const { records, timed } = owner.vocabulary
    if (!timed && !(records && who instanceof PrincipalQuestion)) return owner
    if (this._call((glue) => query(glue, IS_TIMED, handle)) !== 'true') return owner
    if (this.#timedOwner?.life !== owner.life) this.#timedOwner = this._newOwner(true)
    return /** @type {typeof owner} */ (this.#timedOwner)
  }

  /** @param {import('./questions.mjs').Questions} instance @param {string} system @internal */
  _codes(instance, system) {
    return codesOf(instance, system, () => this._call((glue, handle) => glue.vocabularyOf(handle)))
  }

  /** @param {any} who @returns {Principal} @internal */
  _principalOf(who) {
    return this._takesRecords && typeof who === 'object' && who !== null ? new PrincipalQuestion(argumentJson(who, 'subject')) : principalOf(who)
  }

  /** The details of a question, with the time of the clock if the decision depends on it. @param {any} resource @param {unknown} attributes @param {Options | undefined} options @param {boolean} [timed] @internal */
  _details(resource, attributes, options, timed = this._owner.vocabulary.timed) {
    if (!this._takesRecords) return detailsOf(resource, attributes, options)
    const { text, now } = detailsWithParts(resource, attributes, options)
    return atTime(text, now === undefined && timed ? this._now() : now)
  }

  /** @param {Subject} own @param {unknown} within @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options @internal */
  _decideWithin(own, within, action, resource, attributes, options) {
    return briefly(own.within(within), (narrowed) => narrowed.decide(action, resource, attributes, options))
  }

  /** @param {unknown} who @param {string} action @param {any} resource @param {unknown} attributes @param {Options | undefined} options @param {unknown} within @returns {number} @internal */
  _decideOnce(who, action, resource, attributes, options, within) {
    const isName = who === null || who === undefined || typeof who === 'string'
    if (!this._takesRecords || (within === undefined && isName)) return super._decideOnce(who, action, resource, attributes, options, within)
    const { context, properties, now = this._now() } = optionsOf(options)
    checkString(action, 'the action')
    const question = objectJson({ subject: who, action, resource, attributes, context, properties, within, now })
    return this._call((glue, handle) => glue.ask(handle, question))
  }
}

/** The authorizer behind the `this` of a method. @param {any} self @returns {RecordAuthorizer} */
const of = (self) => /** @type {any} */ (Authorizer._of(self))

/** Uses a temporary subject. @template T @param {any} subject @param {(subject: any) => T} use */
function briefly(subject, use) {
  try {
    return use(subject)
  } finally {
    subject.dispose()
  }
}
