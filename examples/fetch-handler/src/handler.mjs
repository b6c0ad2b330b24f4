// @ts-check
// A fetch handler that asks before it responds. It needs no server of its own: `export default { fetch }` is a worker.

import { policy } from './policy.mjs'

/** The users of your sessions. @type {Map<string, string>} */
const sessions = new Map([
  ['token-of-ann', 'ann'],
  ['token-of-ben', 'ben'],
])

/** @typedef {{ author: string, text: string }} Article */

/** Your database. @type {Map<string, Article>} */
const articles = new Map([
  ['welcome', { author: 'ann', text: 'Welcome.' }],
  ['news', { author: 'ann', text: 'The sun shines.' }],
  ['terms', { author: 'ann', text: 'Be kind.' }],
])

/** The user of a request: `null` is anonymous. @param {Request} request */
function userOf(request) {
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ')
  return (scheme === 'Bearer' && sessions.get(token)) || null
}

/** @param {Request} request @returns {Promise<Response>} */
async function fetch(request) {
  const { pathname } = new URL(request.url)
  const user = userOf(request)
  if (pathname === '/permissions') return permissions(request, user)

  const [, name] = /^\/articles\/([a-z]+)$/.exec(pathname) ?? []
  const action = { GET: /** @type {const} */ ('read'), PUT: /** @type {const} */ ('edit') }[request.method]
  if (name === undefined || action === undefined) return new Response('not found', { status: 404 })

  // The attributes come from the stored article, not from the request. A new article belongs to its creator.
  const article = articles.get(name)
  const author = article?.author ?? user ?? undefined
  const { allow, text } = policy.explain({ subject: user, action, resource: { type: 'article', name }, attributes: { author } })
  if (!allow) return new Response(text, { status: user === null ? 401 : 403 })

  if (action === 'read') return new Response(article?.text ?? 'not found', { status: article ? 200 : 404 })
  articles.set(name, { author: author ?? '', text: await request.text() })
  return new Response('saved')
}

/** The part of the policy that the page of a user needs. @param {Request} request @param {string | null} user */
function permissions(request, user) {
  const etag = `"${policy.subject(user).digest}"`
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return Response.json({ id: user, document: policy.slice(user) }, { headers })
}

export default { fetch }
