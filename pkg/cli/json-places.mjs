// @ts-check
// Maps JSON pointers to lines and columns of a JSON text.

import { escaped } from '../testing/json-pointer.mjs'
import { visitPlaces } from './json-place.mjs'

/** A line and a column, from 1; columns count characters. @typedef {{ line: number, column: number }} Position */

/** The positions in a JSON text without duplicate members. */
export class Places {
  #text
  /** The offset of each member's name and each item, by its pointer. @type {Map<string, number> | undefined} */
  #offsets
  /** The offset of each line. @type {number[] | undefined} */
  #lines

  /** @param {string} text */
  constructor(text) {
    this.#text = text
  }

  /**
   * The position of a member's name or of an item. For a missing member it is the position of the value that lacks it.
   * @param {string} pointer
   * @returns {Position}
   */
  placeOf(pointer) {
    this.#offsets ??= offsetsIn(this.#text)
    for (let rest = pointer; rest !== ''; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('/')))) {
      const offset = this.#offsets.get(rest)
      if (offset !== undefined) return this.#positionOf(offset)
    }
    return { line: 1, column: 1 }
  }

  /** @param {number} offset */
  #positionOf(offset) {
    this.#lines ??= [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)]
    let [low, high] = [0, this.#lines.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#lines[middle] <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: [...this.#text.slice(this.#lines[low], offset)].length + 1 }
  }
}

/** @param {string} text @returns {Map<string, number>} */
function offsetsIn(text) {
  /** @type {Map<string, number>} */
  const offsets = new Map()
  visitPlaces(text, (names, at) => offsets.set(names.map((name) => `/${escaped(String(name))}`).join(''), at))
  return offsets
}
