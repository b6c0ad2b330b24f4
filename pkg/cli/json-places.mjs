// @ts-check
// Maps JSON pointers to lines and columns of a JSON text.

import { escaped } from '../testing/json-pointer.mjs'
import { visitPlaces } from './json-place.mjs'
import { oneLine } from './text.mjs'

/** How much of a name a message shows. */
const NAME_SHOWN = 40

/** A line and a column, from 1; columns count characters. @typedef {{ line: number, column: number }} Position */

/** The positions in a JSON text. Of duplicate members, the last one counts, as in `JSON.parse`. */
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

  /** A problem for each member whose object had its name before. @returns {import('./mistake.mjs').Problem[]} */
  duplicates() {
    /** @type {import('./mistake.mjs').Problem[]} */
    const found = []
    visitPlaces(this.#text, (names, at, isRepeated) => {
      if (isRepeated) found.push({ ...this.#positionOf(at), path: pointerTo(names), code: 'duplicate', message: `\`${oneLine(String(names.at(-1)).slice(0, NAME_SHOWN))}\` is repeated in this object` })
    })
    return found
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

/** @param {readonly (string | number)[]} names */
const pointerTo = (names) => names.map((name) => `/${escaped(String(name))}`).join('')

/** @param {string} text @returns {Map<string, number>} */
function offsetsIn(text) {
  /** @type {Map<string, number>} */
  const offsets = new Map()
  visitPlaces(text, (names, at, isRepeated) => {
    const pointer = pointerTo(names)
    if (isRepeated) for (const inside of [...offsets.keys()].filter((other) => other.startsWith(`${pointer}/`))) offsets.delete(inside)
    offsets.set(pointer, at)
  })
  return offsets
}
