// @ts-check
// An instance of a module of WebAssembly, and what happens when it traps: it is thrown away, the call fails closed, and
// the next call gets a fresh one. State that a trap left behind is never looked at again.

import { LatchworkError } from './error.mjs'
import { bytesOf } from './inline.mjs'
import { ofThisRealm } from './realm.mjs'
import { Decoder, Encoder } from './utf8.mjs'

/** A compiled module, its text, or what compiles it. @typedef {WebAssembly.Module | string | (() => WebAssembly.Module)} Source */
/** The glue that xtask writes: starts an instance. @typedef {(module: WebAssembly.Module, ...text: Function[]) => any} Glue */

/**
 * What lives from a start to a trap. Code that catches a trap sets `dead`, by an assignment: at the end of the stack every
 * call fails. The next start lets go of the rest.
 */
export class Life {
  dead = false
  /** The functions of the glue, and the `exports` of the instance. @type {any} */
  glue

  /** @param {any} glue */
  constructor(glue) {
    this.glue = glue
  }

  /** Lets go of the instance and its memory: objects that are not asked again keep their dead life. */
  release() {
    this.glue = undefined
  }
}

export class Instance {
  /** The life of now, if it is not dead. @type {Life | undefined} */
  life
  /** How many lives there were. */
  starts = 0
  #glue
  #hint
  /** @type {Source | undefined} */
  #source
  /** @type {WebAssembly.Module | undefined} */
  #compiled

  /** @param {Glue} glue @param {string} [hint] what to do first where the module is not here yet */
  constructor(glue, hint = '') {
    this.#glue = glue
    this.#hint = hint
  }

  /** Says where the wasm comes from; the first source counts. It is compiled when first needed, not at import. @param {Source} source */
  provide(source) {
    this.#source ??= source
  }

  /** The life of now; begins one if there is none. @returns {any} */
  start() {
    const last = this.life
    if (last !== undefined && !last.dead) return last
    if (this.#source === undefined) throw new LatchworkError('not_initialized', this.#hint)
    try {
      last?.release()
      this.#compiled ??= compile(this.#source)
      const life = this.begin(this.#glue(this.#compiled, Decoder, Encoder))
      this.starts += 1
      this.life = life
      return life
    } catch (cause) {
      throw new LatchworkError('internal', 'no instance could be started; the call was refused', undefined, cause)
    }
  }

  /** @param {any} glue */
  begin(glue) {
    return new Life(glue)
  }

  /**
   * Runs one step on a living instance. A step throws nothing of its own.
   * @template T
   * @param {(glue: any, life: any) => T} step
   * @returns {T}
   */
  call(step) {
    const life = this.start()
    try {
      return step(life.glue, life)
    } catch (thrown) {
      if (typeof thrown !== 'string') life.dead = true
      throw refusal(thrown)
    }
  }
}

/**
 * What an exception out of an instance becomes. The core throws its errors as JSON text; anything else is a trap, after
 * which the life must be dead already.
 * @param {unknown} thrown
 */
export function refusal(thrown) {
  if (typeof thrown !== 'string') {
    return new LatchworkError('internal', 'the instance failed and was replaced; the call was refused', undefined, thrown)
  }
  const { code, message, problems } = JSON.parse(thrown)
  return new LatchworkError(code, message, problems)
}

/** @param {Source} source */
function compile(source) {
  if (typeof source === 'string') return new WebAssembly.Module(bytesOf(source))
  return ofThisRealm(typeof source === 'function' ? source() : source)
}
