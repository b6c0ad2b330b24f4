// @ts-check
// Parses PHC strings of stored hashes and their cost. The core parses a string again, as strictly, before it uses it. This
// parser serves calls that need no instance, and protects custom hashers.

import { membersOf, runCallerCode } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** @typedef {{ memory: number, passes: number, parallelism: number }} Cost memory in KiB */

/** Source: OWASP, "Password Storage Cheat Sheet", Argon2id. @type {Cost} */
const DEFAULT = { memory: 19_456, passes: 2, parallelism: 1 }

/** Mirrors the caps of src/password/cost.rs, which has the reasons. @type {Cost} */
const MAX = { memory: 65_536, passes: 10, parallelism: 16 }
/** The most memory that an argon2 hash of another program may require, in KiB: the default, and the highest setting. */
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
 * Parses the options of a cost, and fills in the defaults.
 * @param {unknown} options
 * @returns {Cost}
 */
export function parseCost(options = {}) {
  return checkCost(parseMembers(options, COST_OPTIONS))
}

/**
 * Parses the options of `verify` in `latchwork/password-legacy`: a cost, and the most memory that a hash of another program
 * may require, in KiB.
 * @param {unknown} options
 */
export function parseLegacyOptions(options = {}) {
  const values = parseMembers(options, [...COST_OPTIONS, 'maxMemory'])
  const [maxMemory = LEGACY_MEMORY_MAX] = values.slice(COST_OPTIONS.length)
  if (!Number.isSafeInteger(maxMemory) || maxMemory < 8 || maxMemory > LEGACY_MEMORY_LIMIT) {
    throw new LatchworkError('invalid_cost', `expected \`maxMemory\` from 8 to ${LEGACY_MEMORY_LIMIT} KiB`)
  }
  return { cost: checkCost(values), maxMemory: /** @type {number} */ (maxMemory) }
}

/**
 * The values of the options with these names. An unknown option is refused: a misspelled one would silently be the
 * default.
 * @param {unknown} options @param {string[]} names
 */
function parseMembers(options, names) {
  const values = membersOf(options, WHAT, names)
  const unknown = runCallerCode(WHAT, () => Object.keys(/** @type {object} */ (options))).find((name) => !names.includes(name))
  if (unknown === undefined) return values
  throw new LatchworkError('invalid_cost', `unknown option \`${unknown.slice(0, 40)}\`: expected ${names.join(', ').replace('memory', 'memory (in KiB)')}`)
}

/** @param {any[]} values in the order of `COST_OPTIONS` @returns {Cost} */
function checkCost([memory = DEFAULT.memory, passes = DEFAULT.passes, parallelism = DEFAULT.parallelism]) {
  const cost = { memory, passes, parallelism }
  if (Object.values(cost).every(Number.isSafeInteger) && !isTooHigh(cost) && !isTooLow(cost)) return cost
  throw new LatchworkError(
    'invalid_cost',
    `expected memory from 8 KiB for each lane to ${MAX.memory} KiB, 1 to ${MAX.passes} passes and 1 to ${MAX.parallelism} lanes`,
  )
}

/**
 * Parses a stored hash; throws if it is not an argon2id hash of version 19, or exceeds the caps.
 * @param {string} stored
 */
export function parseStoredHash(stored) {
  const parts = stored.length > STORED_MAX ? null : FORM.exec(stored)
  if (!parts) throw unknownHashError(stored)
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number)
  const salt = base64Length(parts[4])
  const tag = base64Length(parts[5])
  if (!isBetween(salt, SALT_LENGTHS) || !isBetween(tag, TAG_LENGTHS)) throw unknownHashError(stored)
  const cost = { memory, passes, parallelism }
  if (isTooHigh(cost)) {
    const remedy = memory > MAX.memory && memory <= LEGACY_MEMORY_LIMIT ? ': use `verify` of `latchwork/password-legacy`, which allows more memory' : ''
    throw new LatchworkError(
      'costly_hash',
      `the stored hash requires more than ${MAX.memory} KiB, ${MAX.passes} passes or ${MAX.parallelism} lanes${remedy}`,
    )
  }
  if (isTooLow(cost)) throw unknownHashError(stored)
  return { cost, salt, tag }
}

/** The error for a hash of another program that exceeds the caps. @param {number} maxMemory in KiB */
export function costlyHashError(maxMemory) {
  return new LatchworkError(
    'costly_hash',
    `the stored hash requires more than ${maxMemory} KiB (\`maxMemory\` can raise it to ${LEGACY_MEMORY_LIMIT}), ${MAX.passes} passes, ${MAX.parallelism} lanes or ${BCRYPT_ROUNDS_MAX} rounds of bcrypt`,
  )
}

/**
 * Whether a stored hash differs in form or cost from a new one.
 * @param {string} stored
 * @param {Cost} cost
 */
export function isOutdated(stored, { memory, passes, parallelism }) {
  try {
    const { cost, salt, tag } = parseStoredHash(stored)
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
 * Whether a stored hash has a form of another program, which the legacy module verifies: an older hash, or an argon2 hash
 * that `parseStoredHash` refuses. All other strings, valid or not, go to the argon2id module.
 * @param {string} stored
 */
export function isLegacy(stored) {
  return OLDER.test(stored) || (OTHER_ARGON2.test(stored) && !isCurrent(stored))
}

/** Whether a stored hash is one of argon2id, version 19, within the caps. @param {string} stored */
export function isCurrent(stored) {
  try {
    parseStoredHash(stored)
    return true
  } catch {
    return false
  }
}

const OLDER = /^\$(?:2[aby]|salted-sha256|sha256-salted|unsalted-md5)\$/
const OTHER_ARGON2 = /^\$argon2(?:id|i|d)\$(?:v=1[69]\$)?m=/

/**
 * A stored hash that no known password matches, for the same work when the user does not exist.
 * @param {Cost} cost
 */
export function decoyHash({ memory, passes, parallelism }) {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}

/** Allows no spaces, leading zeros, other order or further parameters. */
const FORM = /^\$argon2id\$v=19\$m=(0|[1-9]\d*),t=(0|[1-9]\d*),p=(0|[1-9]\d*)\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)$/

/** The number of bytes that unpadded base64 encodes; NaN if its length or its trailing bits are not valid. @param {string} text */
function base64Length(text) {
  const spare = { 0: /$/, 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ }[text.length % 4]
  return spare?.test(text) ? Math.floor((text.length * 3) / 4) : NaN
}

/** @param {number} length @param {number[]} bounds */
function isBetween(length, [least, most]) {
  return length >= least && length <= most
}

/** @param {Cost} cost */
function isTooHigh({ memory, passes, parallelism }) {
  return memory > MAX.memory || passes > MAX.passes || parallelism > MAX.parallelism
}

/** @param {Cost} cost */
function isTooLow({ memory, passes, parallelism }) {
  return passes < 1 || parallelism < 1 || memory < 8 * parallelism
}

/** @param {string} stored */
function unknownHashError(stored) {
  const isOfAnother = OLDER.test(stored) || OTHER_ARGON2.test(stored)
  const remedy = isOfAnother ? ': it looks like a hash of another program: use `verify` of `latchwork/password-legacy`' : ''
  return new LatchworkError('unknown_hash', `the stored hash is not \`$argon2id$v=19$m=,t=,p=$salt$tag\`${remedy}`)
}
