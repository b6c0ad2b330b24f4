// @ts-check
// Requests of the products' own APIs: which question each of them asks.

import { checkString, itemsOf, membersOf, reading, wrongType } from './argument.mjs'
import { call } from './instance.mjs'
import { VALUE_MAX, argumentJson } from './json.mjs'

/**
 * The question that a request of the product's own API asks; null when no route has it.
 * @param {string} system
 * @param {any} request
 */
export function classify(system, request) {
  checkString(system, 'the system')
  const [method, path, query, body = null] = membersOf(request, 'the request', ['method', 'path', 'query', 'body'])
  checkString(method, 'the method')
  checkString(path, 'the path')
  const text = argumentJson({ method, path, query: pairsOf(query), body })
  const question = call((doors) => doors.classify(system, text))
  if (question === '') return null
  const { attributes, ...rest } = JSON.parse(question)
  return attributes === null ? rest : { ...rest, attributes }
}

/**
 * The query parameters. One that is not text is refused, not passed over: a route may depend on it.
 * @param {any} query
 */
function pairsOf(query) {
  if (query === undefined) return []
  const isIterable = typeof query === 'object' && query !== null && reading('the query', () => Symbol.iterator in query)
  const pairs = itemsOf(isIterable ? query : entriesOf(query), 'the query', VALUE_MAX)
  return pairs.map((pair) => {
    const [name, value] = itemsOf(pair, 'a query parameter', 2)
    if (typeof name !== 'string') throw wrongType('the name of a query parameter', 'a string', name)
    if (typeof value !== 'string') throw wrongType('the value of a query parameter', 'a string', value)
    return [name, value]
  })
}

/** @param {any} query */
function entriesOf(query) {
  if (typeof query !== 'object' || query === null) throw wrongType('the query', 'a list or an object', query)
  return reading('the query', () => Object.entries(query))
}
