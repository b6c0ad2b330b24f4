// @ts-check
// Responses of `latchwork serve` in a terminal: JSON ends with a line break, and nothing else is changed.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { createHttpServer } from '../../../pkg/cli/server.mjs'

const JSON_TEXT = 'application/json; charset=utf-8'

/** A body that is sent in these parts. @param {string[]} parts */
const streamed = (parts) =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
      controller.close()
    },
  })

/** What a handler returns by path: the body, its type, and what a client receives. @type {{ [path: string]: [body: any, type: string, received: string] }} */
const RESPONSES = {
  '/json': ['{"a":1}', JSON_TEXT, '{"a":1}\n'],
  '/scim': ['{"a":1}', 'application/scim+json', '{"a":1}\n'],
  '/ended': ['{"a":1}\n', JSON_TEXT, '{"a":1}\n'],
  '/parts': [streamed(['[1', ',2', ']']), JSON_TEXT, '[1,2]\n'],
  '/ended-parts': [streamed(['[1', ',2', ']\n']), JSON_TEXT, '[1,2]\n'],
  '/text': ['a', 'text/plain', 'a'],
  '/xml': ['<a/>', 'application/xml', '<a/>'],
  '/jsonp': ['a(1)', 'application/jsonp', 'a(1)'],
  '/empty': ['', JSON_TEXT, ''],
  '/none': [null, JSON_TEXT, ''],
}

const { server, stop } = createHttpServer(async ({ url }) => {
  const [body, type] = RESPONSES[new URL(url).pathname]
  return new Response(body, { headers: { 'content-type': type } })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(stop)
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

for (const [path, [, type, received]] of Object.entries(RESPONSES)) {
  test(`${path}: the response of type ${type} ends as it should in a terminal`, async () => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    assert.equal(await response.text(), received)
    const length = response.headers.get('content-length')
    if (length !== null) assert.equal(Number(length), received.length)
  })
}

test('the response to HEAD has no body', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/json`, { method: 'HEAD' })
  assert.equal(await response.text(), '')
})
