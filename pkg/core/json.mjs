// @ts-check
// Objects from outside become JSON text here: own members only, each read once, bounded, nothing called but
// getters. What the core reads afterwards is text, which no longer changes.

import { isWellFormed } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { encodeInto, encoder } from './utf8.mjs'

const DEPTH_MAX = 32

/** Numbers from here on the core takes for infinite. */
const NUMBER_END = 1e308

/** The most problems that one answer lists, as in the core; with more of them, reading ends. */
const PROBLEMS_MAX = 1000

/** The largest value of a question or a form, in characters of JSON: the 64 KiB of a request's body. */
export const VALUE_MAX = 65_536

/**
 * The largest records, in bytes of JSON, or characters if they are given as text: with what they become they have room
 * in the 4 GiB of an instance. They come from the caller's own store; this only ends the endless.
 */
export const RECORDS_MAX = 1 << 29

/** The largest records that have to be one string, which has at most 2 ** 29 characters in V8. */
export const RECORDS_TEXT_MAX = 268_435_456

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @typedef {{ path: string, code: string, message: string }} Problem */

/**
 * The JSON text of a value of at most `most` characters, or what is wrong with it as JSON.
 * @param {unknown} value
 * @param {number} most
 * @returns {{ text: string, problems: Problem[] }}
 */
export function toJson(value, most) {
  const { text, problems } = new Writer(most).write(value)
  return { text, problems }
}

/**
 * The JSON text of records in UTF-8, or what is wrong with them as JSON.
 * @param {unknown} records
 * @param {number} most bytes
 * @returns {{ bytes: Uint8Array, problems: Problem[] }}
 */
export function toBytes(records, most) {
  const writer = new ByteWriter(most).write(records)
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
 * @param {(string | number)[]} place the names that lead to the value in the question
 */
export function argumentJson(value, ...place) {
  const { text, problems } = new Writer(VALUE_MAX, place).write(value)
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

/** Writes JSON as a string. */
class Writer {
  text = ''
  /** @type {Problem[]} */
  problems = []
  /** The names and places that lead to the value that is written. */
  #path
  #most

  /** @param {number} most the largest length @param {(string | number)[]} [path] that leads to the value */
  constructor(most, path = []) {
    this.#most = most
    this.#path = path
  }

  /** @param {unknown} value */
  write(value) {
    try {
      this.#value(value, DEPTH_MAX)
    } catch (stopped) {
      if (stopped !== STOP) throw stopped
    }
    return this
  }

  /** The length of what was written. */
  get length() {
    return this.text.length
  }

  /** @param {string} json */
  put(json) {
    this.text += json
  }

  /** Writes a string at once if that is faster; returns whether it did. @param {string} _value */
  putPlain(_value) {
    return false
  }

  /** @param {unknown} value @param {number} depth */
  #value(value, depth) {
    if (typeof value === 'string') this.#string(value)
    else if (typeof value === 'object' && value !== null) this.#container(value, depth)
    else if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) < NUMBER_END)) this.put(JSON.stringify(value))
    else if (typeof value === 'number') this.#nothing('out_of_range', 'expected a finite number')
    else this.#nothing('wrong_type', `expected a JSON value, got ${typeof value}`)
    if (this.length <= this.#most) return
    // Reported alone: the rest of the value is not read.
    this.problems = [{ path: '', code: 'too_long', message: `larger than ${this.#most} characters as JSON` }]
    throw STOP
  }

  /** @param {string} value */
  #string(value) {
    if (this.putPlain(value)) return
    if (!isWellFormed(value)) this.#problem('bad_format', 'the string has a lone surrogate')
    this.put(JSON.stringify(value))
  }

  /** @param {object} value @param {number} depth */
  #container(value, depth) {
    if (depth === 0) {
      this.#problem('too_long', `nested more than ${DEPTH_MAX} levels deep`)
      throw STOP
    }
    try {
      if (Array.isArray(value)) this.#list(value, depth)
      else if (isPlain(value)) this.#members(value, depth)
      else this.#nothing('wrong_type', 'expected a plain object, got an instance of a class')
    } catch (thrown) {
      if (thrown === STOP) throw thrown
      // A getter or a Proxy; what it threw is its own and stays there.
      this.#problem('unreadable', 'reading this object threw an exception')
      throw STOP
    }
  }

  /** @param {readonly unknown[]} list @param {number} depth */
  #list(list, depth) {
    const length = list.length
    this.put('[')
    for (let index = 0; index < length; index += 1) {
      if (index > 0) this.put(',')
      // Members of `Array.prototype` do not fill the holes of this list.
      const value = Object.hasOwn(list, index) ? list[index] : undefined
      this.#path.push(index)
      this.#value(value, depth - 1)
      this.#path.pop()
    }
    this.put(']')
  }

  /** @param {object} object @param {number} depth */
  #members(object, depth) {
    let separator = ''
    this.put('{')
    for (const name of Object.keys(object)) {
      const value = /** @type {any} */ (object)[name]
      // As JSON.stringify does: an optional member that is not set is not there.
      if (value === undefined) continue
      this.put(separator)
      separator = ','
      this.#path.push(name)
      this.#string(name)
      this.put(':')
      this.#value(value, depth - 1)
      this.#path.pop()
    }
    this.put('}')
  }

  /** Something that no JSON can say. @param {string} code @param {string} message */
  #nothing(code, message) {
    this.#problem(code, message)
    this.put('null')
  }

  /** @param {string} code @param {string} message */
  #problem(code, message) {
    const path = this.#path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    this.problems.push({ path, code, message })
    if (this.problems.length >= PROBLEMS_MAX) throw STOP
  }
}

/** A buffer of so many bytes is large. */
const LARGE = 1 << 20

/** Writes JSON in UTF-8: a string that is put together from small parts takes ten times as much memory, and twice as long. */
class ByteWriter extends Writer {
  #bytes = new Uint8Array(1 << 10)
  #length = 0

  /** How many bytes were written. */
  get length() {
    return this.#length
  }

  /** All that was written. */
  bytes() {
    // A buffer that is mostly empty is not kept.
    return this.#bytes.length > 2 * this.#length ? this.#bytes.slice(0, this.#length) : this.#bytes.subarray(0, this.#length)
  }

  /** @param {string} json */
  put(json) {
    this.#reserve(json.length * 3)
    this.#length += encodeInto(json, this.#bytes, this.#length)
  }

  /** Writes a string if it is the same in JSON and in ASCII; returns whether it is. @param {string} value */
  putPlain(value) {
    const { length } = value
    this.#reserve(length + 2)
    const bytes = this.#bytes
    const start = this.#length + 1
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index)
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return false
      bytes[start + index] = unit
    }
    bytes[this.#length] = bytes[start + length] = QUOTE
    this.#length += length + 2
    return true
  }

  /** Makes room for so many bytes. @param {number} count */
  #reserve(count) {
    if (count <= this.#bytes.length - this.#length) return
    const { length } = this.#bytes
    const written = this.#bytes.subarray(0, this.#length)
    // V8 may collect the whole heap at each large buffer, so there are few of them. What is not written takes no memory.
    this.#bytes = length < LARGE ? new Uint8Array(2 * length + count) : largeBuffer(8 * length, 2 * length + count)
    this.#bytes.set(written)
  }
}

/** A buffer of the wanted length, or of the least one if that is too much for this machine. @param {number} wanted @param {number} least */
function largeBuffer(wanted, least) {
  try {
    return new Uint8Array(Math.max(wanted, least))
  } catch {
    return new Uint8Array(least)
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
