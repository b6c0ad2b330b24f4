// @ts-check
// Objects from outside become JSON text here: own members only, each read once, bounded, nothing called but
// getters. What the core reads afterwards is text, which no longer changes.

import { isWellFormed } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { encoder } from './utf8.mjs'

const DEPTH_MAX = 32

/** Numbers from here on the core takes for infinite. */
const NUMBER_END = 1e308

/** The most problems that one answer lists, as in the core; with more of them, reading ends. */
const PROBLEMS_MAX = 1000

/** The largest value of a question or a form, in characters of JSON: the 64 KiB of a request's body. */
export const VALUE_MAX = 65_536

/**
 * The largest records, in characters of JSON: with what they become they have room in the 4 GiB of an instance. They
 * come from the caller's own store; this only ends the endless.
 */
export const RECORDS_MAX = 1 << 29

/** The largest records that have to be one string, which has at most 2 ** 29 characters in V8. */
export const RECORDS_TEXT_MAX = 1 << 28

/** Records are encoded in pieces of about as many characters: text put together from small parts takes ten times as much memory. */
const PIECE = 1 << 16

/** @typedef {{ path: string, code: string, message: string }} Problem */

/**
 * The JSON text of a value of at most `most` characters, or what is wrong with it as JSON.
 * @param {unknown} value
 * @param {number} most
 * @returns {{ text: string, problems: Problem[] }}
 */
export function toJson(value, most) {
  const writer = new Writer(most)
  writer.write(value)
  return { text: writer.text, problems: writer.problems }
}

/**
 * The JSON text of records in UTF-8, or what is wrong with them as JSON.
 * @param {unknown} records
 * @param {number} most characters
 * @returns {{ bytes: Uint8Array, problems: Problem[] }}
 */
export function toBytes(records, most) {
  const writer = new Writer(most, PIECE)
  writer.write(records)
  return { bytes: writer.bytes(), problems: writer.problems }
}

/**
 * The bytes of text that is JSON already: the core reads it as it is, so that a repeated member is a problem, not merged.
 * @param {string} text
 * @param {number} most characters
 */
export function textBytes(text, most) {
  if (text.length > most) throw new LatchworkError('too_large', `the records are longer than ${most} characters`)
  if (!isWellFormed(text)) throw new LatchworkError('malformed_string', 'the records have a lone surrogate: they are not well-formed UTF-16')
  return encoder.encode(text)
}

/**
 * The JSON text of an argument of a question.
 * @param {unknown} value
 */
export function argumentJson(value) {
  const { text, problems } = toJson(value, VALUE_MAX)
  if (text.length > VALUE_MAX) {
    throw new LatchworkError('too_large', `the value is larger than ${VALUE_MAX} characters as JSON`)
  }
  if (problems.length > 0) {
    throw new LatchworkError('invalid_value', `${problems[0].path || 'the value'}: ${problems[0].message}`, problems)
  }
  return text
}

/** Ends the reading of a value that may have no end. */
const STOP = Symbol('stop')

class Writer {
  /** What is not encoded yet. */
  text = ''
  /** @type {Problem[]} */
  problems = []
  /** @type {Uint8Array[]} */
  #pieces = []
  /** The characters in the pieces. */
  #encoded = 0
  /** The names and places that lead to the value that is written. @type {(string | number)[]} */
  #path = []
  #most
  #piece

  /** @param {number} most characters @param {number} [piece] the characters that are encoded at once */
  constructor(most, piece = Infinity) {
    this.#most = most
    this.#piece = piece
  }

  /** @param {unknown} value */
  write(value) {
    try {
      this.value(value, DEPTH_MAX)
      this.checkSize()
    } catch (stopped) {
      if (stopped !== STOP) throw stopped
    }
  }

  /** All of the text in UTF-8. */
  bytes() {
    this.#encode()
    const bytes = new Uint8Array(this.#pieces.reduce((length, piece) => length + piece.length, 0))
    let at = 0
    for (const piece of this.#pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  #encode() {
    this.#pieces.push(encoder.encode(this.text))
    this.#encoded += this.text.length
    this.text = ''
  }

  /** @param {unknown} value @param {number} depth */
  value(value, depth) {
    switch (typeof value) {
      case 'string':
        return this.string(value)
      case 'number':
        if (Math.abs(value) < NUMBER_END) this.text += JSON.stringify(value)
        else this.nothing('out_of_range', 'expected a finite number')
        return
      case 'boolean':
        this.text += value ? 'true' : 'false'
        return
      case 'object':
        if (value !== null) return this.container(value, depth)
        this.text += 'null'
        return
      default:
        this.nothing('wrong_type', `expected a JSON value, got ${typeof value}`)
    }
  }

  /** @param {string} value */
  string(value) {
    if (!isWellFormed(value)) this.problem('bad_format', 'the string has a lone surrogate')
    this.text += JSON.stringify(value)
  }

  /** @param {object} value @param {number} depth */
  container(value, depth) {
    if (depth === 0) {
      this.problem('too_long', `nested more than ${DEPTH_MAX} levels deep`)
      throw STOP
    }
    try {
      if (Array.isArray(value)) this.list(value, depth)
      else if (isPlain(value)) this.members(value, depth)
      else this.nothing('wrong_type', 'expected a plain object, got an instance of a class')
    } catch (thrown) {
      if (thrown === STOP) throw thrown
      // A getter or a Proxy; what it threw is its own and stays there.
      this.problem('unreadable', 'reading this object threw an exception')
      throw STOP
    }
  }

  /** @param {readonly unknown[]} list @param {number} depth */
  list(list, depth) {
    const length = list.length
    this.text += '['
    for (let index = 0; index < length; index += 1) {
      if (index > 0) this.text += ','
      // Members of `Array.prototype` do not fill the holes of this list.
      const value = Object.hasOwn(list, index) ? list[index] : undefined
      this.#path.push(index)
      this.value(value, depth - 1)
      this.#path.pop()
      this.checkSize()
    }
    this.text += ']'
  }

  /** @param {object} object @param {number} depth */
  members(object, depth) {
    let separator = ''
    this.text += '{'
    for (const name of Object.keys(object)) {
      const value = /** @type {any} */ (object)[name]
      // As JSON.stringify does: an optional member that is not set is not there.
      if (value === undefined) continue
      this.text += separator
      separator = ','
      this.#path.push(name)
      this.string(name)
      this.text += ':'
      this.value(value, depth - 1)
      this.#path.pop()
      this.checkSize()
    }
    this.text += '}'
  }

  checkSize() {
    if (this.#encoded + this.text.length <= this.#most) {
      if (this.text.length > this.#piece) this.#encode()
      return
    }
    // Reported alone: the rest of the value is not read.
    this.problems = [{ path: '', code: 'too_long', message: `larger than ${this.#most} characters as JSON` }]
    throw STOP
  }

  /** Something that no JSON can say. @param {string} code @param {string} message */
  nothing(code, message) {
    this.problem(code, message)
    this.text += 'null'
  }

  /** @param {string} code @param {string} message */
  problem(code, message) {
    const path = this.#path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    this.problems.push({ path, code, message })
    if (this.problems.length >= PROBLEMS_MAX) throw STOP
  }
}

/**
 * An object literal, of this realm or another, or one without a prototype.
 * @param {object} value
 */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
