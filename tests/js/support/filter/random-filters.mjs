// @ts-check
// Random filters of every form that `subject.filter` returns, over shapes and attributes of a list. A seed gives the same ones.

/** @param {number} seed @returns {() => number} from 0 to 1 */
export function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Choices of one generator. */
export class Random {
  #next
  /** @param {number} seed */
  constructor(seed) {
    this.#next = generator(seed)
  }

  /** @param {number} end @returns {number} a whole number below */
  below(end) {
    return Math.floor(this.#next() * end)
  }

  /** @param {number} probability */
  chance(probability) {
    return this.#next() < probability
  }

  /** @template T @param {readonly T[]} items @returns {T} */
  pick(items) {
    return items[this.below(items.length)]
  }

  /** @template T @param {number} length @param {() => T} make @returns {T[]} */
  list(length, make) {
    return Array.from({ length }, make)
  }
}

/** Texts that databases compare in other ways than by bytes, end early, or take for numbers. */
export const TEXTS = ['acme', 'ACME', 'acme ', 'acme', 'globex', '', 'a/b', '/', 'é', 'e\u0301', '\u{1f600}', "o'k", 'a"b', 'a\\b', 'a`b', '42', '042', '42.0', '7', '9007199254740993', 'true', '1', '\n', '%', '_', '$1', '?', '{}', 'NULL']

export const NUMBERS = [0, 1, -1, 42, 7, 2.5, -2.5, 0.1, 1e-7, 1e15, 2 ** 53 - 1, -(2 ** 53 - 1)]

/** Numbers that are not values of the model. */
export const NOT_EXACT = [2 ** 53, -(2 ** 53), 1e300, -1e300, Infinity, -Infinity]

export const SHAPES = [
  [{ part: 'org' }, 'docs', { part: 'id' }],
  [{ part: 'id' }],
  ['a b', "it's", { part: 'id' }],
  [{ part: 'org' }, { part: 'id' }],
  ['x', { part: 'org' }, 'y'],
]

/** Attributes and what they usually hold. */
export const ATTRIBUTES = /** @type {const} */ ({
  'resource.owner': 'text',
  'resource.creator': 'text',
  'resource.total': 'number',
  'resource.count': 'number',
  'resource.public': 'boolean',
  'resource.tags': 'text',
  'resource.scores': 'number',
  'resource.flags': 'boolean',
  'resource.meta.owner': 'text',
  'resource.meta.total': 'number',
  'resource.meta.a.b': 'any',
  'resource.any': 'any',
})

/** @typedef {{ type: string, shape: any[], where: any }} Filter */

/** @param {Random} random @param {readonly string[]} texts @returns {Filter} */
export function randomFilter(random, texts = TEXTS) {
  const shape = random.pick(SHAPES)
  const parts = shape.flatMap((segment) => (typeof segment === 'string' ? [] : [`resource.${segment.part}`]))
  return { type: 'doc', shape, where: new Expressions(random, parts, texts, shape).expression(3) }
}

class Expressions {
  /** @param {Random} random @param {string[]} parts @param {readonly string[]} texts @param {any[]} shape */
  constructor(random, parts, texts, shape) {
    this.random = random
    this.parts = parts
    this.texts = texts
    this.shape = shape
  }

  /** @param {number} depth @returns {any} */
  expression(depth) {
    const { random } = this
    if (random.chance(0.02)) return random.chance(0.5)
    return this.inner(depth)
  }

  /** @param {number} depth @returns {any} */
  inner(depth) {
    const { random } = this
    if (depth > 0 && random.chance(0.5)) {
      const list = () => random.list(2 + random.below(2), () => this.inner(depth - 1))
      return random.pick([() => ({ all: list() }), () => ({ any: list() }), () => ({ not: this.inner(depth - 1) })])()
    }
    return this.comparison()
  }

  ref() {
    const { random } = this
    return random.chance(0.15) ? 'resource.path' : random.pick(random.chance(0.25) ? this.parts : Object.keys(ATTRIBUTES))
  }

  /** An attribute that usually holds numbers. A part never does. */
  numeric() {
    const { random } = this
    if (random.chance(0.1)) return random.pick(this.parts)
    return random.chance(0.85) ? random.pick(Object.entries(ATTRIBUTES).filter(([, kind]) => kind !== 'text' && kind !== 'boolean'))[0] : this.ref()
  }

  comparison() {
    const { random } = this
    const bound = () => (random.chance(0.6) ? random.pick(NUMBERS) : { ref: this.numeric() })
    /** @param {() => unknown} one */
    const bounds = (one) => random.pick([() => ({ atLeast: one() }), () => ({ atMost: one() }), () => ({ atLeast: one(), atMost: one() })])()
    switch (random.below(6)) {
      case 0:
      case 1: {
        const attribute = this.ref()
        return { attribute, equals: this.operand(attribute) }
      }
      case 2:
      case 3: {
        const attribute = this.ref()
        return { attribute, differs: this.operand(attribute) }
      }
      case 4:
        return { attribute: this.numeric(), between: bounds(bound) }
      default:
        return { attribute: this.numeric(), single: bounds(() => random.pick(NUMBERS)) }
    }
  }

  /** @param {string} attribute */
  operand(attribute) {
    const { random } = this
    if (random.chance(0.25)) return { ref: this.ref() }
    // One of the last texts, which a caller chooses for what its database does not store or compare.
    if (random.chance(0.05)) return [random.pick(this.texts.slice(-4))]
    const mixed = random.chance(0.1)
    const kind = /** @type {any} */ (ATTRIBUTES)[attribute] ?? 'text'
    const values = random.list(random.chance(0.05) ? 60 : 1 + random.below(4), () => this.value(random.chance(mixed ? 0.5 : 0.95) ? kind : 'any', attribute))
    return mixed ? values : values.filter((value) => typeof value === typeof values[0])
  }

  /** @param {string} kind @param {string} attribute @returns {string | number | boolean} */
  value(kind, attribute) {
    const { random } = this
    if (kind === 'any') return this.value(random.pick(['text', 'number', 'boolean']), attribute)
    if (kind === 'number') return random.pick(NUMBERS)
    if (kind === 'boolean') return random.chance(0.5)
    if (attribute === 'resource.path' && random.chance(0.9)) return this.shape.map((segment) => (typeof segment === 'string' ? segment : random.pick(random.chance(0.3) ? ['42', '7', '1'] : this.texts.slice(0, 6)))).join('/')
    return random.pick(random.chance(0.5) ? this.texts.slice(0, 5) : this.texts)
  }
}
