// @ts-check
// All limits of a directory: sizes in bytes, times in milliseconds.

import { membersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'

/** The defaults. */
export const LIMITS = Object.freeze({
  /** The largest body of an ordinary request. It is read before the caller is authenticated. */
  body: 65_536,
  /** The largest list or document. A body above `body` is read after the caller is authenticated. */
  document: 1_048_576,
  /** The largest published file, and the largest import of first records. Read after authentication, like a `document`. */
  upload: 10_485_760,
  /** How long a body may take to arrive. A body above `body` gets this time again, after authentication. */
  bodyTime: 30_000,
  /** How long `identify` may take. */
  identifyTime: 10_000,
  /** How long a store may take for one step. */
  stepTime: 10_000,
  /** How long a store may take for all steps of a request. */
  storeTime: 30_000,
  /** How long `sendMail` may take for one mail. */
  mailTime: 10_000,
})

/** The highest values that a host can set. */
const MOST = { bytes: 104_857_600, milliseconds: 600_000 }

/** @typedef {{ -readonly [name in keyof typeof LIMITS]: number }} Limits */

/** @param {any} given @returns {Limits} */
export function parseLimits(given) {
  if (given === undefined) return LIMITS
  const names = /** @type {(keyof Limits)[]} */ (Object.keys(LIMITS))
  const values = membersOf(given, '`limits`', names)
  const unknown = runCallerCode('`limits`', () => Object.keys(given)).find((name) => !Object.hasOwn(LIMITS, name))
  if (unknown !== undefined) throw new LatchworkError('invalid_value', `unknown limit ${JSON.stringify(unknown)}, expected one of ${names.join(', ')}`)
  const limits = /** @type {Limits} */ (Object.fromEntries(names.map((name, index) => [name, limitOf(name, values[index])])))
  for (const name of /** @type {const} */ (['document', 'upload'])) {
    // A limit that is not set rises with a larger `body`.
    if (values[names.indexOf(name)] === undefined) limits[name] = Math.max(limits[name], limits.body)
    if (limits[name] < limits.body) throw new LatchworkError('invalid_value', `the limit \`${name}\` must be at least \`body\`, which is ${limits.body} bytes`)
  }
  return limits
}

/** @param {keyof Limits} name @param {unknown} value */
function limitOf(name, value) {
  if (value === undefined) return LIMITS[name]
  if (typeof value !== 'number') throw wrongType(`the limit \`${name}\``, 'a number', value)
  const unit = name.endsWith('Time') ? 'milliseconds' : 'bytes'
  if (Number.isSafeInteger(value) && value >= 1 && value <= MOST[unit]) return value
  throw new LatchworkError('invalid_value', `the limit \`${name}\` must be a whole number of ${unit} from 1 to ${MOST[unit]}, got ${value}`)
}
