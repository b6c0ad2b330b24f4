// @ts-check
// Prepared questions whose decisions change with the time: each is asked again when its decision may have changed.

import { LatchworkError } from './error.mjs'

/** The most such questions of one subject: unlike others, each is stored. */
const QUESTIONS_MAX = 4096

/** Numbers under one mark. */
const MARKED = 512

/**
 * @typedef {object} Kept
 * @property {string} action
 * @property {any} resource
 * @property {string} details
 * @property {boolean} allow
 * @property {number} from the first second at which the decision is known
 * @property {number} until the first second at which it may change
 */

export class TimedQuestions {
  #subject
  /** @type {Map<string, number>} */
  #numbers = new Map()
  /** @type {Map<number, Kept>} */
  #questions = new Map()
  #mark = 0

  /** @param {import('./record-subject.mjs').RecordSubject} subject */
  constructor(subject) {
    this.#subject = subject
  }

  /** The number of a question. @param {string} action @param {any} resource @param {string} details */
  prepare(action, resource, details) {
    const key = JSON.stringify([action, typeof resource === 'string' ? resource : null, details])
    const answer = this.#subject._askAt(action, resource, details)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const count = this.#questions.size
    if (count >= QUESTIONS_MAX) throw new LatchworkError('too_large', `a subject prepares at most ${QUESTIONS_MAX} questions whose answers depend on the time: ask \`can\``)
    if (count % MARKED === 0) this.#mark = this.#subject._mark()
    const number = (this.#mark + (count % MARKED)) >>> 0
    this.#numbers.set(key, number)
    this.#questions.set(number, { action, resource, details, ...answer })
    return number
  }

  /** The decision at the current time; undefined if no question has this number. @param {number} number */
  decideNow(number) {
    const question = this.#questions.get(number)
    if (!question) return undefined
    const now = this.#subject._now()
    if (!(now >= question.from && now < question.until)) {
      Object.assign(question, this.#subject._askAt(question.action, question.resource, question.details))
    }
    return question.allow
  }
}
