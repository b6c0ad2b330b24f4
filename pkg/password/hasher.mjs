// @ts-check
// Selects the hasher: the built-in module, or a hasher that the program sets with `setHasher`.

import { onlyMembersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { isTyped, LatchworkError } from '../core/error.mjs'

/**
 * @typedef {object} Hasher
 * @property {(password: string, cost: import('./stored.mjs').Cost) => string | Promise<string>} hash
 * @property {(password: string, stored: string) => boolean | Promise<boolean>} verify
 * @property {(password: string, stored: string, maxMemory: number) => boolean | Promise<boolean>} [verifyLegacy]
 */

const WHAT = 'the hasher'

/** @type {Hasher | undefined} */
let builtIn
/** The built-in hasher for hashes of other programs, which is a separate module. @type {Hasher['verifyLegacy']} */
let builtInLegacy
/** @type {Hasher | undefined} */
let custom

/** Sets the built-in hasher of this runtime. @param {Hasher} hasher */
export function provide(hasher) {
  builtIn ??= hasher
}

/** Sets the built-in hasher of this runtime for hashes of other programs. @param {NonNullable<Hasher['verifyLegacy']>} verify */
export function provideLegacy(verify) {
  builtInLegacy ??= verify
}

/**
 * Replaces the built-in hasher; null restores it.
 * @param {Hasher | null} hasher
 */
export function setHasher(hasher) {
  const isHasher = hasher === null || runCallerCode(WHAT, () => typeof hasher?.hash === 'function' && typeof hasher?.verify === 'function')
  if (!isHasher) {
    throw wrongType(WHAT, 'null or an object with `hash` and `verify`', hasher)
  }
  if (hasher?.verifyLegacy !== undefined && typeof hasher.verifyLegacy !== 'function') {
    throw wrongType('`verifyLegacy` of the hasher', 'a function', hasher.verifyLegacy)
  }
  // If the methods are those of a class, the own members are the state of its instance.
  if (runCallerCode(WHAT, () => typeof hasher === 'object' && hasher !== null && Object.hasOwn(hasher, 'hash'))) {
    onlyMembersOf(hasher, WHAT, ['hash', 'verify', 'verifyLegacy'])
  }
  custom = hasher ?? undefined
}

/**
 * @template {keyof Hasher} Step
 * @param {Step} step
 * @param {Parameters<NonNullable<Hasher[Step]>>} args
 * @returns {Promise<unknown>}
 */
export function runHasher(step, ...args) {
  return withTypedErrors(() => {
    if (step === 'verifyLegacy' && !custom?.verifyLegacy) return /** @type {any} */ (builtInLegacy)(...args)
    return /** @type {any} */ (custom ?? builtIn)[step](...args)
  })
}

/**
 * Runs a step, and converts what it throws to a `LatchworkError`.
 * @template T
 * @param {() => T | Promise<T>} step
 * @returns {Promise<T>}
 */
async function withTypedErrors(step) {
  try {
    return await step()
  } catch (cause) {
    if (isTyped(cause)) throw cause
    const { code, retryAfter } = overloadOf(cause)
    if (code === 'overloaded') throw Object.assign(new LatchworkError(code, 'the hasher is overloaded: try again later', undefined, cause), { retryAfter })
    throw new LatchworkError('internal', 'the hasher failed; the call was refused', undefined, cause)
  }
}

/** The code and the time to wait of a custom hasher's error; undefined if its members cannot be read. @param {any} cause */
function overloadOf(cause) {
  try {
    return { code: cause?.code, retryAfter: cause?.retryAfter }
  } catch {
    return { code: undefined, retryAfter: undefined }
  }
}
