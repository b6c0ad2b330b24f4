// @ts-check
// Random documents with one type of resources, and the result of `can` for a row.

import assert from 'node:assert/strict'
import { LatchworkError } from 'latchwork/rbac/server'
import { ATTRIBUTES, NUMBERS, TEXTS } from './random-filters.mjs'
import { attributeOf } from './sqlite.mjs'

/** @typedef {import('./random-filters.mjs').Random} Random */

/** The actions that are asked for. */
export const ACTIONS = /** @type {const} */ (['read', 'write', 'publish'])

/** The options of each question. */
export const OPTIONS = { context: { level: 7 } }

const WORDS = ['acme', 'ACME', 'globex', 'ann', '42', '7', "o'k"]
const PATTERNS = ['**', '*/docs/*', 'acme/docs/*', 'acme/**', '{subject}/docs/*', '*/docs/42', '*/docs/{subject}', 'globex/docs/7', 'acme/docs/acme']
const LEFT = ['resource.org', 'resource.id', 'resource.path', ...Object.keys(ATTRIBUTES), 'subject.teams', 'subject.id', 'subject.limit', 'context.level']
const RIGHT = [...LEFT, 'action.name']

/** @param {Random} random @returns {any} */
function side(random) {
  const value = () => random.pick([...WORDS, ...TEXTS.slice(0, 5), ...NUMBERS, true, false])
  return random.pick([value, value, () => random.list(1 + random.below(3), value), () => ({ ref: random.pick(RIGHT) })])()
}

/** @param {Random} random */
function condition(random) {
  const bound = () => (random.chance(0.6) ? random.pick(NUMBERS) : { ref: random.pick(['subject.limit', 'context.level', 'resource.total', 'resource.count', 'resource.scores', 'resource.meta.total']) })
  switch (random.below(4)) {
    case 0:
      return { not: side(random) }
    case 1:
      return random.pick([() => ({ atLeast: bound() }), () => ({ atMost: bound() }), () => ({ atLeast: bound(), atMost: bound() })])()
    default:
      return side(random)
  }
}

/** @param {Random} random @returns {any} */
const conditions = (random) => random.list(1 + random.below(2), () => Object.fromEntries(random.list(1 + random.below(2), () => [random.pick(LEFT), condition(random)])))

/** @param {Random} random */
function grants(random) {
  const grant = () => (random.chance(0.3) ? random.pick(['read', 'write', 'publish']) : { allow: random.pick(['read', 'write', ['publish', 'edit']]), when: conditions(random) })
  return Object.fromEntries(random.list(1 + random.below(3), () => [random.pick(PATTERNS), grant()]))
}

/** @param {Random} random */
function limits(random) {
  const limit = () => ({ ...random.pick([{ level: 'none' }, { level: 'read' }, { deny: ['publish'] }, { deny: ['write', 'edit'] }]), ...(random.chance(0.8) && { unless: conditions(random) }) })
  return Object.fromEntries(random.list(random.below(3), () => [random.pick(PATTERNS), limit()]))
}

/** @param {Random} random */
export const randomDocument = (random) => ({
  actions: { edit: 'write', publish: null },
  resources: { doc: '{org}/docs/{id}' },
  roles: { one: { grants: grants(random) }, two: { inherits: ['one'], grants: { 'docs/*': random.pick(['read', 'write']) } } },
  everyone: { grants: random.chance(0.3) ? grants(random) : {} },
  users: { ann: { roles: random.chance(0.5) ? [{ role: 'two', scope: random.pick(['acme', 'globex']) }, 'one'] : ['one'], grants: grants(random), attributes: { teams: random.list(random.below(3), () => random.pick(WORDS)), limit: random.pick(NUMBERS) } } },
  limits: limits(random),
})

/** The attributes of a row, as `can` takes them: without what JSON cannot say. @param {any} mapping @param {any} row */
export function attributesOf(mapping, row) {
  /** @type {any} */
  const attributes = { meta: attributeOf(mapping, row, 'resource.meta') }
  for (const ref of Object.keys(ATTRIBUTES)) if (!ref.startsWith('resource.meta')) attributes[ref.slice(9)] = attributeOf(mapping, row, ref)
  return JSON.parse(JSON.stringify(attributes))
}

/** @param {any} subject @param {string} action @param {any} row @param {any} attributes */
export function allows(subject, action, row, attributes) {
  try {
    return subject.can(action, { type: 'doc', org: row['resource.org'], id: row['resource.id'] }, attributes, OPTIONS)
  } catch (error) {
    // A part that is missing, empty or has a slash.
    assert.ok(error instanceof LatchworkError && ['unknown_resource', 'invalid_value'].includes(error.code), String(error))
    return false
  }
}
