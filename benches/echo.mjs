// @ts-check
// A bare `node:http` server in a process of its own, beside which requests to the directory are measured.

import { fork } from 'node:child_process'
import { Agent, createServer, get } from 'node:http'
import { fileURLToPath } from 'node:url'

/** Connections that are asked at once, so that the server does not wait between two requests. */
const CONNECTIONS = 16
/** Requests of a round. */
const REQUESTS = 3_000

if (process.argv[2] === 'serve') serve()

function serve() {
  // Connections stay open between two rounds.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(request.url === '/cpu' ? JSON.stringify(process.cpuUsage()) : '{"a":1}')
  })
  process.on('disconnect', () => process.exit())
  server.listen(0, '127.0.0.1', () => process.send?.(/** @type {any} */ (server.address()).port))
}

/** Starts the server. `round` measures the microseconds of its CPU for one request. */
export async function startEcho() {
  const child = fork(fileURLToPath(import.meta.url), ['serve'])
  const port = await new Promise((resolve) => child.once('message', resolve))
  const agent = new Agent({ keepAlive: true })
  const text = (/** @type {string} */ path) => new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => resolve(body))
    }).on('error', reject)
  })
  const cpu = async () => {
    const { user, system } = JSON.parse(String(await text('/cpu')))
    return user + system
  }
  async function round() {
    const before = await cpu()
    let left = REQUESTS
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while ((left -= 1) >= 0) await text('/')
    }))
    return ((await cpu()) - before) / REQUESTS
  }
  await round()
  return {
    round,
    stop() {
      agent.destroy()
      child.kill()
    },
  }
}
