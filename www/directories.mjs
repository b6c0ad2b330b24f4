// @ts-check
// Directories that pages open on the server. `PUT /ID` opens one on records, `POST /ID` sends it a request and returns
// the whole response as JSON, and everything below `/ID/` is the product's own API, for curl. The page chooses the ID at
// random, so it is also the secret that separates the directories of different visitors.

import { openDirectory } from './directory.mjs'
import { Refusal, jsonResponse, memberProblems, readJson, responseOf } from './http.mjs'

/** If there are more, the one whose last request is the oldest is discarded. */
const DIRECTORIES_MAX = 64

/** In the order of their last requests. @type {Map<string, Awaited<ReturnType<typeof openDirectory>>>} */
const directories = new Map()

export default {
  /** @param {Request} request */
  fetch: (request) => responseOf(() => route(request)),
}

/** @param {Request} request */
async function route(request) {
  const { pathname, search } = new URL(request.url)
  const [, id = '', path] = /^\/([0-9a-f]{32})(\/.*)?$/.exec(pathname) ?? []
  if (id === '') throw new Refusal(404, 'not_found', 'expected a path that begins with the ID of a directory: 32 hexadecimal digits')
  if (path !== undefined) return directoryOf(id).fetch(at(request, path + search))
  if (request.method === 'PUT') return open(id, await jsonOf(request))
  if (request.method === 'POST') return send(id, await jsonOf(request))
  throw new Refusal(405, 'method_not_allowed', `expected PUT or POST, got ${request.method}`, { headers: { allow: 'PUT, POST' } })
}

/**
 * Pages of other sites can send JSON only as another type of content, without a preflight request.
 * @param {Request} request
 */
async function jsonOf(request) {
  if (request.headers.get('content-type') !== 'application/json') throw new Refusal(415, 'unsupported_type', 'expected the content type application/json')
  return readJson(request)
}

/** @param {string} id @param {any} value */
async function open(id, value) {
  check(value, ['system', 'records', 'publicUrl'], [])
  const { system, records, publicUrl } = value
  const opened = await openDirectory({ system, records, publicUrl, id })
  directories.delete(id)
  directories.set(id, opened)
  const [oldest] = directories.keys()
  if (directories.size > DIRECTORIES_MAX) directories.delete(oldest)
  return new Response(null, { status: 204 })
}

/** @param {string} id @param {any} request */
async function send(id, request) {
  check(request, ['method', 'path', 'headers'], ['body', 'seconds'])
  if (!isRequest(request)) throw new Refusal(400, 'invalid_request', 'expected a method, a path that begins with `/`, headers as pairs of texts, a body as a text and seconds as a number')
  return jsonResponse(200, await directoryOf(id).send(request))
}

/** @param {any} request */
function isRequest({ method, path, headers, body = '', seconds = 0 }) {
  try {
    new Headers(headers)
  } catch {
    return false
  }
  return typeof method === 'string' && /^[A-Za-z]+$/.test(method) && typeof path === 'string' && path.startsWith('/') && Array.isArray(headers) && typeof body === 'string' && Number.isFinite(seconds)
}

/** @param {string} id */
function directoryOf(id) {
  const directory = directories.get(id)
  if (!directory) throw new Refusal(404, 'unknown_directory', 'the directory is not open, or was discarded')
  directories.delete(id)
  directories.set(id, directory)
  return directory
}

/** @param {any} value @param {string[]} required @param {string[]} optional */
function check(value, required, optional) {
  const problems = memberProblems('', value, required, optional)
  if (problems.length > 0) throw new Refusal(400, 'invalid_request', `expected { ${required.join(', ')} }`, { problems })
}

/** The same request at another path. @param {Request} request @param {string} path */
function at(request, path) {
  return new Request(new URL(path, request.url), request)
}
