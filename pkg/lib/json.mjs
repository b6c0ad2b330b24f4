// @ts-check
// Objects from outside become JSON text here: own members only, each read once, bounded, nothing called but
// getters. What the core reads afterwards is text, which no longer changes.

import { LatchworkError } from './error.mjs'
import { isWellFormed } from './instance.mjs'

const DEPTH_MAX = 32

/**
 * The JSON text of a value, and what is wrong with it as JSON.
 * @param {unknown} value
 * @returns {{ text: string, problems: { path: string, code: string, message: string }[] }}
 */
export function toJson(value) {
  const writer = new Writer()
  try {
    writer.value(value, '', DEPTH_MAX)
  } catch (stopped) {
    if (stopped !== STOP) throw stopped
  }
  return { text: writer.text, problems: writer.problems }
}

/**
 * The JSON text of an argument that must be a JSON value of at most `most` characters.
 * @param {unknown} value
 * @param {number} most
 */
export function argumentJson(value, most) {
  const { text, problems } = toJson(value)
  if (problems.length > 0) {
    throw new LatchworkError('invalid_value', `${problems[0].path || 'the value'}: ${problems[0].message}`, { problems })
  }
  if (text.length > most) throw new LatchworkError('too_large', `the value is larger than ${most} characters as JSON`)
  return text
}

/** Ends the reading of a value that may have no end. */
const STOP = Symbol('stop')

class Writer {
  text = ''
  /** @type {{ path: string, code: string, message: string }[]} */
  problems = []

  /** @param {unknown} value @param {string} path @param {number} depth */
  value(value, path, depth) {
    switch (typeof value) {
      case 'string':
        return this.string(value, path)
      case 'number':
        if (!Number.isFinite(value)) this.problem(path, 'out_of_range', 'expected a finite number')
        this.text += Number.isFinite(value) ? JSON.stringify(value) : 'null'
        return
      case 'boolean':
        this.text += value ? 'true' : 'false'
        return
      case 'object':
        if (value !== null) return this.container(value, path, depth)
        this.text += 'null'
        return
      default:
        this.problem(path, 'wrong_type', `expected a JSON value, got ${typeof value}`)
        this.text += 'null'
    }
  }

  /** @param {string} value @param {string} path */
  string(value, path) {
    if (!isWellFormed(value)) this.problem(path, 'bad_format', 'the string has a lone surrogate')
    this.text += JSON.stringify(value)
  }

  /** @param {object} value @param {string} path @param {number} depth */
  container(value, path, depth) {
    if (depth === 0) {
      this.problem(path, 'too_long', `nested more than ${DEPTH_MAX} levels deep`)
      throw STOP
    }
    try {
      if (Array.isArray(value)) this.list(value, path, depth)
      else if (isPlain(value)) this.members(value, path, depth)
      else {
        this.problem(path, 'wrong_type', 'expected a plain object, got an instance of a class')
        this.text += 'null'
      }
    } catch (thrown) {
      if (thrown === STOP) throw thrown
      // A getter or a Proxy; what it threw is its own and stays there.
      this.problem(path, 'unreadable', 'reading this object threw an exception')
      throw STOP
    }
  }

  /** @param {readonly unknown[]} list @param {string} path @param {number} depth */
  list(list, path, depth) {
    this.text += '['
    for (let index = 0; index < list.length; index += 1) {
      if (index > 0) this.text += ','
      this.value(list[index], `${path}/${index}`, depth - 1)
    }
    this.text += ']'
  }

  /** @param {object} object @param {string} path @param {number} depth */
  members(object, path, depth) {
    let separator = ''
    this.text += '{'
    for (const name of Object.keys(object)) {
      const value = /** @type {any} */ (object)[name]
      // As JSON.stringify does: an optional member that is not set is not there.
      if (value === undefined) continue
      this.text += separator
      separator = ','
      const place = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      this.string(name, place)
      this.text += ':'
      this.value(value, place, depth - 1)
    }
    this.text += '}'
  }

  /** @param {string} path @param {string} code @param {string} message */
  problem(path, code, message) {
    if (this.problems.length < 1000) this.problems.push({ path, code, message })
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
