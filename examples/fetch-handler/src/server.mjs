// @ts-check
// The handler behind Node's HTTP server.

import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import handler from './handler.mjs'

const server = createServer(async (incoming, outgoing) => {
  try {
    const response = await handler.fetch(requestOf(incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
  } catch (error) {
    console.error(error)
    outgoing.writeHead(500).end()
  }
})

/** The request of the Fetch API. @param {import('node:http').IncomingMessage} incoming */
function requestOf(incoming) {
  const { method = 'GET', url = '/', headers } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? /** @type {ReadableStream} */ (Readable.toWeb(incoming)) : null
  const request = new Request(new URL(url, 'http://localhost'), /** @type {RequestInit} */ ({ method, body, duplex: 'half' }))
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, String(value))
  return request
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`listening on http://127.0.0.1:${port}`)
})
