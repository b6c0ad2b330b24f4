// @ts-check
// What one subject holds, prepared for many questions.

import { LIST_MAX, checkString, itemsOf, reading, wrongType } from './argument.mjs'
import { decisionOf, explanationOf } from './decision.mjs'
import { LatchworkError } from './error.mjs'
import { abandoned, giveBack } from './held.mjs'
import { FOREIGN, area, call, discard, living, refusal, write } from './instance.mjs'
import { INSPECT, ITSELF, behind, noCopy, receiver, shown } from './itself.mjs'
import { argumentJson } from './json.mjs'

/** Question numbers that fit the scratch area at once. */
const MANY = 4096

/** Marks the numbers of one subject's prepared questions; 22 bits, never used twice in one instance. */
const SERIAL_MAX = (1 << 22) - 1
const SERIAL_SHIFT = 9
let lastSerial = 0

/** No question has this number: its mark is larger than the largest. */
const NO_QUESTION = 0xffff_ffff

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

/** Forgets the answers of late. */
export function forgetAnswers() {
  answers.clear()
}

/** @param {string} resource @param {number} asker @param {boolean} allow */
function remember(resource, asker, allow) {
  if (resource.length > ANSWERED_LENGTH) return
  const last = answers.get(resource)
  if (last) {
    // In this order, wherever it ends, the answer to another question is never taken for this one's.
    last.asker = 0
    last.allow = allow
    last.asker = asker
    return
  }
  if (answers.size >= ANSWERS_MAX) answers.clear()
  answers.set(resource, { asker, allow })
}

export class Subject {
  #authorizer
  #vocabulary
  #actions
  #prepare
  /** The handle and the instance it counts in: here for speed, and in `#held` for garbage collection. */
  #handle = 0
  #epoch = -1
  /** @type {import('./held.mjs').Held} */
  #held = { epoch: -1, handle: 0, door: 'release' }
  #disposed = false
  /** Tells this subject's cached answers from others': a multiple of 256, plus the action's code. */
  #key = (lastKey += 256)
  /** The marks of the numbers that were given out, the living instance's last. @type {number[]} */
  #serials = []
  /** @type {string | undefined} */
  #digest

  /** Through a Proxy it finds the subject. */
  [ITSELF] = () => this

  // An own function makes `structuredClone` and `postMessage` fail; V8 shows its text, if it is short, in the error.
  toJSON = toJSON

  /** Whether this is a subject, and no look-alike. @param {any} value @returns {value is Subject} */
  static #is(value) {
    return typeof value === 'object' && value !== null && #key in value
  }

  /** The subject that a value is or stands for, if it does. @param {any} value */
  static from(value) {
    return behind(value, Subject.#is, 'the subject')
  }

  /** The subject behind `this`. @param {Subject} self @returns {Subject} */
  static #of(self) {
    return Subject.#is(self) ? self : receiver(self, Subject.#is, 'a subject', 'subject.can(…)')
  }

  /**
   * @param {import('./authorizer.mjs').Authorizer} authorizer
   * @param {import('./vocabulary.mjs').Codes} vocabulary
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
    const self = Subject.#of(this)
    return self.#authorizer
  }

  get digest() {
    const self = Subject.#of(this)
    return (self.#digest ??= self.#call((doors, handle) => doors.subject_digest(handle)))
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  can(action, resource, attributes) {
    const self = Subject.#of(this)
    const code = self.#actions.get(action)
    if (code === undefined || attributes !== undefined || typeof resource !== 'string') {
      return (self.#ask(action, resource, attributes) & 1) === 1
    }
    const asker = self.#key + code
    const last = answers.get(resource)
    if (last !== undefined && last.asker === asker) return last.allow
    const packed = self.#cross(code, resource)
    if (packed & FOREIGN) return (self.#ask(action, resource, undefined) & 1) === 1
    const allow = (packed & 1) === 1
    remember(resource, asker, allow)
    return allow
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  decide(action, resource, attributes) {
    const self = Subject.#of(this)
    const code = self.#actions.get(action)
    if (code === undefined || attributes !== undefined || typeof resource !== 'string') {
      return decisionOf(self.#vocabulary, self.#ask(action, resource, attributes))
    }
    const packed = self.#cross(code, resource)
    return decisionOf(self.#vocabulary, packed & FOREIGN ? self.#ask(action, resource, undefined) : packed)
  }

  /** @param {string} action @param {string} resource @param {unknown} [attributes] */
  explain(action, resource, attributes) {
    const self = Subject.#of(this)
    return explanationOf(self.#authorizer.system, self.decide(action, resource, attributes))
  }

  /** @param {string} action @param {string} resource */
  id(action, resource) {
    const self = Subject.#of(this)
    checkString(action, 'the action')
    checkString(resource, 'the resource')
    self.#live()
    if (self.#serials.length === 0) self.#serials.push(nextSerial([]))
    const serial = self.#serials.at(-1)
    return self.#call((doors, handle) => doors.prepare(handle, action, resource, serial))
  }

  /** @param {number} question */
  canId(question) {
    const self = Subject.#of(this)
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    // Wasm would take 4294967297.5 for 1.
    if (self.#epoch === living.epoch && question >>> 0 === question) {
      let packed
      try {
        packed = living.canId(self.#handle, question)
      } catch (thrown) {
        living.exports = undefined
        living.epoch += 1
        throw refusal(thrown)
      }
      if (packed < FOREIGN) return (packed & 1) === 1
    }
    self.#refuseStale(question)
    return false
  }

  /** @param {Uint32Array | readonly number[]} questions */
  canMany(questions) {
    const self = Subject.#of(this)
    const numbers = numbersOf(questions)
    const answers = new Uint8Array(numbers.length)
    for (let start = 0; start < numbers.length; start += MANY) {
      const part = numbers.subarray(start, start + MANY)
      const foreign = self.#call((_doors, handle) => {
        const scratch = area()
        scratch.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
        const foreign = living.exports.can_many(handle, part.length)
        answers.set(scratch.subarray(0, part.length), start)
        return foreign
      })
      if (foreign > 0) part.forEach((question) => self.#refuseStale(question))
    }
    return answers
  }

  listing() {
    const self = Subject.#of(this)
    return self.#call((doors, handle) => doors.listing(handle))
  }

  dispose() {
    const self = Subject.#of(this)
    if (self.#disposed) return
    self.#disposed = true
    abandoned?.unregister(self)
    self.#key = lastKey += 256
    giveBack(self.#held)
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    const self = Subject.#of(this)
    self.dispose()
  }

  [INSPECT]() {
    const self = Subject.from(this)
    return shown('Subject', self && { system: self.#authorizer.system, digest: () => self.digest, disposed: self.#disposed || self.#authorizer.disposed })
  }

  /** The packed decision through the scratch area. @param {number} code @param {string} resource */
  #cross(code, resource) {
    if (this.#epoch !== living.epoch) this.#live()
    const length = write(resource)
    try {
      return living.can(this.#handle, code, length)
    } catch (thrown) {
      living.exports = undefined
      living.epoch += 1
      throw refusal(thrown)
    }
  }

  /** The packed decision through the door for names and attributes. @param {string} action @param {string} resource @param {unknown} attributes */
  #ask(action, resource, attributes) {
    checkString(action, 'the action')
    checkString(resource, 'the resource')
    const text = attributes === undefined ? 'null' : argumentJson(attributes)
    return this.#call((doors, handle) => doors.decide(handle, action, resource, text))
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
    this.#authorizer._check()
    if (this.#epoch === living.epoch) return
    const handle = this.#authorizer._call(this.#prepare)
    if (handle === 0) throw new LatchworkError('unsupported', `${this.#authorizer.system} has no questions about roles`)
    if (this.#serials.length > 0) this.#serials.push(nextSerial(this.#serials))
    this.#handle = this.#held.handle = handle
    this.#epoch = this.#held.epoch = living.epoch
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

/**
 * A mark that no living number has, nor an older one of the same subject. When they run out, a fresh instance
 * begins anew.
 * @param {readonly number[]} older
 */
function nextSerial(older) {
  do {
    if (lastSerial === SERIAL_MAX) {
      lastSerial = 0
      discard()
      throw new LatchworkError('internal', 'the marks of question numbers are used up; the instance was replaced: ask again')
    }
    lastSerial += 1
  } while (older.includes(lastSerial))
  return lastSerial
}

const toJSON = () => noCopy('a subject', 'send its id, and the records to `open` there')

/**
 * The numbers of questions, in memory that nobody else writes.
 * @param {Uint32Array | readonly number[]} questions
 */
function numbersOf(questions) {
  const copy = reading('the questions', () => {
    if (questions instanceof Uint32Array) return questions.length > LIST_MAX ? questions : new Uint32Array(questions)
    return Array.isArray(questions) ? questions : undefined
  })
  if (!copy) throw wrongType('the questions', 'a Uint32Array or a list of numbers', questions)
  if (copy !== questions) return /** @type {Uint32Array} */ (copy)
  return Uint32Array.from(itemsOf(questions, 'the questions', LIST_MAX), (question) => {
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    return question >>> 0 === question ? question : NO_QUESTION
  })
}
