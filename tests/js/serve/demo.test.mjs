// @ts-check
// The directories beside the playground: the lines that `npm start` prints work as they are.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

test('each directory answers the line that is printed for it, with passwords of this start', async () => {
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../../www/serve.mjs', import.meta.url)), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    /** @type {string[]} */
    const curls = []
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.startsWith('curl ')) curls.push(line)
      if (curls.length === 2) break
    }
    const [users, token] = curls.map((line) => JSON.parse(execFileSync('bash', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })))
    assert.deepEqual(users.result.map((/** @type {any} */ { user }) => user), ['alice', 'root'])
    assert.equal(token.token.length, 68)
    const address = /http:\S+?\/meuse\//.exec(curls[1])?.[0] ?? assert.fail(curls[1])
    const known = (/** @type {string} */ authorization) => fetch(`${address}api/v1/meuse/user`, { headers: { authorization } })
    assert.equal((await known(token.token)).status, 200)
    assert.equal((await known(token.token.replace(/^./, (/** @type {string} */ letter) => (letter === 'A' ? 'B' : 'A')))).status, 403)
    assert.equal((await fetch(address.replace('/meuse/', '/arangodb/_api/user'))).status, 401)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})
