// @ts-check
// What one subject holds, prepared for many questions.

import { LIST_MAX, checkString, itemsOf, reading, wrongType } from './argument.mjs'
import { tell } from './aspects.mjs'
import { decisionOf, explanationOf } from './decision.mjs'
import { atTime, detailsOf } from './details.mjs'
import { LatchworkError, renamed } from './error.mjs'
import { abandoned, giveBack } from './held.mjs'
import { refusal } from './instance.mjs'
import { INSPECT, ITSELF, behind, noCopy, receiver, shown } from './itself.mjs'
import { FOREIGN, UNBORN, area, write } from './questions.mjs'
import { TimedQuestions } from './timed.mjs'

/** Question numbers that fit the scratch area at once. */
const MANY = 4096

/** Marks the numbers of one subject's prepared questions; 22 bits, never used twice in one instance. */
const SERIAL_MAX = (1 << 22) - 1
const SERIAL_SHIFT = 9

/** No question has this number: its mark is larger than the largest. */
const NO_QUESTION = 0xffff_ffff

/** How many answers an instance keeps, and the longest string of one. */
const ANSWERS_MAX = 1024
const ANSWERED_LENGTH = 64

/** The name of a resource; that of one that is given by its parts is in the details. @param {any} resource */
const nameOf = (resource) => (typeof resource === 'string' ? resource : '')

/** @param {import('./questions.mjs').Questions['answers']} answers @param {string} resource @param {number} asker @param {boolean} allow */
function remember(answers, resource, asker, allow) {
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

/** @typedef {import('./details.mjs').Options} Options */

export class Subject {
  #instance
  #authorizer
  #vocabulary
  #actions
  #who
  #answers
  /** The handle and the life in which it counts: here for speed, and in `#held` for garbage collection. */
  #handle = 0
  #life = UNBORN
  /** @type {import('./held.mjs').Held} */
  #held = { life: UNBORN, handle: 0, door: 'release' }
  #disposed = false
  /** Tells this subject's cached answers from others': a multiple of 256, plus the action's code. */
  #key
  /** The marks of the numbers that were given out, the living instance's last. @type {number[]} */
  #serials = []
  /** @type {string | undefined} */
  #digest
  /** Whether an answer depends on the time: then none is kept, and each question says the time. */
  #timed = false
  /** The prepared questions of a subject whose answers depend on the time. @type {TimedQuestions | undefined} */
  #timedQuestions

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

  /** The subject behind the `this` of a method of a subclass. @param {any} self @internal */
  static _of(self) {
    return Subject.#of(self)
  }

  /**
   * @param {import('./questions.mjs').Questions} instance
   * @param {import('./authorizer.mjs').Authorizer} authorizer
   * @param {import('./vocabulary.mjs').Codes} vocabulary
   * @param {import('./asker.mjs').Asker} who
   * @param {boolean} mayBeTimed whether an answer may depend on the time
   */
  constructor(instance, authorizer, vocabulary, who, mayBeTimed) {
    this.#instance = instance
    this.#answers = instance.answers
    this.#key = instance.lastKey += 256
    this.#authorizer = authorizer
    this.#vocabulary = vocabulary
    this.#actions = vocabulary.actions
    this.#who = who
    this.#live()
    if (mayBeTimed) this.#timed = this._tell('isTimed') === 'true'
    abandoned?.register(this, this.#held, this)
  }

  get authorizer() {
    const self = Subject.#of(this)
    return self.#authorizer
  }

  get digest() {
    const self = Subject.#of(this)
    return (self.#digest ??= self._tell('subjectDigest'))
  }

  /** The first second at which an answer may differ from now by the time alone; undefined if none will. */
  get changesAt() {
    const self = Subject.#of(this)
    if (!self.#timed) return undefined
    return JSON.parse(self._tell('changesAt', String(self.#authorizer._now()))) ?? undefined
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  can(action, resource, attributes, options) {
    const self = Subject.#of(this)
    const code = self.#actions.get(action)
    if (code === undefined || attributes !== undefined || options !== undefined || self.#timed || typeof resource !== 'string') {
      return (self.#ask(action, resource, attributes, options) & 1) === 1
    }
    const asker = self.#key + code
    const last = self.#answers.get(resource)
    if (last !== undefined && last.asker === asker) return last.allow
    const packed = self.#cross(code, resource)
    if (packed & FOREIGN) return (self.#ask(action, resource) & 1) === 1
    const allow = (packed & 1) === 1
    remember(self.#answers, resource, asker, allow)
    return allow
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  decide(action, resource, attributes, options) {
    const self = Subject.#of(this)
    const code = self.#actions.get(action)
    if (code === undefined || attributes !== undefined || options !== undefined || self.#timed || typeof resource !== 'string') {
      return decisionOf(self.#vocabulary, self.#ask(action, resource, attributes, options))
    }
    const packed = self.#cross(code, resource)
    return decisionOf(self.#vocabulary, packed & FOREIGN ? self.#ask(action, resource) : packed)
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  explain(action, resource, attributes, options) {
    const self = Subject.#of(this)
    const details = self._details(resource, attributes, options)
    const decision = self.decide(action, resource, attributes, options)
    const explanation = explanationOf(self.#instance.explanations[self.#authorizer.system], decision)
    const found = self.#vocabulary.records ? self._tell('explain', action, nameOf(resource), details) : ''
    // JSON.parse makes every member the object's own.
    return found === '' ? explanation : { ...explanation, ...JSON.parse(found) }
  }

  /** @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  actions(resource, attributes, options) {
    const self = Subject.#of(this)
    const details = self._details(resource, attributes, options)
    return self.#call((glue, handle) => glue.actions(handle, nameOf(resource), details))
  }

  /** @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  prepare(action, resource, attributes, options) {
    const self = Subject.#of(this)
    checkString(action, 'the action')
    const { text, now } = detailsOf(resource, attributes, options, self.#vocabulary.records)
    if (self.#timed && now === undefined) {
      self.#timedQuestions ??= new TimedQuestions(self)
      return self.#timedQuestions.prepare(action, resource, text)
    }
    self.#live()
    if (self.#serials.length === 0) self.#serials.push(nextSerial(self.#instance, []))
    const serial = self.#serials.at(-1)
    return self.#call((glue, handle) => glue.prepare(handle, action, nameOf(resource), atTime(text, now), serial))
  }

  /** @param {number} question */
  canId(question) {
    const self = Subject.#of(this)
    if (typeof question !== 'number') throw wrongType('the question', 'a number', question)
    // Wasm would take 4294967297.5 for 1.
    const life = self.#life
    if (!life.dead && question >>> 0 === question) {
      let packed
      try {
        packed = life.canId(self.#handle, question)
      } catch (thrown) {
        life.dead = true
        throw refusal(thrown)
      }
      if (packed < FOREIGN) return (packed & 1) === 1
    }
    const timed = self.#timedQuestions?.answer(question)
    if (timed !== undefined) return timed
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
      const foreign = self.#call((glue, handle) => {
        const scratch = area(self.#life)
        scratch.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
        const foreign = glue.exports.can_many(handle, part.length)
        answers.set(scratch.subarray(0, part.length), start)
        return foreign
      })
      if (foreign > 0) {
        part.forEach((question, index) => {
          const timed = self.#timedQuestions?.answer(question)
          if (timed === undefined) self.#refuseStale(question)
          else answers[start + index] = timed ? 1 : 0
        })
      }
    }
    return answers
  }

  /** @param {string} action */
  reach(action) {
    const self = Subject.#of(this)
    checkString(action, 'the action')
    return JSON.parse(self._tell('reach', action))
  }

  /** @param {string} roles JSON text of a list @internal */
  _slice(roles) {
    return JSON.parse(this._tell('slice', '', '', roles))
  }

  /** @param {...any} _question */
  filter(..._question) {
    return forServers(Subject.#of(this).#authorizer, 'filter')
  }

  /** @param {...any} _question */
  fields(..._question) {
    return forServers(Subject.#of(this).#authorizer, 'fields')
  }

  /** The name of `prepare` until now. */
  id() {
    Subject.#of(this)
    throw renamed('id(action, resource)', 'prepare(action, resource, attributes)')
  }

  /** The name of `reach` until now. */
  listing() {
    Subject.#of(this)
    throw renamed('listing()', 'reach(action)')
  }

  dispose() {
    const self = Subject.#of(this)
    if (self.#disposed) return
    self.#disposed = true
    abandoned?.unregister(self)
    self.#key = self.#instance.lastKey += 256
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
    if (this.#life.dead) this.#live()
    const life = this.#life
    const length = write(life, resource)
    try {
      return life.can(this.#handle, code, length)
    } catch (thrown) {
      life.dead = true
      throw refusal(thrown)
    }
  }

  /**
   * The same subject, narrowed to what each of these holders allows by itself.
   * @param {unknown} holders one, or a list
   */
  within(holders) {
    const self = Subject.#of(this)
    self.#live()
    return self.#authorizer._within(self.#who, holders)
  }

  /** The packed decision through the export for names and details. @param {string} action @param {any} resource @param {unknown} [attributes] @param {Options} [options] */
  #ask(action, resource, attributes, options) {
    checkString(action, 'the action')
    const details = this._details(resource, attributes, options)
    return this.#call((glue, handle) => glue.decide(handle, action, nameOf(resource), details))
  }

  /** The details of a question, at the time of the host's clock if an answer depends on it. @param {any} resource @param {unknown} attributes @param {Options | undefined} options @internal */
  _details(resource, attributes, options) {
    const { text, now } = detailsOf(resource, attributes, options, this.#vocabulary.records)
    return atTime(text, now === undefined && this.#timed ? this.#authorizer._now() : now)
  }

  /** The packed decision of a question whose details are text already, and until when it holds. @param {string} action @param {any} resource @param {string} text @internal */
  _askAt(action, resource, text) {
    const now = this.#authorizer._now()
    return this.#call((glue, handle) => {
      const packed = glue.decide(handle, action, nameOf(resource), atTime(text, now))
      const until = JSON.parse(tell(glue, 'changesAt', handle, String(now))) ?? Infinity
      return { allow: (packed & 1) === 1, from: now, until }
    })
  }

  /** Who asks. @internal */
  get _who() {
    return this.#who
  }

  /** The clock of the authorizer. @internal */
  _now() {
    return this.#authorizer._now()
  }

  /** A mark for question numbers, which the core never gives to this subject. @internal */
  _mark() {
    const serial = nextSerial(this.#instance, this.#serials)
    return serial << SERIAL_SHIFT
  }

  /** What the core tells of this subject. @param {Parameters<typeof tell>[1]} aspect @param {string[]} question its action, resource and details @internal */
  _tell(aspect, ...question) {
    return this.#call((glue, handle) => tell(glue, aspect, handle, ...question))
  }

  /**
   * @template T
   * @param {(glue: any, handle: number) => T} step
   * @returns {T}
   */
  #call(step) {
    this.#live()
    return this.#instance.call((glue) => step(glue, this.#handle))
  }

  /** Prepares the subject, unless it is prepared in the living instance. */
  #live() {
    if (this.#disposed) throw new LatchworkError('disposed', 'this subject was disposed')
    this.#authorizer._check()
    if (!this.#life.dead) return
    const handle = this.#authorizer._call((glue, handle) => this.#authorizer._prepare(glue, handle, this.#who))
    if (this.#serials.length > 0) this.#serials.push(nextSerial(this.#instance, this.#serials))
    this.#handle = this.#held.handle = handle
    this.#life = this.#held.life = this.#instance.start()
  }

  /** Throws if the number was this subject's before its instance was replaced. @param {number} question */
  #refuseStale(question) {
    this.#live()
    const serial = question >>> SERIAL_SHIFT
    if (this.#serials.slice(0, -1).includes(serial)) {
      throw new LatchworkError('stale_handle', 'the number was prepared before the instance was replaced: ask `prepare` again')
    }
  }
}

/**
 * A mark that no living number has, nor an older one of the same subject. When they run out, a fresh instance
 * begins anew.
 * @param {import('./questions.mjs').Questions} instance
 * @param {readonly number[]} older
 */
function nextSerial(instance, older) {
  do {
    if (instance.lastSerial === SERIAL_MAX) {
      instance.lastSerial = 0
      instance.start().dead = true
      throw new LatchworkError('internal', 'the marks of question numbers are used up; the instance was replaced: ask again')
    }
    instance.lastSerial += 1
  } while (older.includes(instance.lastSerial))
  return instance.lastSerial
}

/** Says where to find a question for servers, which the module of a page does not answer. @param {{ system: string }} authorizer @param {string} name @returns {any} */
export function forServers({ system }, name) {
  throw new LatchworkError('unsupported', `\`${name}\` is for servers and tools: \`import { open } from 'latchwork/${system}/server'\``)
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
