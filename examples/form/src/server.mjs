// @ts-check
// Serves the built page, and creates users. A client can send any body, so the server checks each one as the page does.
//
//     node src/server.mjs [FOLDER]

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize, resolve } from 'node:path'
import { validate } from 'latchwork/meuse'

const folder = resolve(process.argv[2] ?? 'dist')

/** The longest body, in characters. */
const BODY_MAX = 65_536

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST' && pathname === '/users') {
      const { value, problems } = await userOf(request)
      const [status, body] = value ? [201, { name: value.name }] : [400, { problems }]
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    } else {
      const file = join(folder, pathname === '/' ? 'index.html' : normalize(pathname))
      const content = await readFile(file)
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content)
    }
  } catch {
    response.writeHead(404).end()
  }
})

/**
 * The new user of a request, or all problems of its body.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<import('latchwork/meuse').Checked<{ name: string }>>}
 */
async function userOf(request) {
  try {
    let body = ''
    for await (const text of request.setEncoding('utf8')) {
      body += text
      if (body.length > BODY_MAX) throw new Error('the body is too large')
    }
    return validate('user.create', JSON.parse(body))
  } catch {
    return { problems: [{ path: '', code: 'wrong_type', message: `the body is not a JSON document of at most ${BODY_MAX} characters` }] }
  }
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`listening on http://127.0.0.1:${port}`)
})
