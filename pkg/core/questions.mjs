// @ts-check
// The instance of a module that answers questions: the scratch area for strings, and the exports that take numbers.

import { NAME_MAX, checkString } from './argument.mjs'
import { SCRATCH } from './glue.mjs'
import { Instance, Life } from './instance.mjs'
import { encodeInto } from './utf8.mjs'

/** Set in an answer when a handle or number fits nothing; mirrors `FOREIGN` of the core. */
export const FOREIGN = 1 << 30

const NOTHING = new Uint8Array(0)

class QuestionsLife extends Life {
  /** The exports for questions, out of the others: one look-up less. @type {any} */
  can
  /** @type {any} */
  canId
  scratch = NOTHING
  scratchStart = 0

  /** @param {any} glue */
  constructor(glue) {
    super(glue)
    this.can = glue?.exports.can
    this.canId = glue?.exports.can_id
    if (glue) this.scratchStart = glue.exports.scratch()
  }

  release() {
    super.release()
    this.can = this.canId = undefined
    this.scratch = NOTHING
  }
}

/** @typedef {QuestionsLife} Living */

/** The life of objects that were never prepared. */
export const UNBORN = new QuestionsLife(undefined)
UNBORN.dead = true

export class Questions extends Instance {
  /**
   * The last answer about each resource: a string that is asked again need not cross the boundary again. `asker` is
   * the key of a subject plus the code of an action. When it is full it is emptied, so nobody can make it grow, nor fill
   * it for others.
   * @type {Map<string, { asker: number, allow: boolean }>}
   */
  answers = new Map()
  /** The last key of a subject, and the last mark of prepared questions. */
  lastKey = 0
  lastSerial = 0
  /** The words of each system, whose codes the numbers of the core are. @type {Map<string, any>} */
  vocabularies = new Map()
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
 * Writes a string into the scratch area; its length there, in bytes. What is as long in UTF-8 as in UTF-16 is
 * ASCII, which nearly all names are, and needs no further look.
 * @param {Living} life
 * @param {string} text
 */
export function write(life, text) {
  const written = encodeInto(text, area(life), 0)
  if (written !== text.length || written > NAME_MAX) checkString(text, 'the string')
  return written
}

/** The scratch area, for strings and question numbers on their way in. @param {Living} life */
export function area(life) {
  // When the memory grows, it takes the view away.
  if (life.scratch.length === 0) life.scratch = new Uint8Array(life.glue.exports.memory.buffer, life.scratchStart, SCRATCH)
  return life.scratch
}
