// @ts-check
// What one subject holds, prepared for many questions.

import words from '../wasm/words.mjs'
import { checkString, reading, wrongType } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { abandoned, giveBack } from './held.mjs'
import { FOREIGN, area, call, discard, living, refusal, write } from './instance.mjs'
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
 * Answers of late, in a fixed number of places: a string that is asked again need not cross the border again,
 * and nobody can make this grow. Subjects are told apart by `Subject#key`.
 */
const CACHE = 512
/** @type {string[]} */
const cachedResource = new Array(CACHE).fill('')
const cachedAsker = new Float64Array(CACHE)
const cachedAnswer = new Uint8Array(CACHE)
/** The longest string that is kept. */
const CACHED_LENGTH = 64
let lastKey = 0

/** Forgets the answers of late. */
export function forgetAnswers() {
  cachedAsker.fill(0)
}

export class Subject {
  #authorizer
  #vocabulary
  #actions
  #prepare
  /** @type {import('./held.mjs').Held} */
  #held = { epoch: -1, handle: 0, door: 'release' }
  #disposed = false
  /** Tells this subject's cached answers from others': a multiple of 256, plus the action's code. */
  #key = (lastKey += 256)
  /** The marks of the numbers that were given out, the living instance's last. @type {number[]} */
  #serials = []
  /** @type {string | undefined} */
  #digest

  /** Whether this is a subject, and no look-alike. @param {any} value @returns {value is Subject} */
  static is(value) {
    return typeof value === 'object' && value !== null && #key in value
  }

  /**
   * @param {import('./authorizer.mjs').Authorizer} authorizer
   * @param {import('./authorizer.mjs').Vocabulary} vocabulary
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
    const length = resource.length
    const asker = this.#key + code
    const place = (length * 31 + resource.charCodeAt(length - 1) * 7 + resource.charCodeAt(length >> 1) * 13 + asker) & (CACHE - 1)
    if (cachedAsker[place] === asker && cachedResource[place] === resource) return cachedAnswer[place] === 1
    const packed = this.#cross(code, resource)
    if (packed & FOREIGN) return (this.#ask(action, resource, undefined) & 1) === 1
    if (length <= CACHED_LENGTH) {
      // In this order, wherever it ends, no place ever has the answer of another question.
      cachedAsker[place] = 0
      cachedResource[place] = resource
      cachedAnswer[place] = packed & 1
      cachedAsker[place] = asker
    }
    return (packed & 1) === 1
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
    this.#live()
    if (this.#serials.length === 0) this.#serials.push(nextSerial([]))
    const serial = this.#serials.at(-1)
    return this.#call((doors, handle) => doors.prepare(handle, action, resource, serial))
  }

  /** @param {number} question */
  canId(question) {
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    // Wasm would take 4294967297.5 for 1.
    if (this.#held.epoch === living.epoch && question >>> 0 === question) {
      let packed
      try {
        packed = living.exports.can_id(this.#held.handle, question)
      } catch (thrown) {
        living.exports = undefined
        living.epoch += 1
        throw refusal(thrown)
      }
      if (packed < FOREIGN) return (packed & 1) === 1
    }
    this.#refuseStale(question)
    return false
  }

  /** @param {Uint32Array | readonly number[]} questions */
  canMany(questions) {
    const numbers = numbersOf(questions)
    const answers = new Uint8Array(numbers.length)
    for (let start = 0; start < numbers.length; start += MANY) {
      const part = numbers.subarray(start, start + MANY)
      const foreign = this.#call((_doors, handle) => {
        const scratch = area()
        scratch.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
        const foreign = living.exports.can_many(handle, part.length)
        answers.set(scratch.subarray(0, part.length), start)
        return foreign
      })
      if (foreign > 0) part.forEach((question) => this.#refuseStale(question))
    }
    return answers
  }

  listing() {
    return JSON.parse(this.#call((doors, handle) => doors.listing(handle)))
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
    if (this.#held.epoch !== living.epoch) this.#live()
    const length = write(resource)
    try {
      return living.exports.can(this.#held.handle, code, length)
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

  /** A packed decision in words; the bits are those of `Packed` in the core. @param {number} packed */
  #words(packed) {
    const { rules, levels } = this.#vocabulary
    const level = (packed >> 9) & 15
    const needs = (packed >> 13) & 15
    return {
      allow: (packed & 1) === 1,
      rule: rules[(packed >> 1) & 255],
      ...(level > 0 ? { level: levels[level - 1] } : null),
      ...(needs > 0 ? { needs: levels[needs - 1] } : null),
    }
  }

  /**
   * @template T
   * @param {(doors: any, handle: number) => T} step
   * @returns {T}
   */
  #call(step) {
    this.#live()
    return call((doors) => step(doors, this.#held.handle))
  }

  /** Prepares the subject, unless it is prepared in the living instance. */
  #live() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this subject was disposed')
    this.#authorizer._check()
    if (this.#held.epoch === living.epoch) return
    const handle = this.#authorizer._call(this.#prepare)
    if (handle === 0) throw new LatchworkError('unsupported', `${this.#authorizer.system} has no questions about roles`)
    if (this.#serials.length > 0) this.#serials.push(nextSerial(this.#serials))
    this.#held.handle = handle
    this.#held.epoch = living.epoch
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

/**
 * The numbers of questions, in memory that nobody else writes.
 * @param {Uint32Array | readonly number[]} questions
 */
function numbersOf(questions) {
  const numbers = reading('the questions', () => {
    if (questions instanceof Uint32Array) return new Uint32Array(questions)
    return Array.isArray(questions) ? [...questions] : undefined
  })
  if (!numbers) throw wrongType('the questions', 'a Uint32Array or a list of numbers', questions)
  if (numbers instanceof Uint32Array) return numbers
  return Uint32Array.from(numbers, (question) => {
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    return question >>> 0 === question ? question : NO_QUESTION
  })
}
