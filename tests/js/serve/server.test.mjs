// @ts-check
// The server with broken, slow, huge and disconnected clients on a raw socket, and the requests that it passes on.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { after, test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { LIMITS, createHttpServer } from '../../../pkg/cli/server.mjs'

/** @type {import('node:http').Server[]} */
const servers = []
after(() => servers.forEach((server) => server.close().closeAllConnections()))

/**
 * Serves; the port, what was refused and why answers were cut.
 * @param {(request: Request) => Promise<Response>} fetch @param {Partial<typeof LIMITS>} [limits]
 */
async function serving(fetch, limits = {}) {
  /** @type {[string, string, number][]} */
  const refused = []
  /** @type {any[]} */
  const cut = []
  const { server, stop } = createHttpServer(fetch, {
    onRefused: (...request) => refused.push(request),
    onCut: (error) => cut.push(error),
    limits: { ...LIMITS, ...limits },
  })
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return { port: /** @type {import('node:net').AddressInfo} */ (server.address()).port, stop, refused, cut }
}

/** A connection, and all that came over it. @param {number} port @param {string | Uint8Array} [sent] */
function talk(port, sent) {
  const socket = connect(port, '127.0.0.1')
  const heard = { text: '' }
  socket.setEncoding('latin1').on('data', (text) => (heard.text += text)).on('error', () => {})
  if (sent) socket.write(sent)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  return {
    socket,
    heard,
    /** Waits until this was heard. @param {RegExp} pattern */
    async until(pattern) {
      for (const end = Date.now() + 5_000; !pattern.test(heard.text); ) {
        assert.ok(Date.now() < end, `heard ${JSON.stringify(heard.text)}`)
        await wait(5)
      }
    },
    /** Waits for the end of the connection; what was heard until then. */
    async end() {
      await Promise.race([closed, wait(5_000, undefined, { ref: false }).then(() => assert.fail(`still open, heard ${JSON.stringify(heard.text)}`))])
      return heard.text
    },
  }
}

/** A request with `Connection: close`. @param {string} line @param {string[]} headers */
const ask = (line, ...headers) => `${[`${line} HTTP/1.1`, 'Host: h', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`

/** Responds with what arrived of a request. @param {Request} request */
async function echo(request) {
  return Response.json({ method: request.method, url: request.url, headers: [...request.headers], body: await request.text() })
}

/** @param {string} text */
const bodyOf = (text) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))

const echoing = await serving(echo)

for (const [target, url] of [
  ['/', '/'],
  ['//a///b/', '//a///b/'],
  ['/_api/user/a%2Fb/%2e%2Ea/%zz', '/_api/user/a%2Fb/%2e%2Ea/%zz'],
  ['/a..b/...?../x/.', '/a..b/...?../x/.'],
  ['/@h:1/;a=b,c', '/@h:1/;a=b,c'],
  ['/?a=b?c&d=%20+\\', '/?a=b?c&d=%20+\\'],
  ['/a{b}|"', '/a%7Bb%7D|%22'],
]) {
  test(`the target ${target} is passed on as it was sent`, async () => {
    const { url: got } = bodyOf(await talk(echoing.port, ask(`GET ${target}`)).end())
    assert.equal(got, `http://h${url}`)
  })
}

for (const [target, url] of [
  ['http://i/_api/user?full=true', 'http://i/_api/user?full=true'],
  ['HTTP://I:8080//a%2Fb/', 'http://i:8080//a%2Fb/'],
  ['https://i/', 'https://i/'],
  ['http://[::1]:4174/a', 'http://[::1]:4174/a'],
  ['http://i', 'http://i/'],
  ['http://i?a=/../b', 'http://i/?a=/../b'],
  ['http://i/http://j/', 'http://i/http://j/'],
]) {
  test(`the target ${target} is passed on with its own host in place of the \`Host\` header`, async () => {
    const got = bodyOf(await talk(echoing.port, ask(`GET ${target}`)).end())
    assert.equal(got.url, url)
    assert.deepEqual(got.headers.filter((/** @type {string[]} */ [name]) => name === 'host'), [['host', /\/\/([^/?]+)/.exec(target)?.[1]]])
  })
}

test('a target with a host needs no `Host` header in HTTP/1.0', async () => {
  assert.equal(bodyOf(await talk(echoing.port, 'GET http://i/a HTTP/1.0\r\n\r\n').end()).url, 'http://i/a')
})

for (const [what, sent] of /** @type {[string, string][]} */ ([
  ['an address with a password', ask('GET http://root:tiger@h/')],
  ['an address with a user', ask('GET http://root@h/')],
  ['an address with a backslash before its host', ask('GET http://a\\@h/')],
  ['an address of another scheme', ask('GET ftp://h/')],
  ['an address of a WebSocket', ask('GET ws://h/')],
  ['an address without a host', ask('GET http:///a')],
  ['an address whose host is only a port', ask('GET http://:80/')],
  ['an address whose host is percent-encoded', ask('GET http://%68/')],
  ['an address whose host is not a number', ask('GET http://1.2.3.4.5/')],
  ['an address with dots', ask('GET http://h/a/../b')],
  ['an address with encoded dots', ask('GET http://h/%2e%2E/b')],
  ['an address with a backslash', ask('GET http://h/a\\b')],
  ['an address with a fragment', ask('GET http://h#b')],
  ['an address with a second host', ask('GET http://h/', 'Host: h')],
  ['an address beside a host that is none', 'GET http://h/ HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
  ['an address without a `Host`', 'GET http://h/ HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['the target of a whole server', ask('OPTIONS *')],
  ['a target without a path', ask('GET _api')],
  ['a question alone', ask('GET ?full=true')],
  ['a segment of one dot', ask('GET /a/./b')],
  ['a segment of two dots', ask('DELETE /_api/user/x/../root')],
  ['dots behind percent signs', ask('GET /a/%2E%2e')],
  ['dots at the end', ask('GET /a/..?b')],
  ['a backslash', ask('GET /a\\b')],
  ['a fragment', ask('GET /a#b')],
  ['another host twice', ask('GET /', 'Host: i')],
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
  ['a host that is no number', 'GET / HTTP/1.1\r\nHost: 1.2.3.4.5\r\nConnection: close\r\n\r\n'],
  ['a tunnel', 'CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a trace', ask('TRACE /')],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['an unknown method', ask('FROB /')],
  ['bytes that are no letters', ask('GET /ü')],
  ['no HTTP', 'hello\r\n\r\n'],
  ['a blank in the target', ask('GET /a b')],
  ['a length that is none', ask('POST /', 'Content-Length: x')],
  ['two lengths', `${ask('POST /', 'Content-Length: 1', 'Content-Length: 2')}ab`],
  ['a length and chunks', `${ask('POST /', 'Content-Length: 1', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ['a header without a colon', ask('GET /', 'nonsense')],
  ['a header on two lines', ask('GET /', 'a: b', ' c')],
])) {
  test(`${what} returns 400`, async () => {
    assert.match(await talk(echoing.port, sent).end(), /^HTTP\/1\.1 400 [^]*\r\n\r\n$/)
  })
}

test('refusals of the server itself are logged, and the server continues', async () => {
  assert.ok(echoing.refused.some(([method, path, status]) => method === 'TRACE' && path === '/' && status === 400))
  assert.deepEqual(echoing.cut, [])
  assert.match(await talk(echoing.port, ask('GET /')).end(), /^HTTP\/1\.1 200 /)
})

for (const [target, path] of [
  ['/a/../b?token=tiger', '/a/../b'],
  ['/a\\b#tiger', '/a\\b'],
  ['/mail/ann@example.org/..', '/mail/ann@example.org/..'],
  ['http://root:tiger@h/a?b', '/a'],
  ['http://root:tiger@h', ''],
  ['ftp://h//a', '//a'],
  ['*', '*'],
  [`/../${'x'.repeat(5_000)}`, `/../${'x'.repeat(996)}…`],
]) {
  test(`the log of the refused target ${target.slice(0, 30)} has its path without secrets`, async () => {
    const { port, refused } = await serving(echo)
    await talk(port, ask(`OPTIONS ${target}`)).end()
    assert.deepEqual(refused, [['OPTIONS', path, 400]])
  })
}

test('the log of a refused tunnel has its host and port without credentials', async () => {
  const { port, refused } = await serving(echo)
  for (const target of ['h:443', 'root:tiger@h:443']) await talk(port, `CONNECT ${target} HTTP/1.1\r\nHost: h\r\n\r\n`).end()
  assert.deepEqual(refused, [['CONNECT', 'h:443', 400], ['CONNECT', 'h:443', 400]])
})

test('headers that are too long return 431', async () => {
  assert.match(await talk(echoing.port, ask('GET /', `a: ${'x'.repeat(70_000)}`)).end(), /^HTTP\/1\.1 431 /)
})

test('method, headers and body are passed on as they were sent', async () => {
  const got = bodyOf(await talk(echoing.port, `${ask('PUT /', 'A: 1', 'a: 2', 'Content-Length: 3')}x\0y`).end())
  assert.equal(got.method, 'PUT')
  assert.equal(got.body, 'x\0y')
  assert.ok(got.headers.some((/** @type {string[]} */ header) => header.join() === 'a,1, 2'))
  assert.equal(bodyOf(await talk(echoing.port, `${ask('POST /', 'Transfer-Encoding: chunked')}1\r\na\r\n2\r\nbc\r\n0\r\n\r\n`).end()).body, 'abc')
})

test('HEAD returns the headers without a body, and a body of GET is ignored', async () => {
  const head = await talk(echoing.port, ask('HEAD /')).end()
  assert.match(head, /^HTTP\/1\.1 200 [^]*content-type: application\/json[^]*\r\n\r\n$/)
  const { socket, until, heard } = talk(echoing.port, 'GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: h\r\n\r\n')
  await until(/http:\/\/h\/a[^]*http:\/\/h\/b/)
  assert.equal(heard.text.match(/HTTP\/1\.1 200/g)?.length, 2)
  socket.destroy()
})

test('a client that expects `100 Continue` gets it if the body is read, and otherwise the response', async () => {
  const { socket, until, end } = talk(echoing.port, ask('POST /', 'Content-Length: 2', 'Expect: 100-continue'))
  await until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
  socket.write('ab')
  assert.match(await end(), /HTTP\/1\.1 200 /)
  const { port } = await serving(async () => new Response(null, { status: 413 }))
  const text = await talk(port, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n').end()
  assert.match(text, /^HTTP\/1\.1 413 [^]*connection: close/i)
  assert.match(await talk(echoing.port, ask('POST /', 'Content-Length: 2', 'Expect: cookies')).end(), /^HTTP\/1\.1 417 /)
})

/** A server with a directory that responds with 413. @param {Partial<typeof LIMITS>} [limits] */
const directory = (limits) => serving(createDirectory({ system: 'arangodb', store: memoryStore() }).fetch, limits)

test('a body over the limit returns 413 to a client that reads only after it sent all', async () => {
  const { port } = await directory()
  for (const headers of [`Content-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`, `Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(5)}0\r\n\r\n`]) {
    const { socket, until } = talk(port, `POST /_api/user HTTP/1.1\r\nHost: h\r\n${headers}GET /x HTTP/1.1\r\nHost: h\r\n\r\n`)
    await until(/^HTTP\/1\.1 413 [^]*HTTP\/1\.1 4\d\d/)
    socket.destroy()
  }
})

test('an endless body returns 413, and the connection ends', async () => {
  const { port } = await directory({ rest: { bytes: 200_000, time: 200 } })
  const { socket, end } = talk(port, 'POST /_api/user HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
  const part = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const pour = () => {
    while (!socket.destroyed && socket.write(part));
  }
  socket.on('drain', pour)
  pour()
  await end()
  const claimed = talk(port, 'POST /_api/user HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\nx')
  assert.match(await claimed.end(), /^HTTP\/1\.1 413 [^]*connection: close/i)
})

test('a client that sends its headers or body too slowly is disconnected', async () => {
  const { port } = await serving(echo, { headers: 100, request: 200 })
  const mute = talk(port)
  const slow = talk(port, 'GET / HTTP/1.1\r\nHost: h\r\n')
  const half = talk(port, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf')
  const drip = setInterval(() => slow.socket.write('a: b\r\n'), 20)
  try {
    assert.match(await slow.end(), /^HTTP\/1\.1 408 /)
    assert.match(await half.end(), /^HTTP\/1\.1 408 /)
    await mute.end()
  } finally {
    clearInterval(drip)
  }
})

test('a response is streamed at the speed of the client, and cancelled when the client disconnects', async () => {
  let made = 0
  /** @type {(reason?: unknown) => void} */
  let left = () => {}
  const leaving = new Promise((resolve) => (left = resolve))
  const { port, cut } = await serving(async () => new Response(new ReadableStream({
    pull(controller) {
      made += 1
      controller.enqueue(new Uint8Array(65_536))
    },
    cancel: () => left(),
  })))
  const { socket, until } = talk(port, ask('GET /'))
  await until(/\0/)
  socket.pause()
  let before = -1
  while (before !== made) {
    before = made
    await wait(100)
  }
  assert.ok(made < 1_000, `${made} parts were produced after the client disconnected`)
  socket.destroy()
  await leaving
  assert.deepEqual(cut, [])
})

test('a client that reads too slowly is disconnected', async () => {
  const { port } = await serving(async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })), { exchange: 100 })
  await talk(port, ask('GET /')).end()
})

test('a response that fails while it is sent is aborted, and one that fails before is a 500', async () => {
  const parts = (/** @type {number} */ whole) => {
    let made = 0
    return new Response(new ReadableStream({
      async pull(controller) {
        await wait(10)
        if ((made += 1) > whole) throw new Error('no more')
        controller.enqueue(new TextEncoder().encode('part'))
      },
    }, { highWaterMark: 0 }))
  }
  const { port, cut } = await serving(async (request) => parts(Number(new URL(request.url).search.slice(1))))
  const text = await talk(port, ask('GET /?3')).end()
  assert.match(text, /^HTTP\/1\.1 200 [^]*part/)
  assert.doesNotMatch(text, /\r\n0\r\n/)
  assert.match(await talk(port, ask('GET /?0')).end(), /^HTTP\/1\.1 500 /)
  assert.deepEqual(cut.map(({ message }) => message), ['no more', 'no more'])
})

test('a client that disconnects while it sends its body affects only its own request', async () => {
  /** @type {(error: unknown) => void} */
  let reportFailure = () => {}
  const failed = new Promise((resolve) => (reportFailure = resolve))
  const { port } = await serving(async (request) => new Response(await request.text().catch((error) => (reportFailure(error), ''))))
  const { socket } = talk(port, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf')
  await wait(50)
  socket.destroy()
  assert.match(String(await failed), /disconnected before/)
  assert.match(await talk(port, ask('GET /')).end(), /^HTTP\/1\.1 200 /)
})

test('connections above the limit are refused, and those below it are served', async () => {
  const { port } = await serving(echo, { connections: 2 })
  const [one, two] = [talk(port), talk(port)]
  await Promise.all([once(one.socket, 'connect'), once(two.socket, 'connect')])
  assert.equal(await talk(port, ask('GET /')).end(), '')
  one.socket.write(ask('GET /'))
  assert.match(await one.end(), /^HTTP\/1\.1 200 /)
  two.socket.destroy()
})

test('stopping refuses new connections, finishes requests, closes idle connections and aborts late ones', async () => {
  /** @type {() => void} */
  let finish = () => {}
  const finishing = new Promise((resolve) => (finish = () => resolve(undefined)))
  const { port, stop } = await serving(async (request) => {
    if (request.url.endsWith('/slow')) await finishing
    if (request.url.endsWith('/never')) await new Promise(() => {})
    return new Response('done')
  }, { stopping: 300 })
  const keep = (/** @type {string} */ path) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`
  const idle = talk(port, keep('/'))
  await idle.until(/done$/)
  const [slow, never] = [talk(port, keep('/slow')), talk(port, keep('/never'))]
  await wait(50)
  const stopped = stop()
  await idle.end()
  assert.equal(await talk(port, keep('/')).end(), '')
  finish()
  assert.match(await slow.end(), /^HTTP\/1\.1 200 [^]*connection: close[^]*done$/i)
  assert.equal(await never.end(), '')
  await stopped
})
