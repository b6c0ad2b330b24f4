// @ts-check
// The requests on the pages of the products run against `latchwork serve`, and get the responses that the pages show.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from '../support/snippets.mjs'

/** The number of responses that each page shows. */
const SHOWN = { arangodb: 16, meuse: 4, antmedia: 5, tyk: 4, wso2: 8 }

/** An empty project, with the package in it. */
const folder = mkdtempSync(join(tmpdir(), 'latchwork-transcripts-'))
after(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
symlinkSync(join(root, 'pkg'), join(folder, 'node_modules/latchwork'))
symlinkSync('../latchwork/cli.mjs', join(folder, 'node_modules/.bin/latchwork'))
const environment = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' }

/** A port that no program listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return String(port)
}

/** Starts a server in a process group of its own; returns a function that ends it. @param {string} commands */
async function startServer(commands) {
  const child = spawn('bash', ['-euc', commands], { cwd: folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const closed = once(child, 'close')
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    return closed
  }
  const deadline = Date.now() + 30_000
  while (!output.includes('listening on')) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), closed])
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      assert.fail(output)
    }
  }
  return stop
}

for (const [model, count] of Object.entries(SHOWN)) {
  test(`the requests on the page of ${model} get the responses that it shows`, async () => {
    const page = readFileSync(join(root, `docs/models/${model}.md`), 'utf8')
    const [, start, requests] = /```sh\n([^`]*npx latchwork serve [^`]*)```\n\n```sh\n(.*?)```/s.exec(page) ?? assert.fail('the page starts no server')
    assert.match(start, new RegExp(`--system ${model} `))
    const [, port] = /--port (\d+)/.exec(start) ?? assert.fail(start)
    // Another program may listen on the port of the page.
    const ours = await freePort()
    const stop = await startServer(start.replaceAll(port, ours))
    try {
      const commands = requests.replaceAll(port, ours).split(/^# .*\n/m)
      const shown = [...requests.matchAll(/^# (.*)$/gm)].map(([, response]) => response)
      assert.equal(shown.length, count)
      assert.equal(commands.pop(), '', 'a request without its response')
      const output = execFileSync('bash', ['-euc', commands.join('echo\n')], { cwd: folder, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      const responses = output.split('\n').filter((line) => line !== '')
      assert.equal(responses.length, shown.length, output)
      for (const [index, response] of shown.entries()) {
        const pattern = response.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')
        assert.match(responses[index], new RegExp(`^${pattern}$`), commands[index])
      }
    } finally {
      await stop()
    }
  })
}
