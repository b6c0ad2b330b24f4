// @ts-check
// A subject of a model whose users can bring a record of their own: it can be narrowed to holders, its records can be cut
// out, and its decisions can depend on the time.

import { checkString } from './argument.mjs'
import { narrow } from './principal-within.mjs'
import { CHANGES_AT, EXPLAIN, SLICE, query } from './query.mjs'
import { atTime, detailsWithParts } from './record-details.mjs'
import { SERIAL_SHIFT, Subject, nameOf, nextSerial } from './subject.mjs'
import { TimedQuestions } from './timed.mjs'

/** @typedef {import('./details.mjs').Options} Options */

export class RecordSubject extends Subject {
  /** The first second at which a decision can change by the time alone; undefined if none can. @returns {number | undefined} */
  get changesAt() {
    const self = of(this)
    if (!self._owner.timed) return undefined
    return JSON.parse(self._tell(CHANGES_AT, String(self._now()))) ?? undefined
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  explain(action, resource, attributes, options) {
    const self = of(this)
    if (!self._owner.vocabulary.records) return super.explain(action, resource, attributes, options)
    const details = self._details(resource, attributes, options)
    const explanation = super.explain(action, resource, attributes, options)
    const found = self._tell(EXPLAIN, action, nameOf(resource), details)
    // JSON.parse makes every member the object's own.
    return found === '' ? explanation : { ...explanation, ...JSON.parse(found) }
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  prepare(action, resource, attributes, options) {
    const self = of(this)
    if (!self._owner.timed) return super.prepare(action, resource, attributes, options)
    checkString(action, 'the action')
    const { text, now } = detailsWithParts(resource, attributes, options)
    if (now === undefined) return (self._more().timedQuestions ??= new TimedQuestions(self)).prepare(action, resource, text)
    const details = atTime(text, now)
    return self._numberOf(self._call((glue, handle) => glue.decide(handle, action, nameOf(resource), details)))
  }

  /**
   * The same subject, narrowed to what each of these holders also allows.
   * @param {unknown} holders one, or a list
   * @returns {any}
   */
  within(holders) {
    const self = of(this)
    const { authorizer } = self
    if (!self._owner.vocabulary.records) return super.within(holders)
    self._live()
    return new authorizer._Subject(authorizer, narrow(self._who, holders))
  }

  /** @param {number} question @internal */
  _decideOther(question) {
    return this._more().timedQuestions?.decideNow(question) ?? super._decideOther(question)
  }

  /** @param {string} roles JSON text of a list @internal */
  _slice(roles) {
    return JSON.parse(this._tell(SLICE, '', '', roles))
  }

  /** The decision of a question whose details are JSON text, and the time span in which it holds. @param {string} action @param {any} resource @param {string} text @internal */
  _askAt(action, resource, text) {
    const now = this._now()
    // A clock can return anything: what is not JSON is refused before the step, which must not throw errors of its own.
    const details = atTime(text, now)
    return this._call((glue, handle) => {
      const packed = glue.decide(handle, action, nameOf(resource), details)
      const until = JSON.parse(query(glue, CHANGES_AT, handle, String(now))) ?? Infinity
      return { allow: (packed & 1) === 1, from: now, until }
    })
  }

  /** The clock of the authorizer. @internal */
  _now() {
    return /** @type {import('./record-authorizer.mjs').RecordAuthorizer} */ (this._owner.authorizer)._now()
  }

  /** A mark for question numbers that this subject has for nothing else. @internal */
  _mark() {
    const serial = nextSerial(this._owner.instance, this._more().serials)
    return serial << SERIAL_SHIFT
  }
}

/** The subject behind the `this` of a method. @param {any} self @returns {RecordSubject} */
const of = (self) => /** @type {any} */ (Subject._of(self))
