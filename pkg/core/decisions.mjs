// @ts-check
// The recent decisions of an instance: a question that is asked again is answered without a call into WebAssembly.
// Its size is fixed, so no caller can make it grow.

/** How many names of resources have a number at the same time, and the longest of them. */
const NAMES_MAX = 4096
const NAME_LENGTH = 64

/** A name gets a number when it is asked about again while its mark is among so many: names that are asked about once do not displace others. */
const MARKS = 4096

/** One more than the largest number of a name: a question is that number and the code of an action, in 31 bits. */
const NUMBERS = 1 << 23

/** A slot has the handle of a subject, a question, and the packed decision; the fourth place is for alignment. */
const SLOTS = 1 << 16
const SLOT_SHIFT = 2

/** 2^32 divided by the golden ratio: it also mixes hashes, and subjects whose handles follow each other get runs of slots that hardly overlap. */
const GOLDEN = 0x9e37_79b9
const ACTION_STRIDE = 1021

const NOTHING = new Int32Array(0)

/** There is no recent decision. */
export const UNKNOWN = -1

export class Decisions {
  /** The numbers of the names, from 1 on. @type {Map<string, number>} */
  #numbers = new Map()
  #lastNumber = 0
  /** That of the name that was looked for last. @type {number | undefined} */
  #number
  /** Hashes of names without a number. */
  #marks = NOTHING
  /** Made, as the marks are, when the first decision is stored. */
  #table = NOTHING

  /**
   * The packed decision, or `UNKNOWN`.
   * @param {number} handle of the subject, as a signed number @param {number} code of the action @param {string} resource
   */
  findDecision(handle, code, resource) {
    const number = resource.length <= NAME_LENGTH ? this.#numbers.get(resource) : undefined
    this.#number = number
    if (number === undefined) return UNKNOWN
    const slot = slotOf(handle, code, number)
    const table = this.#table
    return table[slot] === handle && table[slot + 1] === ((number << 8) | code) ? table[slot + 2] : UNKNOWN
  }

  /**
   * Stores the decision that was not found.
   * @param {number} handle @param {number} code @param {string} resource @param {number} packed
   * @param {Int32Array} words whose first bytes are the resource @param {number} length of the resource in bytes
   */
  store(handle, code, resource, packed, words, length) {
    if (resource.length > NAME_LENGTH) return
    const number = this.#number ?? this.#numbered(resource, hash(words, length))
    if (number === undefined) return
    const slot = slotOf(handle, code, number)
    const table = this.#table
    // In this order, wherever an exception ends it, no decision is taken for that of another question.
    table[slot + 1] = 0
    table[slot] = handle
    table[slot + 2] = packed
    table[slot + 1] = (number << 8) | code
  }

  /** Forgets all decisions. */
  clear() {
    // Decisions about a name without a number are not found again.
    this.#numbers.clear()
  }

  /** A number for a name that was asked about before. @param {string} resource @param {number} mark */
  #numbered(resource, mark) {
    if (this.#table === NOTHING) {
      this.#marks = new Int32Array(MARKS)
      this.#table = new Int32Array(SLOTS << SLOT_SHIFT)
    }
    const place = mark & (MARKS - 1)
    if (this.#marks[place] !== mark) {
      this.#marks[place] = mark
      return undefined
    }
    if (this.#numbers.size >= NAMES_MAX) this.clear()
    if (this.#lastNumber === NUMBERS - 1) {
      this.clear()
      this.#table.fill(0)
      this.#lastNumber = 0
    }
    const number = (this.#lastNumber += 1)
    this.#numbers.set(resource, number)
    return number
  }
}

/** Of bytes in words: by units of a string it takes four times as long. @param {Int32Array} words @param {number} length in bytes */
function hash(words, length) {
  const whole = length >> 2
  let state = length
  for (let at = 0; at < whole; at += 1) state = mixed(state ^ words[at])
  // What lies behind the last byte is of another name.
  return mixed(state ^ (words[whole] & ~(-1 << ((length & 3) << 3))))
}

/** @param {number} state */
const mixed = (state) => {
  const product = Math.imul(state, GOLDEN)
  return product ^ (product >>> 15)
}

/** @param {number} handle @param {number} code @param {number} number */
const slotOf = (handle, code, number) => (((Math.imul(handle, GOLDEN) >>> 16) + Math.imul(code, ACTION_STRIDE) + number) & (SLOTS - 1)) << SLOT_SHIFT
