// @ts-check
// The instance of a module that answers questions, with its recent decisions and the scratch area for strings.

import { NAME_MAX, checkString } from './argument.mjs'
import { Decisions, UNKNOWN } from './decisions.mjs'
import { SCRATCH } from './glue.mjs'
import { Instance, Life, refusal } from './instance.mjs'
import { encodeInto } from './utf8.mjs'

/** @typedef {import('./recent.mjs').RecentSubjects} RecentSubjects */

/** Set in a decision for a handle that is not valid; mirrors `FOREIGN` of the core. */
export const FOREIGN = 1 << 30

const NOTHING = new Uint8Array(0)
const NO_WORDS = new Int32Array(0)

class QuestionsLife extends Life {
  /** The export for questions, kept apart to save a look-up. @type {any} */
  can
  scratch = NOTHING
  /** The scratch area again. */
  words = NO_WORDS
  decisions = new Decisions()
  /** The recent subjects of each authorizer, by its handle. @type {Map<number, RecentSubjects>} */
  recent = new Map()
  /** Free the handles of objects that were garbage-collected. Some edge runtimes have no such registry: callers dispose there. */
  authorizers
  subjects

  /** @param {any} glue */
  constructor(glue) {
    super(glue)
    if (!glue) return
    this.can = glue.exports.can
    if (typeof FinalizationRegistry === 'undefined') return
    this.authorizers = new FinalizationRegistry((/** @type {number} */ handle) => this.closeAuthorizer(handle))
    this.subjects = new FinalizationRegistry((/** @type {number} */ handle) => this.freeSubject(handle))
  }

  release() {
    // It keeps nothing but what a life without an instance has.
    Object.assign(this, UNBORN)
  }

  /** Frees an authorizer and its subjects. @param {number} handle */
  closeAuthorizer(handle) {
    this.recent.delete(handle)
    this.#free('close_authorizer', handle)
  }

  /** @param {number} handle */
  freeSubject(handle) {
    this.#free('release', handle)
  }

  /** Frees a handle. One that was freed before never names anything else. @param {'close_authorizer' | 'release'} name @param {number} handle */
  #free(name, handle) {
    if (this.dead) return
    try {
      this.glue.exports[name](handle)
    } catch {
      // With the instance the handle is gone too.
      this.dead = true
    }
  }

  /** Frees the recent subjects of all authorizers; whether there were any. */
  freeRecent() {
    return [...this.recent.values()].filter((recent) => recent.clear()).length > 0
  }

  /**
   * The packed decision of a subject.
   * @param {number} handle as a signed number @param {number} code of the action @param {string} resource
   * @returns {number}
   */
  decide(handle, code, resource) {
    const recent = this.decisions.findDecision(handle, code, resource)
    if (recent !== UNKNOWN) return recent
    const length = write(this, resource)
    let packed
    try {
      packed = this.can(handle, code, length)
    } catch (thrown) {
      this.dead = true
      throw refusal(thrown)
    }
    if (packed < FOREIGN) this.decisions.store(handle, code, resource, packed, this.words, length)
    return packed
  }
}

/** @typedef {QuestionsLife} Living */

/** The life of objects that are not prepared. */
export const UNBORN = new QuestionsLife(undefined)
UNBORN.dead = true

export class Questions extends Instance {
  /** The last mark of prepared questions. */
  lastSerial = 0
  /** The words of each system, whose codes the numbers of the core are. @type {Map<string, any>} */
  words = new Map()
  /** The explanations of each system's rules. @type {any} */
  explanations

  /** @param {string} name of the module @param {import('./instance.mjs').Glue} glue */
  constructor(name, glue) {
    super(glue, `call \`await init()\` of \`latchwork/${name === ALL ? '' : `${name}/`}web\` before anything else`)
  }

  /** @param {any} glue */
  begin(glue) {
    return new QuestionsLife(glue)
  }
}

/** The module of all systems. */
const ALL = 'latchwork'

/** @type {Map<string, Questions>} */
const instances = new Map()

/**
 * The instance of a module, which all entries of it share.
 * @param {string} name
 * @param {any} [explanations] of each system's rules
 * @param {any} [glue] what starts an instance; the first entry brings it
 */
export function instanceOf(name, explanations, glue) {
  const instance = instances.get(name) ?? new Questions(name, glue)
  instance.explanations ??= explanations
  instances.set(name, instance)
  return instance
}

/**
 * Writes a string into the scratch area, and returns its length there in bytes. A string that is as long in UTF-8 as in
 * UTF-16 is ASCII, as nearly all names are, and needs no further check.
 * @param {Living} life
 * @param {string} text
 */
export function write(life, text) {
  // When the memory grows, the view is detached.
  if (life.scratch.length === 0) {
    const { memory, scratch } = life.glue.exports
    life.scratch = new Uint8Array(memory.buffer, scratch(), SCRATCH)
    life.words = new Int32Array(memory.buffer, scratch(), SCRATCH >> 2)
  }
  const written = encodeInto(text, life.scratch, 0)
  if (written !== text.length || written > NAME_MAX) checkString(text, 'the resource')
  return written
}
