// @ts-check
// Writes tests/vectors/decisions.json: records, their digests, and packed answers to questions about them, as the built
// package gives them now. Digests and decisions are public, so record again only for a change in CHANGELOG.md.
//
//   node tests/vectors/record.mjs             all models that the file has
//   node tests/vectors/record.mjs MODEL...    these models only; the file keeps what it has of the others
//
// The records are those of the case files, and mixtures of them. What is picked of a model depends on its cases alone:
// each model begins with the same seed.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import * as latchwork from 'latchwork'
import { questionsOf, withDefaults } from '../js/support/case-defaults.mjs'
import { products } from '../js/support/samples.mjs'
import { packedAnswer, subjectOf } from './packed.mjs'

/** How many mixtures each system has, and what each set of records is asked. */
const [MIXTURES, SUBJECTS, QUESTIONS] = [20, 3, 6]

const { classify, open, vocabulary } = /** @type {any} */ (latchwork)
const cases = new URL('../cases/', import.meta.url)
const file = new URL('decisions.json', import.meta.url)
/** @type {any[]} */
const before = JSON.parse(readFileSync(file, 'utf8'))
const known = [...new Set(before.map(({ system }) => system))]
const systems = process.argv.length > 2 ? process.argv.slice(2) : known
const wrong = systems.find((system) => !products.some((product) => product === system))
if (wrong !== undefined) throw new Error(`cannot record \`${wrong}\`, expected ${products.join(', ')}`)

let seed = 0
/** A number below `end`, by a linear congruential generator. @param {number} end */
function below(end) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * end)
}

/** Distinct items of a list. @template T @param {T[]} list @param {number} count @returns {T[]} */
function pickRandom(list, count) {
  return list.length === 0 ? [] : [...new Set(Array.from({ length: count }, () => list[below(list.length)]))]
}

/** @template T @param {T[]} list @returns {T[]} */
const distinct = (list) => [...new Map(list.map((item) => [JSON.stringify(item), item])).values()]

/** What names an item of a list in records. @param {any} item */
const nameOf = (item) => String(item?.id ?? item?.name ?? item?.email ?? JSON.stringify(item)).toLowerCase()

/** A mixture of records: most parts of their lists and maps, each name once. @param {any[]} several */
function mixture(several) {
  /** @type {any} */
  const records = {}
  for (const [name, value] of several.flatMap(Object.entries)) {
    if (Array.isArray(value)) {
      records[name] ??= []
      for (const item of value) if (below(5) > 0 && !records[name].some((/** @type {any} */ known) => nameOf(known) === nameOf(item))) records[name].push(item)
    } else if (typeof value === 'object' && value !== null) {
      records[name] = { ...Object.fromEntries(Object.entries(value).filter(() => below(5) > 0)), ...records[name] }
    } else {
      records[name] ??= value
    }
  }
  return records
}

/** Whether records are valid. @param {string} system @param {any} records */
function isValid(system, records) {
  try {
    open(system, records).dispose()
    return true
  } catch {
    return false
  }
}

/** @param {string} system @param {any} records @param {any[]} subjects @param {any[]} questions */
function recorded(system, records, subjects, questions) {
  const authorizer = open(system, records)
  const words = vocabulary(system)
  const answered = subjects.map((who) => {
    const subject = subjectOf(authorizer, who)
    return { who, digest: subject.digest, answers: questions.map((question) => packedAnswer(words, subject, question)) }
  })
  const { digest } = authorizer
  authorizer.dispose()
  return { system, records, digest, questions, subjects: answered }
}

/** All sets of records of a model. @param {string} system */
function recordedOf(system) {
  seed = 1
  /** @type {any[]} */
  const all = []
  const files = readdirSync(new URL(`${system}/`, cases)).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(new URL(`${system}/${name}`, cases), 'utf8')))
  /** @type {Map<string, any[]>} */
  const documents = new Map()
  for (const testCase of files.flatMap((file) => file.cases).filter((testCase) => testCase.ask)) {
    const given = JSON.stringify(withDefaults(system, testCase.given))
    const questions = questionsOf(classify, system, testCase).map(({ question }) => question)
    documents.set(given, [...(documents.get(given) ?? []), ...questions])
  }
  const pool = distinct([...documents.values()].flat())
  const askers = distinct(pool.map(({ role, subject }) => (role === undefined ? { user: subject ?? null } : { role })))
  const asked = distinct(pool.map(({ action, resource, attributes }) => [action, resource, attributes ?? null]))
  const ask = (/** @type {any} */ records, /** @type {any[]} */ own) => {
    const who = own.map(({ role, subject }) => (role === undefined ? { user: subject ?? null } : { role }))
    const what = own.map(({ action, resource, attributes }) => [action, resource, attributes ?? null])
    const subjects = distinct([...pickRandom(who, SUBJECTS), { user: null }, ...pickRandom(askers, SUBJECTS)])
    all.push(recorded(system, records, subjects, distinct([...pickRandom(what, QUESTIONS), ...pickRandom(asked, QUESTIONS)])))
  }
  const given = [...documents].map(([text, own]) => ({ records: JSON.parse(text), own })).filter(({ records }) => isValid(system, records))
  for (const { records, own } of given) ask(records, own)
  for (let count = 0, tries = 0; count < MIXTURES && tries < 1_000; tries += 1) {
    const parts = pickRandom(given, 4)
    const records = mixture(parts.map(({ records }) => records))
    if (parts.length < 2 || !isValid(system, records)) continue
    ask(records, parts.flatMap(({ own }) => own))
    count += 1
  }
  return all
}

const all = [...new Set([...known, ...systems])].sort().flatMap((system) => (systems.includes(system) ? recordedOf(system) : before.filter((entry) => entry.system === system)))
writeFileSync(file, `[\n${all.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`)
console.log(`${all.length} sets of records, ${all.flatMap(({ subjects }) => subjects.flatMap(({ answers }) => answers)).length} answers`)
