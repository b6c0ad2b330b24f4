// @ts-check
// Parses the files and options of a command. Each mistake names what to type instead.

import { parseArgs } from 'node:util'
import { Mistake } from './mistake.mjs'
import { suggestion } from './suggestion.mjs'

/**
 * The form of a command's arguments.
 * @typedef {object} Form
 * @property {string} usage the first line of its help, without `usage: `
 * @property {readonly string[]} files a description of each file; the last one may be repeated if `repeats` is set
 * @property {boolean} [repeats]
 * @property {Readonly<Record<string, string | null>>} options by option, the name of its value in the help; null if it has no value
 */

/** @typedef {{ files: string[], given: Map<string, string> }} Arguments options by name; one without a value has an empty one */

/**
 * Parses the arguments; `help` if `--help` is one of them.
 * @param {string[]} args
 * @param {Form} form
 * @returns {Arguments | 'help'}
 */
export function parseArguments(args, form) {
  const options = { ...form.options, help: null }
  const { tokens } = parseArgs({ args: args, options: parsedOptions(options), strict: false, allowPositionals: true, tokens: true })
  /** @type {Arguments} */
  const { files, given } = { files: [], given: new Map() }
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value)
    if (token.kind === 'option') given.set(...parseOption(token, options, given, form))
  }
  if (given.has('help')) return 'help'
  const { length } = form.files
  if (files.length < length) throw new Mistake('missing_file', `${form.files[files.length]} is missing: type \`${form.usage}\``)
  if (files.length > length && !form.repeats) throw new Mistake('unexpected_argument', `unexpected argument \`${files[length]}\`: type \`${form.usage}\``)
  return { files, given }
}

/** @param {Readonly<Record<string, string | null>>} options */
function parsedOptions(options) {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, { type: /** @type {'boolean' | 'string'} */ (value === null ? 'boolean' : 'string'), ...(name === 'help' ? { short: 'h' } : {}) }]))
}

/**
 * @param {{ name: string, rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token
 * @param {Readonly<Record<string, string | null>>} options
 * @param {Map<string, string>} given
 * @param {Form} form
 * @returns {[string, string]}
 */
function parseOption({ name, rawName, value, inlineValue }, options, given, { usage }) {
  const names = Object.keys(options)
  if (!Object.hasOwn(options, name)) throw new Mistake('unknown_option', `unknown option \`${rawName}\`${suggestion(name, names, '--') || `: expected one of ${names.map((known) => `--${known}`).join(', ')}`}`)
  if (given.has(name)) throw new Mistake('duplicate_option', `\`--${name}\` is given twice: remove one`)
  const expected = options[name]
  if (expected === null) {
    if (inlineValue) throw new Mistake('unexpected_value', `\`--${name}\` takes no value: type only \`--${name}\``)
    return [name, '']
  }
  if (value === undefined || (!inlineValue && value.startsWith('--'))) throw new Mistake('missing_value', `\`--${name}\` has no value: type \`--${name} ${expected}\` in \`${usage}\``)
  return [name, value]
}

/** The value of a required option. @param {Arguments} args @param {string} name @param {Form} form @returns {string} */
export function required({ given }, name, form) {
  const value = given.get(name)
  if (value === undefined) throw new Mistake('missing_option', `\`--${name}\` is missing: type \`${form.usage}\``)
  return value
}

/** An example of the JSON of each option. @type {Record<string, string>} */
const EXAMPLES = {
  subject: '{"id": "ann", "roles": ["editor"]}',
  resource: '{"type": "doc", "id": 42}',
  attributes: '{"owner": "ann"}',
  context: '{"network": "office"}',
  properties: '{"fields": ["title"]}',
  within: '{"roles": ["reader"]}',
}

/**
 * The JSON of an option's value; undefined if the option is not given.
 * @param {Arguments} args
 * @param {string} name
 * @returns {any}
 */
export function jsonOption({ given }, name) {
  const text = given.get(name)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Mistake('invalid_value', `the value of \`--${name}\` is not JSON: type it in single quotes, as \`--${name} '${EXAMPLES[name]}'\``)
  }
}

/**
 * The value of an option that is an object as JSON, or text. Text that begins like JSON is typed as a JSON string.
 * @param {Arguments} args
 * @param {string} name
 * @param {Form} form
 * @returns {string | object}
 */
export function objectOrText(args, name, form) {
  const text = required(args, name, form)
  if (!/^[{"]/.test(text)) return text
  try {
    return jsonOption(args, name)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    throw new Mistake(error.code, `${error.message}, or text that begins with \`${text[0]}\` as a JSON string, as \`--${name} '${JSON.stringify(`${text[0]}x`)}'\``)
  }
}

/**
 * A time in seconds since 1970, as a number or as a date; undefined if the option is not given.
 * @param {Arguments} args
 * @param {string} name
 * @returns {number | undefined}
 */
export function timeOption({ given }, name) {
  const text = given.get(name)
  if (text === undefined) return undefined
  const seconds = /^\d{1,16}$/.test(text) ? Number(text) : isDate(text.slice(0, 10)) ? Math.floor(Date.parse(text) / 1000) : NaN
  if (Number.isSafeInteger(seconds)) return seconds
  throw new Mistake('invalid_value', `\`${text}\` after \`--${name}\` is not a time: type seconds since 1970, or a date as \`2030-01-31\` or \`2030-01-31T12:00:00Z\``)
}

/** Whether a date exists: `Date.parse` takes the 30th of February for the 2nd of March. @param {string} text */
function isDate(text) {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
