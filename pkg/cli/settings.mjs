// @ts-check
// What was typed, as settings; every mistake in it says what to type instead.

import { parseArgs } from 'node:util'
import { DIRECTORY_SYSTEMS } from '../wasm/systems.mjs'
import { Mistake } from './mistake.mjs'
import { suggestion } from './suggestion.mjs'

export const HELP = `usage: latchwork serve --system NAME [options]

Answers the documented requests of a product's user management.

  --system NAME      the product whose requests are answered:
                     ${listed(DIRECTORY_SYSTEMS)}
  --store STORE      memory (default), file:PATH, or the address of a libSQL server
                     (its token in the environment: LATCHWORK_STORE_TOKEN)
  --host NAME        where to listen: 127.0.0.1 (default), any other address or name of this machine
  --port N, -p N     the port: 4174 (default), 0 for any that is free
  --seed FILE        records as JSON, put into the store if it has no users
  --guards strict    beside the product's own rules: somebody who manages users is always left,
                     nobody gives more than they have or raises themselves, and no request
                     sets a weak password or a reserved name
  --public-url URL   where clients reach this server, if that is not what their requests
                     say: https://id.example.org behind a proxy
  --allow-origin O   pages of this origin may send requests and read the answers, as
                     https://panel.example.org; type it once for each origin
  --limit NAME=N     a limit of yours: body (65536), document (1048576) and upload
                     (10485760) in bytes; bodyTime (30000), stepTime (10000) and storeTime
                     (30000) in milliseconds; type it once for each limit
  --help, -h         this text
  --version, -v      the version of this package

Sessions are signed with a secret that the store keeps. LATCHWORK_SECRET in the environment, of at least 32 bytes,
takes its place, for other programs that sign sessions too.

It stops on SIGINT and SIGTERM. On standard output, after the line with its address: one line of JSON a request.`

const OPTIONS = /** @type {const} */ (['system', 'store', 'host', 'port', 'seed', 'guards', 'public-url', 'allow-origin', 'limit', 'help', 'version'])

/** The options that can be typed more than once. */
const LISTS = ['allow-origin', 'limit']

/** The limits that mean something to this command. */
const LIMIT_NAMES = ['body', 'document', 'upload', 'bodyTime', 'stepTime', 'storeTime']

/** Short names of options. @type {Record<string, string>} */
const SHORT = { port: 'p', help: 'h', version: 'v' }

/** Those that take no value. */
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
 * The settings, or which text was asked for instead.
 * @param {string[]} words
 * @returns {Settings | 'help' | 'version'}
 */
export function settingsOf(words) {
  const { given, lists } = optionsOf(words)
  if (given.has('help')) return 'help'
  if (given.has('version')) return 'version'
  const system = given.get('system')
  if (system === undefined) throw new Mistake('missing_option', 'the product is not named: type `--system NAME`')
  return {
    system,
    store: given.get('store') ?? 'memory',
    host: given.get('host') ?? '127.0.0.1',
    port: portOf(given.get('port') ?? '4174'),
    seed: given.get('seed'),
    guards: guardsOf(given.get('guards')),
    publicUrl: given.get('public-url'),
    allowedOrigins: lists.get('allow-origin'),
    limits: limitsOf(lists.get('limit') ?? []),
  }
}

/**
 * The options by their names: those that can be typed once, and those that can be typed again.
 * @param {string[]} words
 */
function optionsOf(words) {
  const options = Object.fromEntries(OPTIONS.map((name) => [name, { type: /** @type {'boolean' | 'string'} */ (FLAGS.includes(name) ? 'boolean' : 'string'), ...(SHORT[name] ? { short: SHORT[name] } : {}) }]))
  // Not strict, because that names the mistake and not its remedy.
  const { tokens } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true })
  /** @type {Map<string, string>} */
  const given = new Map()
  /** @type {Map<string, string[]>} */
  const lists = new Map()
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw unexpected(token.value, tokens.some((other) => other.kind === 'option' && other.name === 'system'))
    const { name, rawName, value, inlineValue } = token
    if (!OPTIONS.some((known) => known === name)) {
      const known = OPTIONS.map((option) => `--${option}`).join(', ')
      throw new Mistake('unknown_option', `unknown option \`${rawName}\`${suggestion(name, OPTIONS, '--') || `: expected one of ${known}`}`)
    }
    const isList = LISTS.includes(name)
    if (given.has(name)) throw new Mistake('duplicate_option', `\`--${name}\` stands there twice: leave one`)
    if (FLAGS.includes(name)) given.set(name, '')
    else if (!value || (!inlineValue && value.startsWith('--'))) throw new Mistake('missing_value', `\`--${name}\` has no value: type \`--${name} VALUE\``)
    else if (isList) lists.set(name, [...(lists.get(name) ?? []), value])
    else given.set(name, value)
  }
  return { given, lists }
}

/** @param {string} word @param {boolean} hasSystem whether the product is named besides */
function unexpected(word, hasSystem) {
  const remedy = hasSystem ? 'type `--NAME VALUE`, or `--help` to see them' : `did you mean \`--system ${word}\`?`
  return new Mistake('unexpected_argument', `\`${word}\` belongs to no option: ${remedy}`)
}

/** What is asked for and not known is refused: it would be taken for in force. @param {string | undefined} guards */
function guardsOf(guards) {
  if (guards === undefined || guards === 'strict') return guards
  throw new Mistake('invalid_value', `unknown guards \`${guards}\`: type \`--guards strict\`, or leave it out for the product's own rules`)
}

/** @param {string[]} words each as `NAME=N` */
function limitsOf(words) {
  /** @type {Record<string, number>} */
  const limits = {}
  for (const word of words) {
    const [, name, number] = /^(\w+)=(\d{1,12})$/.exec(word) ?? []
    if (name === undefined) throw new Mistake('invalid_value', `expected a limit as \`NAME=N\` after \`--limit\`, got \`${word}\`: type \`--limit body=131072\``)
    if (!LIMIT_NAMES.includes(name)) throw new Mistake('invalid_value', `unknown limit \`${name}\`: type \`--limit NAME=N\` with one of ${LIMIT_NAMES.join(', ')}`)
    if (Object.hasOwn(limits, name)) throw new Mistake('duplicate_option', `the limit \`${name}\` is given twice: leave one`)
    limits[name] = Number(number)
  }
  return limits
}

/** @param {string} text */
function portOf(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Mistake('invalid_value', `expected a port from 0 to 65535 after \`--port\`, got \`${text}\``)
  return Number(text)
}

/** `a, b or c`. @param {string[]} names */
function listed(names) {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
