// @ts-check
// What a hash costs, and what its PHC string says of it. The core reads a stored string again, as strictly,
// before it uses it; here it is read for what needs no instance, and before another hasher gets to see it.

import { membersOf } from '../lib/argument.mjs'
import { LatchworkError } from '../lib/error.mjs'

/** @typedef {{ memory: number, passes: number, parallelism: number }} Cost memory in KiB */

/** Source: OWASP, "Password Storage Cheat Sheet", Argon2id. @type {Cost} */
const DEFAULT = { memory: 19_456, passes: 2, parallelism: 1 }

/** Mirrors the caps of the core, which says why. @type {Cost} */
const MOST = { memory: 65_536, passes: 10, parallelism: 16 }
const STORED_MAX = 256
const SALT_LENGTH = 16
const TAG_LENGTH = 32
const SALT_LENGTHS = [8, 64]
const TAG_LENGTHS = [16, 64]

/**
 * The cost that a caller asks for, with the defaults for what is left out.
 * @param {unknown} options
 * @returns {Cost}
 */
export function costOf(options = {}) {
  const [memory = DEFAULT.memory, passes = DEFAULT.passes, parallelism = DEFAULT.parallelism] = membersOf(
    options,
    'the options',
    ['memory', 'passes', 'parallelism'],
  )
  const cost = { memory, passes, parallelism }
  if (Object.values(cost).every(Number.isSafeInteger) && !isTooHigh(cost) && !isTooLow(cost)) return cost
  throw new LatchworkError(
    'invalid_cost',
    `expected memory from 8 KiB for each lane to ${MOST.memory} KiB, 1 to ${MOST.passes} passes and 1 to ${MOST.parallelism} lanes`,
  )
}

/**
 * What a stored string says; throws if it is none, or one that costs more than the caps.
 * @param {string} stored
 */
export function read(stored) {
  const parts = stored.length > STORED_MAX ? null : FORM.exec(stored)
  if (!parts) throw unknown()
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number)
  const salt = bytesOf(parts[4])
  const tag = bytesOf(parts[5])
  if (!within(salt, SALT_LENGTHS) || !within(tag, TAG_LENGTHS)) throw unknown()
  const cost = { memory, passes, parallelism }
  if (isTooHigh(cost)) {
    throw new LatchworkError(
      'costly_hash',
      `the stored hash asks for more than ${MOST.memory} KiB, ${MOST.passes} passes or ${MOST.parallelism} lanes`,
    )
  }
  if (isTooLow(cost)) throw unknown()
  return { cost, salt, tag }
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
 * Whether a stored string has one of the older forms, so that it takes the legacy module to verify it. All else,
 * also what has no form at all, is for the module of argon2id.
 * @param {string} stored
 */
export function isLegacy(stored) {
  return /^\$(?:2[aby]|salted-sha256|sha256-salted|unsalted-md5)\$/.test(stored)
}

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

function unknown() {
  return new LatchworkError('unknown_hash', 'the stored hash is none of `$argon2id$v=19$m=,t=,p=$salt$tag`')
}
