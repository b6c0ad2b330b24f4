// @ts-check
// Parses the arguments of `latchwork serve`. Each mistake names what to type instead.

import { parseArgs } from 'node:util'
import { DIRECTORY_SYSTEMS } from '../wasm/systems.mjs'
import { Mistake } from './mistake.mjs'
import { suggestion } from './suggestion.mjs'

export const HELP = `usage: latchwork serve --system NAME [options]

Serves the documented user management API of a product.

  --system NAME      the product whose API is served:
                     ${listed(DIRECTORY_SYSTEMS)}
  --store STORE      memory (default), file:PATH, or the address of a libSQL server
                     (its token in the environment: LATCHWORK_STORE_TOKEN)
  --host NAME        an address or name of this machine to listen on: 127.0.0.1 (default)
  --port N, -p N     the port: 4174 (default), 0 for any free port
  --seed FILE        records as JSON, imported if the store has no users
  --guards strict    adds to the product's own rules: a user who can manage users always remains,
                     callers cannot escalate privileges or grant privileges that they lack,
                     and requests cannot set weak passwords or reserved names
  --public-url URL   the URL of this server for its clients, if it differs from that of their
                     requests: https://id.example.org behind a proxy
  --allow-origin O   allows pages of this origin to send requests and read the responses:
                     https://panel.example.org; repeat it for further origins
  --limit NAME=N     sets a limit: body (65536), document (1048576) and upload (10485760) in
                     bytes; bodyTime (30000), stepTime (10000) and storeTime (30000) in
                     milliseconds; repeat it for further limits
  --help, -h         this text
  --version, -v      the version of this package

Sessions are signed with a secret that the store keeps. To share sessions with other programs, set the environment
variable LATCHWORK_SECRET to a secret of at least 32 bytes.

It stops on SIGINT and SIGTERM. The standard output has a line with its address, and then one line of JSON per request.`

const OPTIONS = /** @type {const} */ (['system', 'store', 'host', 'port', 'seed', 'guards', 'public-url', 'allow-origin', 'limit', 'help', 'version'])

/** The options that can be typed more than once. */
const LISTS = ['allow-origin', 'limit']

/** The limits that this command has. */
const LIMIT_NAMES = ['body', 'document', 'upload', 'bodyTime', 'stepTime', 'storeTime']

/** Short names of options. @type {Record<string, string>} */
const SHORT = { port: 'p', help: 'h', version: 'v' }

/** Options without a value. */
const FLAGS = ['help', 'version']

/**
 * @typedef {object} Settings
 * @property {string} system
 * @property {string} store
 * @property {string} host
 * @property {number} port
 * @property {string | undefined} seed
 * @property {'strict' | undefined} guards
 * @property {string | undefined} publicUrl
 * @property {string[] | undefined} allowedOrigins
 * @property {Record<string, number>} limits
 */

/**
 * Parses the settings; `help` or `version` if that option is given.
 * @param {string[]} words
 * @returns {Settings | 'help' | 'version'}
 */
export function parseSettings(words) {
  const { given, lists } = parseOptions(words)
  if (given.has('help')) return 'help'
  if (given.has('version')) return 'version'
  const system = given.get('system')
  if (system === undefined) throw new Mistake('missing_option', 'the product is missing: type `--system NAME`')
  return {
    system,
    store: given.get('store') ?? 'memory',
    host: given.get('host') ?? '127.0.0.1',
    port: parsePort(given.get('port') ?? '4174'),
    seed: given.get('seed'),
    guards: parseGuards(given.get('guards')),
    publicUrl: given.get('public-url'),
    allowedOrigins: lists.get('allow-origin'),
    limits: parseLimits(lists.get('limit') ?? []),
  }
}

/**
 * Parses the options: `given` has options with one value, `lists` has repeatable ones.
 * @param {string[]} words
 */
function parseOptions(words) {
  const options = Object.fromEntries(OPTIONS.map((name) => [name, { type: /** @type {'boolean' | 'string'} */ (FLAGS.includes(name) ? 'boolean' : 'string'), ...(SHORT[name] ? { short: SHORT[name] } : {}) }]))
  // Not strict, because its errors do not name the remedy.
  const { tokens } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true })
  /** @type {Map<string, string>} */
  const given = new Map()
  /** @type {Map<string, string[]>} */
  const lists = new Map()
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw unexpectedArgument(token.value, tokens.some((other) => other.kind === 'option' && other.name === 'system'))
    const { name, rawName, value, inlineValue } = token
    if (!OPTIONS.some((known) => known === name)) {
      const known = OPTIONS.map((option) => `--${option}`).join(', ')
      throw new Mistake('unknown_option', `unknown option \`${rawName}\`${suggestion(name, OPTIONS, '--') || `: expected one of ${known}`}`)
    }
    const isList = LISTS.includes(name)
    if (given.has(name)) throw new Mistake('duplicate_option', `\`--${name}\` is given twice: remove one`)
    if (FLAGS.includes(name)) given.set(name, '')
    else if (!value || (!inlineValue && value.startsWith('--'))) throw new Mistake('missing_value', `\`--${name}\` has no value: type \`--${name} VALUE\``)
    else if (isList) lists.set(name, [...(lists.get(name) ?? []), value])
    else given.set(name, value)
  }
  return { given, lists }
}

/** @param {string} word @param {boolean} hasSystem whether `--system` is given */
function unexpectedArgument(word, hasSystem) {
  const remedy = hasSystem ? 'type `--NAME VALUE`, or `--help` to see them' : `did you mean \`--system ${word}\`?`
  return new Mistake('unexpected_argument', `unexpected argument \`${word}\`: ${remedy}`)
}

/** Refuses an unknown value: the user would believe that guards are active. @param {string | undefined} guards */
function parseGuards(guards) {
  if (guards === undefined || guards === 'strict') return guards
  throw new Mistake('invalid_value', `unknown guards \`${guards}\`: type \`--guards strict\`, or omit it for the product's own rules`)
}

/** @param {string[]} words each as `NAME=N` */
function parseLimits(words) {
  /** @type {Record<string, number>} */
  const limits = {}
  for (const word of words) {
    const [, name, number] = /^(\w+)=(\d{1,12})$/.exec(word) ?? []
    if (name === undefined) throw new Mistake('invalid_value', `expected a limit as \`NAME=N\` after \`--limit\`, got \`${word}\`: type \`--limit body=131072\``)
    if (!LIMIT_NAMES.includes(name)) throw new Mistake('invalid_value', `unknown limit \`${name}\`: type \`--limit NAME=N\` with one of ${LIMIT_NAMES.join(', ')}`)
    if (Object.hasOwn(limits, name)) throw new Mistake('duplicate_option', `the limit \`${name}\` is given twice: remove one`)
    limits[name] = Number(number)
  }
  return limits
}

/** @param {string} text */
function parsePort(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Mistake('invalid_value', `expected a port from 0 to 65535 after \`--port\`, got \`${text}\``)
  return Number(text)
}

/** `a, b or c`. @param {string[]} names */
function listed(names) {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
