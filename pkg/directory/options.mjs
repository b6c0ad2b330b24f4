// @ts-check
// Parses and copies the options of `createDirectory`. Later changes to the host's objects have no effect.

import { checkString, membersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { parseCost } from '../password/stored.mjs'
import { parseLimits } from './limits.mjs'
import { parseOrigins, parsePublicUrl } from './origins.mjs'
import { SECRET_LENGTH } from './secret.mjs'

const NAMES = ['system', 'store', 'guards', 'limits', 'publicUrl', 'allowedOrigins', 'identify', 'secret', 'sendMail', 'upstream', 'client', 'log', 'cost', 'now', 'random']
const HOOKS = ['identify', 'sendMail', 'upstream', 'client', 'log', 'now', 'random']

/** The latest time that `Date` can represent, in milliseconds since 1970. */
const TIME_MAX = 8.64e15
const WHAT = 'the options of `createDirectory`'

/** @param {any} options */
export function parseOptions(options) {
  const values = membersOf(options, WHAT, NAMES)
  // An ignored option could be one that was meant to restrict access.
  const unknown = runCallerCode(WHAT, () => Object.keys(options)).find((name) => !NAMES.includes(name))
  if (unknown === 'options') throw new LatchworkError('invalid_value', "`options: { guards }` is now `guards`, beside `store`")
  if (unknown !== undefined) throw new LatchworkError('invalid_value', `unknown option ${JSON.stringify(unknown)} of \`createDirectory\`: expected ${NAMES.join(', ')}`)
  values.forEach((value, index) => {
    if (HOOKS.includes(NAMES[index]) && value !== undefined && typeof value !== 'function') throw wrongType(NAMES[index], 'a function', value)
  })
  const [system, store, guards, limits, publicUrl, allowedOrigins, identify, secret, sendMail, upstream, client, log, cost, now = () => Date.now(), random = fillRandom] = values
  checkString(system, 'the system')
  checkStore(store)
  return {
    system,
    store,
    guards: parseGuards(guards),
    limits: parseLimits(limits),
    publicUrl: parsePublicUrl(publicUrl),
    allowedOrigins: parseOrigins(allowedOrigins),
    identify,
    secret: parseSecret(secret),
    sendMail,
    upstream,
    client,
    log,
    cost: parseCost(cost),
    now: checkedClock(now),
    random: checkedRandom(random),
  }
}

/** @param {any} store */
function checkStore(store) {
  const isStore = (typeof store === 'object' && store !== null) || typeof store === 'function'
  if (isStore && runCallerCode('the store', () => ['read', 'scan', 'commit'].every((method) => typeof store[method] === 'function'))) return
  throw wrongType('the store', 'an object with `read`, `scan` and `commit`', store)
}

/** Refuses an unknown value: the host would believe that guards are active. @param {unknown} guards */
function parseGuards(guards) {
  if (guards === undefined) return 'off'
  if (guards === 'strict') return guards
  throw new LatchworkError('invalid_value', "unknown guards: expected 'strict', or nothing for the product's own rules")
}

/** @param {unknown} secret */
function parseSecret(secret) {
  if (secret === undefined) return undefined
  const bytes = typeof secret === 'string' ? encoder.encode(secret) : runCallerCode('the secret', () => (secret instanceof Uint8Array ? new Uint8Array(secret) : undefined))
  if (bytes === undefined) throw wrongType('the secret', 'a string or a Uint8Array', secret)
  if (bytes.length < SECRET_LENGTH) {
    throw new LatchworkError('weak_secret', `the secret must have at least ${SECRET_LENGTH} bytes: sessions are signed with it`)
  }
  return bytes
}

/** @param {(bytes: Uint8Array) => Uint8Array} random @returns {(length: number) => Uint8Array} */
function checkedRandom(random) {
  return (length) => {
    const bytes = runCallerCode('`random`', () => {
      const drawn = random(new Uint8Array(length))
      return drawn instanceof Uint8Array ? new Uint8Array(drawn) : typeof drawn
    })
    if (typeof bytes === 'string') throw new LatchworkError('wrong_type', `\`random\` must return a Uint8Array, got ${bytes}`)
    if (bytes.length !== length) throw new LatchworkError('invalid_value', `\`random\` must return the ${length} bytes that it is given, got ${bytes.length}`)
    // Secrets and sessions are derived from these bytes. A real source never returns only zeros.
    if (bytes.every((byte) => byte === 0)) throw new LatchworkError('invalid_value', '`random` must fill the bytes that it is given, got only zeros')
    return bytes
  }
}

/** @param {() => unknown} now @returns {() => number} */
function checkedClock(now) {
  return () => {
    const time = runCallerCode('`now`', now)
    if (typeof time !== 'number') throw wrongType('what `now` returns', 'milliseconds since 1970 as a number', time)
    if (time >= 0 && time <= TIME_MAX) return time
    throw new LatchworkError('invalid_value', `\`now\` must return milliseconds since 1970, got ${time}`)
  }
}

/** @param {Uint8Array} bytes */
function fillRandom(bytes) {
  return crypto.getRandomValues(bytes)
}
