// @ts-check
// What a directory is made of, checked once. What its host changes afterwards changes nothing here.

import { checkString, membersOf, reading, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { costOf } from '../password/stored.mjs'
import { limitsOf } from './limits.mjs'
import { originsOf, publicUrlOf } from './origins.mjs'
import { SECRET_LENGTH } from './secret.mjs'

const NAMES = ['system', 'store', 'guards', 'limits', 'publicUrl', 'allowedOrigins', 'identify', 'secret', 'sendMail', 'upstream', 'client', 'log', 'cost', 'now', 'random']
const HOOKS = ['identify', 'sendMail', 'upstream', 'client', 'log', 'now', 'random']

/** The last moment that a date can tell, in milliseconds since 1970. */
const TIME_MAX = 8.64e15
const WHAT = 'what a directory is made of'

/** @param {any} parts */
export function partsOf(parts) {
  const values = membersOf(parts, WHAT, NAMES)
  // A part that is passed over could be one that was to keep somebody out.
  const unknown = reading(WHAT, () => Object.keys(parts)).find((name) => !NAMES.includes(name))
  if (unknown === 'options') throw new LatchworkError('invalid_value', "`options: { guards }` is now `guards`, beside `store`")
  if (unknown !== undefined) throw new LatchworkError('invalid_value', `a directory has no part ${JSON.stringify(unknown)}: expected ${NAMES.join(', ')}`)
  values.forEach((value, index) => {
    if (HOOKS.includes(NAMES[index]) && value !== undefined && typeof value !== 'function') throw wrongType(NAMES[index], 'a function', value)
  })
  const [system, store, guards, limits, publicUrl, allowedOrigins, identify, secret, sendMail, upstream, client, log, cost, now = () => Date.now(), random = draw] = values
  checkString(system, 'the system')
  checkStore(store)
  return {
    system,
    store,
    guards: guardsOf(guards),
    limits: limitsOf(limits),
    publicUrl: publicUrlOf(publicUrl),
    allowedOrigins: originsOf(allowedOrigins),
    identify,
    secret: secretOf(secret),
    sendMail,
    upstream,
    client,
    log,
    cost: costOf(cost),
    now: clockOf(now),
    random: drawing(random),
  }
}

/** @param {any} store */
function checkStore(store) {
  const isStore = (typeof store === 'object' && store !== null) || typeof store === 'function'
  if (isStore && reading('the store', () => ['read', 'scan', 'commit'].every((method) => typeof store[method] === 'function'))) return
  throw wrongType('the store', 'an object with `read`, `scan` and `commit`', store)
}

/** What is asked for and not known is refused: it would be taken for in force. @param {unknown} guards */
function guardsOf(guards) {
  if (guards === undefined) return 'off'
  if (guards === 'strict') return guards
  throw new LatchworkError('invalid_value', "unknown guards: expected 'strict', or nothing for the product's own rules")
}

/** @param {unknown} secret */
function secretOf(secret) {
  if (secret === undefined) return undefined
  const bytes = typeof secret === 'string' ? encoder.encode(secret) : reading('the secret', () => (secret instanceof Uint8Array ? new Uint8Array(secret) : undefined))
  if (bytes === undefined) throw wrongType('the secret', 'a string or a Uint8Array', secret)
  if (bytes.length < SECRET_LENGTH) {
    throw new LatchworkError('weak_secret', `the secret must have at least ${SECRET_LENGTH} bytes: sessions are signed with it`)
  }
  return bytes
}

/** @param {(bytes: Uint8Array) => Uint8Array} random @returns {(length: number) => Uint8Array} */
function drawing(random) {
  return (length) => {
    const bytes = reading('`random`', () => {
      const drawn = random(new Uint8Array(length))
      return drawn instanceof Uint8Array ? new Uint8Array(drawn) : typeof drawn
    })
    if (typeof bytes === 'string') throw new LatchworkError('wrong_type', `\`random\` must return a Uint8Array, got ${bytes}`)
    if (bytes.length !== length) throw new LatchworkError('invalid_value', `\`random\` must return the ${length} bytes that it is given, got ${bytes.length}`)
    // Secrets and sessions are drawn from these: nobody draws as many zeroes.
    if (bytes.every((byte) => byte === 0)) throw new LatchworkError('invalid_value', '`random` must fill the bytes that it is given, got zeroes only')
    return bytes
  }
}

/** @param {() => unknown} now @returns {() => number} */
function clockOf(now) {
  return () => {
    const time = reading('`now`', now)
    if (typeof time !== 'number') throw wrongType('what `now` returns', 'milliseconds since 1970 as a number', time)
    if (time >= 0 && time <= TIME_MAX) return time
    throw new LatchworkError('invalid_value', `\`now\` must return milliseconds since 1970, got ${time}`)
  }
}

/** @param {Uint8Array} bytes */
function draw(bytes) {
  return crypto.getRandomValues(bytes)
}
