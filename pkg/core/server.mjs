// @ts-check
// Queries for servers and tools. Only the module `server` has them, which keeps the modules of pages small.

import { LIST_MAX, checkString, itemsOf, onlyMembersOf, wrongType } from './argument.mjs'
import { Authorizer } from './authorizer.mjs'
import { secondsOf } from './details.mjs'
import { LatchworkError } from './error.mjs'
import { PrincipalQuestion } from './principal.mjs'
import { ITSELF } from './proxied.mjs'
import { DIFF, FIELDS, FILTER, HOLDERS, LINT, MUTANTS, PARTS, SLICE_DOCUMENT, query } from './query.mjs'
import { RecordAuthorizer } from './record-authorizer.mjs'
import { withMember } from './record-details.mjs'
import { RecordSubject } from './record-subject.mjs'
import { Subject, nameOf } from './subject.mjs'
import { Decoder } from './utf8.mjs'

/** @typedef {import('./details.mjs').Options} Options */

export class ServerAuthorizer extends RecordAuthorizer {
  #bytes

  /** @param {import('./questions.mjs').Questions} instance @param {string} system @param {Uint8Array} records JSON text in UTF-8 @param {() => number} [now] */
  constructor(instance, system, records, now) {
    super(instance, system, records, now)
    this.#bytes = records
  }

  dispose() {
    const self = of(this)
    super.dispose()
    self.#bytes = new Uint8Array(0)
  }

  get _Subject() {
    return ServerSubject
  }

  /** @param {any} who @param {readonly string[]} [roles] @returns {any} */
  slice(who, roles) {
    const self = of(this)
    if (self._takesRecords) return super.slice(who, roles)
    if (roles !== undefined) throw new LatchworkError('unsupported', `${self.system} has no \`within\`, for which a slice would keep roles`)
    const asker = self._own(who)?._who ?? self._principalOf(who)
    const json = asker instanceof PrincipalQuestion ? asker.who : JSON.stringify(asker)
    const document = new Decoder().decode(self.#bytes)
    return JSON.parse(self._call((glue, handle) => query(glue, SLICE_DOCUMENT, handle, json, '', document)))
  }

  /**
   * The holders who can do this.
   * @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options]
   */
  holders(action, resource, attributes, options) {
    const self = of(this)
    checkString(action, 'the action')
    const details = self._details(resource, attributes, options)
    return JSON.parse(self._call((glue, handle) => query(glue, HOLDERS, handle, action, nameOf(resource), details)))
  }

  /** @param {any} other */
  diff(other) {
    const self = of(this)
    const found = other?.[ITSELF]?.()
    if (!(found instanceof ServerAuthorizer)) throw wrongType('the other records', 'an authorizer that was opened with the same module for servers', other)
    if (found.system !== self.system) throw new LatchworkError('unsupported', `the records of ${self.system} cannot be compared with those of ${found.system}`)
    // What throws inside of a call ends the instance, so the other handle is found before.
    const compared = String(found._call((_, handle) => handle))
    return JSON.parse(self._call((glue, handle) => query(glue, DIFF, handle, compared)))
  }

  /** @param {{ now?: unknown }} [options] */
  lint(options) {
    const self = of(this)
    const [now = self._now()] = options === undefined ? [] : onlyMembersOf(options, 'the options', ['now'])
    const seconds = secondsOf(now)
    if (!Number.isSafeInteger(seconds) || /** @type {number} */ (seconds) < 0) throw wrongType('the option `now`', 'a whole number of seconds since 1970, or a Date', now)
    return JSON.parse(self._call((glue, handle) => query(glue, LINT, handle, String(seconds))))
  }

  parts() {
    return JSON.parse(of(this)._call((glue, handle) => query(glue, PARTS, handle)))
  }

  mutants() {
    return JSON.parse(of(this)._call((glue, handle) => query(glue, MUTANTS, handle)))
  }
}

/** The authorizer behind the `this` of a method. @param {any} self @returns {ServerAuthorizer} */
const of = (self) => /** @type {any} */ (Authorizer._of(self))

export class ServerSubject extends RecordSubject {
  /** @param {string} action @param {string} type @param {Options} [options] */
  filter(action, type, options) {
    const self = Subject._of(this)
    checkString(action, 'the action')
    checkString(type, 'the type')
    return JSON.parse(self._tell(FILTER, action, type, self._details('', undefined, options)))
  }

  /**
   * Which of these names may be the last segment.
   * @param {string} action @param {any} resource without its last segment @param {Iterable<string>} names @param {unknown} [attributes] @param {Options} [options]
   */
  fields(action, resource, names, attributes, options) {
    const self = Subject._of(this)
    checkString(action, 'the action')
    const list = itemsOf(names, 'the names', LIST_MAX)
    for (const name of list) checkString(name, 'a name of a field')
    const details = withMember(self._details(resource, attributes, options), 'names', list)
    return JSON.parse(self._tell(FIELDS, action, nameOf(resource), details))
  }
}
