// @ts-check
// Who hashes: the package's own module, as its loader says, or what a program puts in its place.

import { reading, wrongType } from '../core/argument.mjs'
import { isTyped, LatchworkError } from '../core/error.mjs'

/**
 * @typedef {object} Hasher
 * @property {(password: string, cost: import('./stored.mjs').Cost) => string | Promise<string>} hash
 * @property {(password: string, stored: string) => boolean | Promise<boolean>} verify
 * @property {(password: string, stored: string, maxMemory: number) => boolean | Promise<boolean>} [verifyLegacy]
 */

/** @type {Hasher | undefined} */
let own
/** The own hasher of other programs' forms, which has a module of its own. @type {Hasher['verifyLegacy']} */
let ownLegacy
/** @type {Hasher | undefined} */
let other

/** Says how this runtime hashes. @param {Hasher} hasher */
export function provide(hasher) {
  own ??= hasher
}

/** Says how this runtime verifies hashes of other programs. @param {NonNullable<Hasher['verifyLegacy']>} verify */
export function provideLegacy(verify) {
  ownLegacy ??= verify
}

/**
 * Puts another hasher in the place of the package's own, or with null its own again.
 * @param {Hasher | null} hasher
 */
export function setHasher(hasher) {
  const isHasher = hasher === null || reading('the hasher', () => typeof hasher?.hash === 'function' && typeof hasher?.verify === 'function')
  if (!isHasher) {
    throw wrongType('the hasher', 'null or an object with `hash` and `verify`', hasher)
  }
  if (hasher?.verifyLegacy !== undefined && typeof hasher.verifyLegacy !== 'function') {
    throw wrongType('`verifyLegacy` of the hasher', 'a function', hasher.verifyLegacy)
  }
  other = hasher ?? undefined
}

/**
 * @template {keyof Hasher} Step
 * @param {Step} step
 * @param {Parameters<NonNullable<Hasher[Step]>>} words
 * @returns {Promise<unknown>}
 */
export function ask(step, ...words) {
  return refusing(() => {
    if (step === 'verifyLegacy' && !other?.verifyLegacy) return /** @type {any} */ (ownLegacy)(...words)
    return /** @type {any} */ (other ?? own)[step](...words)
  })
}

/**
 * Runs a step; whatever it throws becomes an error of this package.
 * @template T
 * @param {() => T | Promise<T>} step
 * @returns {Promise<T>}
 */
async function refusing(step) {
  try {
    return await step()
  } catch (cause) {
    if (isTyped(cause)) throw cause
    const { code, retryAfter } = describe(cause)
    if (code === 'overloaded') throw Object.assign(new LatchworkError(code, 'the hasher has too much to do: try again later', undefined, cause), { retryAfter })
    throw new LatchworkError('internal', 'the hasher failed; the call was refused', undefined, cause)
  }
}

/** What a hasher's own error says of how busy it is; a thrown Proxy says nothing. @param {any} cause */
function describe(cause) {
  try {
    return { code: cause?.code, retryAfter: cause?.retryAfter }
  } catch {
    return { code: undefined, retryAfter: undefined }
  }
}
