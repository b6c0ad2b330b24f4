// @ts-check
// Questions to one set of records. What decides is in the core; this holds handles and crosses the border.

import words from '../wasm/words.mjs'
import { LatchworkError } from './error.mjs'
import * as instance from './instance.mjs'
import { FOREIGN, area, call, can, canId, checkString, epoch, failure, write } from './instance.mjs'
import { argumentJson, toJson } from './json.mjs'

/** The largest value of a question or a form, in characters of JSON: the 64 KiB of a request's body. */
const VALUE_MAX = 65_536

/** Question numbers that fit the scratch area at once. */
const MANY = 4096

/** Marks the numbers of one subject's prepared questions; 22 bits, never used twice in one instance. */
const SERIAL_MAX = (1 << 22) - 1
const SERIAL_SHIFT = 9
let lastSerial = 0

/** @type {Map<string, { actions: Map<string, number>, rules: string[], levels: string[] }>} */
const vocabularies = new Map()

/** @param {string} system */
function codes(system) {
  let known = vocabularies.get(system)
  if (!known) {
    const { actions, rules, levels } = call((doors) => doors.vocabulary(system))
    known = { actions: new Map(actions.map((/** @type {string} */ name, /** @type {number} */ code) => [name, code])), rules, levels }
    vocabularies.set(system, known)
  }
  return known
}

/**
 * The last answer about each resource of late: a string that is asked again need not cross the border again.
 * Who asked for what is `Subject#key` plus the action's code. When it is full it is emptied, so nobody can
 * make it grow, nor fill it for others.
 * @type {Map<string, { asker: number, allow: boolean }>}
 */
const answers = new Map()
const ANSWERS_MAX = 1024
/** The longest string that is kept. */
const ANSWERED_LENGTH = 64
let lastKey = 0

/** @param {string} resource @param {number} asker @param {boolean} allow */
function remember(resource, asker, allow) {
  if (resource.length > ANSWERED_LENGTH) return
  const last = answers.get(resource)
  if (last) {
    last.asker = asker
    last.allow = allow
    return
  }
  if (answers.size === ANSWERS_MAX) answers.clear()
  answers.set(resource, { asker, allow })
}

/**
 * Opens a system on its records.
 * @param {string} system
 * @param {unknown} records
 */
export function open(system, records) {
  checkString(system, 'the system')
  const { text, problems } = toJson(records)
  if (problems.length > 0) {
    const { path, message } = problems[0]
    throw new LatchworkError('invalid_records', `the records are no JSON document: ${path || 'the top'}: ${message}`, { problems })
  }
  return new Authorizer(system, text)
}

/** @typedef {{ epoch: number, handle: number, door: 'close' | 'release' }} Held a handle, and the door that takes it back */

/** Gives a handle back; one of an older instance is gone already. @param {Held} held */
function giveBack(held) {
  if (held.epoch === instance.epoch && instance.exports) instance.exports[held.door](held.handle)
}

/** Gives back what garbage collection found unused. Some edge runtimes have no registry: dispose there. */
const abandoned = typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry(giveBack)

export class Authorizer {
  #system
  #records
  #vocabulary
  /** @type {Held} */
  #held = { epoch: -1, handle: 0, door: 'close' }
  #disposed = false
  /** @type {string | undefined} */
  #digest

  /** @param {string} system @param {string} records */
  constructor(system, records) {
    this.#system = system
    this.#records = records
    this.#held.handle = call((doors) => doors.open(system, records))
    this.#held.epoch = instance.epoch
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
    return new Subject(this, this.#vocabulary, (doors, handle) => {
      const role = doors.role(handle, name)
      if (role === 0) throw new LatchworkError('unsupported', `${this.#system} has no questions about roles`)
      return role
    })
  }

  /** @param {Subject | string | null} subject @param {string} action @param {string} resource @param {unknown} [attributes] */
  can(subject, action, resource, attributes) {
    return this.#as(subject, (asker) => asker.can(action, resource, attributes))
  }

  /** @param {any} question */
  decide(question) {
    const { subject, action, resource, attributes } = asked(question)
    return this.#as(subject, (asker) => asker.decide(action, resource, attributes))
  }

  /** @param {any} question */
  explain(question) {
    const { subject, action, resource, attributes } = asked(question)
    return this.#as(subject, (asker) => asker.explain(action, resource, attributes))
  }

  /** @param {Iterable<any>} questions */
  canMany(questions) {
    const answers = []
    /** @type {Map<string | null, Subject>} */
    const prepared = new Map()
    try {
      for (const question of questions) {
        const { subject, action, resource, attributes } = asked(question)
        let asker = subject
        if (!(subject instanceof Subject)) {
          asker = prepared.get(subject) ?? this.subject(subject)
          prepared.set(subject, asker)
        }
        answers.push(asker.can(action, resource, attributes) ? 1 : 0)
      }
    } finally {
      for (const subject of prepared.values()) subject.dispose()
    }
    return Uint8Array.from(answers)
  }

  /** @param {string} kind @param {unknown} value */
  validate(kind, value) {
    return checked(kind, value, (text) => this._call((doors, handle) => doors.validate_with(handle, kind, text)))
  }

  dispose() {
    if (this.#disposed) return
    this.#disposed = true
    abandoned?.unregister(this)
    giveBack(this.#held)
    this.#records = ''
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose()
  }

  /**
   * Runs one step on the handle, which is made anew after a trap.
   * @template T
   * @param {(doors: any, handle: number) => T} step
   * @returns {T}
   * @internal
   */
  _call(step) {
    return call((doors) => {
      if (this.#disposed) throw new LatchworkError('disposed', 'this authorizer was disposed')
      if (this.#held.epoch !== instance.epoch) {
        this.#held.handle = doors.open(this.#system, this.#records)
        this.#held.epoch = instance.epoch
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
    if (subject instanceof Subject) {
      if (subject.authorizer !== this) throw new LatchworkError('foreign_subject', 'the subject was prepared by another authorizer')
      return step(subject)
    }
    const asker = this.subject(subject)
    try {
      return step(asker)
    } finally {
      asker.dispose()
    }
  }
}

export class Subject {
  #authorizer
  #vocabulary
  #actions
  #prepare
  /** The handle and the instance it counts in, here for speed and in `#held` for garbage collection. */
  #handle = 0
  #epoch = -1
  /** @type {Held} */
  #held = { epoch: -1, handle: 0, door: 'release' }
  #disposed = false
  /** Tells this subject's cached answers from others': a multiple of 256, plus the action's code. */
  #key = (lastKey += 256)
  /** The marks of the numbers that were given out, the living instance's last. @type {number[]} */
  #serials = []
  /** @type {string | undefined} */
  #digest

  /**
   * @param {Authorizer} authorizer
   * @param {ReturnType<typeof codes>} vocabulary
   * @param {(doors: any, authorizer: number) => number} prepare
   */
  constructor(authorizer, vocabulary, prepare) {
    this.#authorizer = authorizer
    this.#vocabulary = vocabulary
    this.#actions = vocabulary.actions
    this.#prepare = prepare
    this.#live()
    abandoned?.register(this, this.#held, this)
  }

  get authorizer() {
    return this.#authorizer
  }

  get digest() {
    return (this.#digest ??= this.#call((doors, handle) => doors.subject_digest(handle)))
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  can(action, resource, attributes) {
    const code = this.#actions.get(action)
    if (code === undefined || attributes !== undefined || typeof resource !== 'string') {
      return (this.#ask(action, resource, attributes) & 1) === 1
    }
    const asker = this.#key + code
    const last = answers.get(resource)
    if (last !== undefined && last.asker === asker) return last.allow
    const packed = this.#cross(code, resource)
    if (packed & FOREIGN) return (this.#ask(action, resource, undefined) & 1) === 1
    const allow = (packed & 1) === 1
    remember(resource, asker, allow)
    return allow
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  decide(action, resource, attributes) {
    const code = this.#actions.get(action)
    if (code === undefined || attributes !== undefined || typeof resource !== 'string') {
      return this.#words(this.#ask(action, resource, attributes))
    }
    const packed = this.#cross(code, resource)
    return this.#words(packed & FOREIGN ? this.#ask(action, resource, undefined) : packed)
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  explain(action, resource, attributes) {
    const decision = this.decide(action, resource, attributes)
    const { text, document, heading } = /** @type {any} */ (words)[this.#authorizer.system][decision.rule]
    return { ...decision, text, citation: { document, heading } }
  }

  /** @param {string} action @param {string} resource */
  id(action, resource) {
    checkString(action, 'the action')
    checkString(resource, 'the resource')
    return this.#call((doors, handle) => {
      const serial = this.#serials.at(-1) ?? nextSerial()
      const number = doors.prepare(handle, action, resource, serial)
      if (this.#serials.length === 0) this.#serials.push(serial)
      return number
    })
  }

  /** @param {number} question */
  canId(question) {
    // No look at the epoch: a question's number fits no subject of another instance.
    try {
      const packed = canId(this.#handle, question)
      if (packed < FOREIGN) return (packed & 1) === 1
    } catch (thrown) {
      throw failure(thrown)
    }
    this.#refuseStale(question)
    return false
  }

  /** @param {Uint32Array | readonly number[]} questions */
  canMany(questions) {
    const answers = new Uint8Array(questions.length)
    for (let start = 0; start < questions.length; start += MANY) {
      const part = Uint32Array.from(questions.slice(start, start + MANY))
      const foreign = this.#call((_doors, handle) => {
        const scratch = area()
        scratch.set(new Uint8Array(part.buffer))
        const foreign = instance.exports.can_many(handle, part.length)
        answers.set(scratch.subarray(0, part.length), start)
        return foreign
      })
      if (foreign > 0) part.forEach((question) => this.#refuseStale(question))
    }
    return answers
  }

  listing() {
    return this.#call((doors, handle) => doors.listing(handle))
  }

  dispose() {
    if (this.#disposed) return
    this.#disposed = true
    abandoned?.unregister(this)
    this.#key = lastKey += 256
    giveBack(this.#held)
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose()
  }

  /** The packed decision through the scratch area. @param {number} code @param {string} resource */
  #cross(code, resource) {
    if (this.#epoch !== epoch) this.#live()
    try {
      return can(this.#handle, code, write(resource))
    } catch (thrown) {
      throw failure(thrown)
    }
  }

  /** The packed decision through the door for names and attributes. @param {string} action @param {string} resource @param {unknown} attributes */
  #ask(action, resource, attributes) {
    checkString(action, 'the action')
    checkString(resource, 'the resource')
    const text = attributes === undefined ? 'null' : argumentJson(attributes, VALUE_MAX)
    return this.#call((doors, handle) => doors.decide(handle, action, resource, text))
  }

  /** A packed decision in words; the bits are those of `Packed` in the core. @param {number} packed */
  #words(packed) {
    const { rules, levels } = this.#vocabulary
    const level = (packed >> 9) & 15
    const needs = (packed >> 13) & 15
    /** @type {{ allow: boolean, rule: string, level?: string, needs?: string }} */
    const decision = { allow: (packed & 1) === 1, rule: rules[(packed >> 1) & 255] }
    if (level > 0) decision.level = levels[level - 1]
    if (needs > 0) decision.needs = levels[needs - 1]
    return decision
  }

  /**
   * @template T
   * @param {(doors: any, handle: number) => T} step
   * @returns {T}
   */
  #call(step) {
    this.#live()
    return call((doors) => step(doors, this.#handle))
  }

  /** Prepares the subject, unless it is prepared in the living instance. */
  #live() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this subject was disposed')
    if (this.#epoch === epoch) return
    this.#handle = this.#held.handle = this.#authorizer._call(this.#prepare)
    this.#epoch = this.#held.epoch = epoch
    if (this.#serials.length > 0) this.#serials.push(nextSerial())
  }

  /** Throws if the number was this subject's before its instance was replaced. @param {number} question */
  #refuseStale(question) {
    this.#live()
    const serial = question >>> SERIAL_SHIFT
    if (this.#serials.slice(0, -1).includes(serial)) {
      throw new LatchworkError('stale_handle', 'the number was prepared before the instance was replaced: ask `id` again')
    }
  }
}

/** A mark that no living number has. When they run out, a fresh instance begins anew. */
function nextSerial() {
  if (lastSerial === SERIAL_MAX) {
    lastSerial = 0
    instance.discard()
    throw new LatchworkError('internal', 'the marks of question numbers are used up; the instance was replaced: ask again')
  }
  return (lastSerial += 1)
}

/** @param {any} question */
function asked(question) {
  if (typeof question !== 'object' || question === null) {
    throw new LatchworkError('wrong_type', 'a question is an object: { subject, action, resource, attributes? }')
  }
  return question
}

/**
 * @param {string} kind
 * @param {unknown} value
 * @param {(text: string) => any} check
 */
function checked(kind, value, check) {
  checkString(kind, 'the kind')
  const { text, problems } = toJson(value)
  if (problems.length > 0) return { problems }
  if (text.length > VALUE_MAX) {
    return { problems: [{ path: '', code: 'too_long', message: `the value is larger than ${VALUE_MAX} characters as JSON` }] }
  }
  return check(text)
}

/**
 * The words of a system, for a form that offers them.
 * @param {string} system
 */
export function vocabulary(system) {
  checkString(system, 'the system')
  const { actions, rules, levels } = codes(system)
  return { actions: [...actions.keys()], levels: [...levels], rules: [...rules] }
}

/**
 * @param {string} system
 * @param {string} kind
 * @param {unknown} value
 */
export function validate(system, kind, value) {
  checkString(system, 'the system')
  return checked(kind, value, (text) => call((doors) => doors.validate(system, kind, text)))
}

/**
 * The same check for whatever takes a Standard Schema.
 * @param {string} system
 * @param {string} kind
 */
export function schema(system, kind) {
  return {
    '~standard': {
      version: 1,
      vendor: 'latchwork',
      /** @param {unknown} value */
      validate(value) {
        const outcome = validate(system, kind, value)
        if (!('problems' in outcome)) return outcome
        return {
          issues: outcome.problems.map((/** @type {any} */ { path, message }) => ({ message, path: pointer(path) })),
        }
      },
    },
  }
}

/** The keys of a JSON pointer. @param {string} path */
function pointer(path) {
  return path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/**
 * The question that a request of the product's own API asks; null when no route has it.
 * @param {string} system
 * @param {any} request
 */
export function classify(system, request) {
  checkString(system, 'the system')
  const { method, path, query = [], body = null } = asked(request)
  checkString(method, 'the method')
  checkString(path, 'the path')
  const pairs = typeof query[Symbol.iterator] === 'function' ? [...query] : Object.entries(query)
  const text = argumentJson({ method, path, query: pairs, body }, VALUE_MAX)
  const question = call((doors) => doors.classify(system, text))
  if (question === '') return null
  const { attributes, ...rest } = JSON.parse(question)
  return attributes === null ? rest : { ...rest, attributes }
}
