// @ts-check
// What a hash costs, and what its PHC string says of it. The core reads a stored string again, as strictly,
// before it uses it; here it is read for what needs no instance, and before another hasher gets to see it.

import { membersOf, reading } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** @typedef {{ memory: number, passes: number, parallelism: number }} Cost memory in KiB */

/** Source: OWASP, "Password Storage Cheat Sheet", Argon2id. @type {Cost} */
const DEFAULT = { memory: 19_456, passes: 2, parallelism: 1 }

/** Mirrors the caps of src/password.rs, which says why. @type {Cost} */
const MOST = { memory: 65_536, passes: 10, parallelism: 16 }
/** The most memory that an argon2 hash of another program may ask for, in KiB: by default, and as a host can set it. */
const LEGACY_MEMORY_MAX = 131_072
const LEGACY_MEMORY_LIMIT = 1_048_576
const BCRYPT_ROUNDS_MAX = 14
const STORED_MAX = 256
const SALT_LENGTH = 16
const TAG_LENGTH = 32
const SALT_LENGTHS = [8, 64]
const TAG_LENGTHS = [16, 64]

const COST_OPTIONS = ['memory', 'passes', 'parallelism']
const WHAT = 'the options'

/**
 * The cost that a caller asks for, with the defaults for what is left out.
 * @param {unknown} options
 * @returns {Cost}
 */
export function costOf(options = {}) {
  return checkCost(optionsOf(options, COST_OPTIONS))
}

/**
 * The options of `verify` where hashes of other programs are read: a cost, and the most memory that such a hash may
 * ask for, in KiB.
 * @param {unknown} options
 */
export function legacyOptionsOf(options = {}) {
  const values = optionsOf(options, [...COST_OPTIONS, 'maxMemory'])
  const [maxMemory = LEGACY_MEMORY_MAX] = values.slice(COST_OPTIONS.length)
  if (!Number.isSafeInteger(maxMemory) || maxMemory < 8 || maxMemory > LEGACY_MEMORY_LIMIT) {
    throw new LatchworkError('invalid_cost', `expected \`maxMemory\` from 8 to ${LEGACY_MEMORY_LIMIT} KiB`)
  }
  return { cost: checkCost(values), maxMemory: /** @type {number} */ (maxMemory) }
}

/**
 * The values of the options with these names. An option that does not exist is refused: a misspelled cost would be
 * the default, without a word.
 * @param {unknown} options @param {string[]} names
 */
function optionsOf(options, names) {
  const values = membersOf(options, WHAT, names)
  const unknown = reading(WHAT, () => Object.keys(/** @type {object} */ (options))).find((name) => !names.includes(name))
  if (unknown === undefined) return values
  throw new LatchworkError('invalid_cost', `unknown option \`${unknown.slice(0, 40)}\`: expected ${names.join(', ').replace('memory', 'memory (in KiB)')}`)
}

/** @param {any[]} values in the order of `COST_OPTIONS` @returns {Cost} */
function checkCost([memory = DEFAULT.memory, passes = DEFAULT.passes, parallelism = DEFAULT.parallelism]) {
  const cost = { memory, passes, parallelism }
  if (Object.values(cost).every(Number.isSafeInteger) && !isTooHigh(cost) && !isTooLow(cost)) return cost
  throw new LatchworkError(
    'invalid_cost',
    `expected memory from 8 KiB for each lane to ${MOST.memory} KiB, 1 to ${MOST.passes} passes and 1 to ${MOST.parallelism} lanes`,
  )
}

/**
 * What a stored string says; throws if it is not an argon2id hash of version 19, or costs more than the caps.
 * @param {string} stored
 */
export function read(stored) {
  const parts = stored.length > STORED_MAX ? null : FORM.exec(stored)
  if (!parts) throw unknown(stored)
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number)
  const salt = bytesOf(parts[4])
  const tag = bytesOf(parts[5])
  if (!within(salt, SALT_LENGTHS) || !within(tag, TAG_LENGTHS)) throw unknown(stored)
  const cost = { memory, passes, parallelism }
  if (isTooHigh(cost)) {
    const remedy = memory > MOST.memory && memory <= LEGACY_MEMORY_LIMIT ? ': take `verify` from `latchwork/password-legacy`, whose limit on memory is higher' : ''
    throw new LatchworkError(
      'costly_hash',
      `the stored hash asks for more than ${MOST.memory} KiB, ${MOST.passes} passes or ${MOST.parallelism} lanes${remedy}`,
    )
  }
  if (isTooLow(cost)) throw unknown(stored)
  return { cost, salt, tag }
}

/** The error of a hash of another program over the caps. @param {number} maxMemory in KiB */
export function costlyLegacy(maxMemory) {
  return new LatchworkError(
    'costly_hash',
    `the stored hash asks for more than ${maxMemory} KiB (\`maxMemory\` can raise it to ${LEGACY_MEMORY_LIMIT}), ${MOST.passes} passes, ${MOST.parallelism} lanes or ${BCRYPT_ROUNDS_MAX} rounds of bcrypt`,
  )
}

/**
 * Whether a stored string is other than a new one would be.
 * @param {string} stored
 * @param {Cost} cost
 */
export function isOutdated(stored, { memory, passes, parallelism }) {
  try {
    const { cost, salt, tag } = read(stored)
    return (
      cost.memory !== memory ||
      cost.passes !== passes ||
      cost.parallelism !== parallelism ||
      salt !== SALT_LENGTH ||
      tag !== TAG_LENGTH
    )
  } catch {
    return true
  }
}

/**
 * Whether a stored string has a form of another program, so that it takes the legacy module to verify it: an older
 * hash, or one of argon2 that `read` refuses. All else, also what has no form at all, is for the module of argon2id.
 * @param {string} stored
 */
export function isLegacy(stored) {
  return OLDER.test(stored) || (OTHER_ARGON2.test(stored) && !isCurrent(stored))
}

/** @param {string} stored */
function isCurrent(stored) {
  try {
    read(stored)
    return true
  } catch {
    return false
  }
}

const OLDER = /^\$(?:2[aby]|salted-sha256|sha256-salted|unsalted-md5)\$/
const OTHER_ARGON2 = /^\$argon2(?:id|i|d)\$(?:v=1[69]\$)?m=/

/**
 * A stored string that no known password fits: for where there is no user.
 * @param {Cost} cost
 */
export function nobody({ memory, passes, parallelism }) {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}

/** No spaces, no leading zeros, no other order, no further parameters. */
const FORM = /^\$argon2id\$v=19\$m=(0|[1-9]\d*),t=(0|[1-9]\d*),p=(0|[1-9]\d*)\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)$/

/** How many bytes base64 without padding stands for; NaN for a letter too many, or bits that stand for nothing. @param {string} text */
function bytesOf(text) {
  const spare = { 0: /$/, 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ }[text.length % 4]
  return spare?.test(text) ? Math.floor((text.length * 3) / 4) : NaN
}

/** @param {number} length @param {number[]} bounds */
function within(length, [least, most]) {
  return length >= least && length <= most
}

/** @param {Cost} cost */
function isTooHigh({ memory, passes, parallelism }) {
  return memory > MOST.memory || passes > MOST.passes || parallelism > MOST.parallelism
}

/** @param {Cost} cost */
function isTooLow({ memory, passes, parallelism }) {
  return passes < 1 || parallelism < 1 || memory < 8 * parallelism
}

/** @param {string} stored */
function unknown(stored) {
  const isOfAnother = OLDER.test(stored) || OTHER_ARGON2.test(stored)
  const remedy = isOfAnother ? ': it looks like a hash of another program, for which there is `verify` of `latchwork/password-legacy`' : ''
  return new LatchworkError('unknown_hash', `the stored hash is not \`$argon2id$v=19$m=,t=,p=$salt$tag\`${remedy}`)
}
