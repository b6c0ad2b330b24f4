// @ts-check
// An instance of a WebAssembly module. When it traps, the call fails closed, and the next call gets a new instance: the state
// that a trap leaves behind is never used again.

import { LatchworkError } from './error.mjs'
import { ofThisRealm } from './realm.mjs'
import { Decoder, Encoder } from './utf8.mjs'

/** A compiled module, or a function that compiles it. @typedef {WebAssembly.Module | (() => WebAssembly.Module)} Source */
/** The glue that xtask writes: starts an instance. @typedef {(module: WebAssembly.Module, ...text: Function[]) => any} Glue */

/**
 * The state from a start to a trap. Code that catches a trap sets `dead` by an assignment, because at the end of the stack
 * every call fails. The next start releases the rest.
 */
export class Life {
  dead = false
  /** The functions of the glue, and the `exports` of the instance. @type {any} */
  glue

  /** @param {any} glue */
  constructor(glue) {
    this.glue = glue
  }

  /** Releases the instance and its memory: objects that are not used again keep a reference to their dead life. */
  release() {
    this.glue = undefined
  }
}

export class Instance {
  /** The current life, if it is not dead. @type {Life | undefined} */
  life
  /** How many times an instance was started. */
  starts = 0
  #glue
  #hint
  /** @type {Source | undefined} */
  #source
  /** @type {WebAssembly.Module | undefined} */
  #compiled

  /** @param {Glue} glue @param {string} [hint] what the caller has to do first if the module is not loaded yet */
  constructor(glue, hint = '') {
    this.#glue = glue
    this.#hint = hint
  }

  /** Sets the source of the module; only the first one counts. It is compiled when it is first needed, not at import. @param {Source} source */
  provide(source) {
    this.#source ??= source
  }

  /** The current life; starts an instance if there is none. @returns {any} */
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
   * Runs one step on a living instance. The step must not throw errors of its own.
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
 * The error for an exception from an instance. The core throws its errors as JSON text; anything else is a trap, for which
 * the caller has already set the life to dead.
 * @param {unknown} thrown
 */
export function refusal(thrown) {
  if (typeof thrown !== 'string') {
    return new LatchworkError('internal', 'the instance failed, the call was refused', undefined, thrown)
  }
  const { code, message, problems } = JSON.parse(thrown)
  return new LatchworkError(code, message, problems)
}

/** @param {Source} source */
function compile(source) {
  return ofThisRealm(typeof source === 'function' ? source() : source)
}
