// @ts-check
// The server of the playground: what `npm start` prints, and a directory that a page opens there, called by curl.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { curlOf } from '../../../www/page/directory/exchange.mjs'

test('the server prints one address, and an opened directory responds to a copied curl command', async () => {
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../../www/serve.mjs', import.meta.url)), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  /** @type {string[]} */
  const lines = []
  const output = createInterface({ input: server.stdout }).on('line', (line) => lines.push(line))
  try {
    await once(output, 'line')
    const [, address] = /^latchwork demo: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(lines[0]) ?? assert.fail(lines[0])
    const directory = `${address}directories/${'a'.repeat(32)}`
    const records = { users: { root: { passwd: "it's", active: true, grants: { _system: { level: 'rw' } } } } }
    const opened = await fetch(directory, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ system: 'arangodb', records, publicUrl: directory }) })
    assert.equal(opened.status, 204, await opened.text())

    /** @type {[string, string][]} */
    const headers = [['authorization', `Basic ${btoa("root:it's")}`], ['content-type', 'application/json']]
    const line = curlOf(directory, { method: 'POST', path: '/_api/user', headers, body: `{"user": "it's me"}` })
    const created = execFileSync('bash', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    assert.match(created, /^HTTP\/1\.1 201 /)
    assert.ok(created.includes(`"user":"it's me"`), created)
    assert.equal((await fetch(`${directory}/_api/user`)).status, 401)
    assert.equal((await fetch(`${address}directories/${'b'.repeat(32)}/_api/user`)).status, 404)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  assert.equal(lines.length, 1, lines.join('\n'))
})
