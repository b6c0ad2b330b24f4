// @ts-check
// Classifies requests of the products' own APIs: finds the question that each of them asks.

import { checkString, itemsOf, membersOf, onlyMembersOf, runCallerCode, wrongType } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { VALUE_MAX, argumentJson } from './json.mjs'

/**
 * The question that a request of the product's own API asks; null if no route matches. The body of a `Request` is not read:
 * a route that depends on it is an error.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {any} request
 */
export function classify(instance, system, request) {
  checkString(system, 'the system')
  return questionOf(instance, system, partsOf(request))
}

/**
 * The same, with the body of a `Request`. A clone is read, so the caller can still read the request.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {any} request
 */
export async function classifyRequest(instance, system, request) {
  checkString(system, 'the system')
  const parts = partsOf(request)
  return questionOf(instance, system, parts.unread ? { ...parts, body: parsed(await textOf(parts.unread)), unread: undefined } : parts)
}

/** @typedef {{ method: string, path: string, query: unknown, body: unknown, unread?: Request }} Parts */

/** @param {import('./questions.mjs').Questions} instance @param {string} system @param {Parts} parts */
function questionOf(instance, system, { method, path, query, body, unread }) {
  checkString(method, 'the method')
  checkString(path, 'the path')
  const [place, written] = splitPath(path)
  const pairs = [...new URLSearchParams(written), ...pairsOf(query)]
  const text = argumentJson({ method, path: place, query: pairs, body: unread ? undefined : body })
  const question = instance.call((glue) => glue.classify(system, text))
  if (question === '') return null
  const { attributes, ...rest } = JSON.parse(question)
  return attributes === null ? rest : { ...rest, attributes }
}

/**
 * The parts of a request that routes use; `unread` is a `Request` that can have a body.
 * @param {any} request
 * @returns {Parts}
 */
function partsOf(request) {
  const [method, path, query, body, url, clone] = membersOf(request, 'the request', ['method', 'path', 'query', 'body', 'url', 'clone'])
  if (path !== undefined || typeof url !== 'string' || typeof clone !== 'function') {
    // The requests of a framework have `url` among many other members.
    if (url === undefined) onlyMembersOf(request, 'the request', ['method', 'path', 'query', 'body'])
    return { method, path, query, body: body ?? null }
  }
  const { pathname, search } = runCallerCode('the address of the request', () => new URL(url))
  // Where a runtime does not query bodies, every request may have one.
  return { method, path: pathname + search, query: undefined, body: null, unread: body === null ? undefined : request }
}

/** A path and its query. @param {string} path */
function splitPath(path) {
  const at = path.indexOf('?')
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1).split('#', 1)[0]]
}

/** @param {Request} request */
async function textOf(request) {
  try {
    const reader = request.clone().body?.getReader()
    if (!reader) return await request.clone().text()
    const decoder = new TextDecoder()
    let text = ''
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true })
      if (text.length > VALUE_MAX) {
        reader.cancel().catch(() => {})
        throw new LatchworkError('too_large', `the body is larger than ${VALUE_MAX} characters`)
      }
    }
    return text + decoder.decode()
  } catch (cause) {
    throw cause instanceof LatchworkError ? cause : new LatchworkError('invalid_value', 'the body of the request can not be read, or was read already', undefined, cause)
  }
}

/** The JSON value of a body; null for an empty body. @param {string} text */
function parsed(text) {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LatchworkError('malformed_json', 'the body of the request is no JSON document: give `classify` its value as `body`', undefined, cause)
  }
}

/**
 * The query parameters. One that is not text is rejected, because a route can depend on it.
 * @param {any} query
 * @returns {[string, string][]}
 */
function pairsOf(query) {
  if (query === undefined) return []
  const isIterable = typeof query === 'object' && query !== null && runCallerCode('the query', () => Symbol.iterator in query)
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
  return runCallerCode('the query', () => Object.entries(query))
}
