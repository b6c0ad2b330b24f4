// @ts-check
// The README's JavaScript and its curl lines run, and come to what their comments say.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { claimsOf, compileSnippets, root, runSnippet, snippetsOf } from '../support/snippets.mjs'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const snippets = snippetsOf(readme)

test('the README has JavaScript, and it makes claims', () => {
  assert.ok(snippets.length >= 2)
  assert.ok(claimsOf(snippets.join('')) >= 5)
})

for (const [index, code] of snippets.entries()) {
  test(`the README's block ${index + 1} runs as it says`, () => runSnippet(code))
}

test("the README's JavaScript compiles as TypeScript, strictly", () => compileSnippets(snippets))

/** A project of a stranger's, with the package in it. */
const folder = mkdtempSync(join(tmpdir(), 'latchwork-readme-'))
after(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
symlinkSync(join(root, 'pkg'), join(folder, 'node_modules/latchwork'))
symlinkSync('../latchwork/cli.mjs', join(folder, 'node_modules/.bin/latchwork'))
const environment = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' }

/** Pairs of blocks: what starts a server, and what is asked of it. */
const servers = [...readme.matchAll(/```sh\n([^`]*npx latchwork serve [^`]*)```\n\n```sh\n(.*?)```/gs)]

/** A port that nobody listens on. */
async function free() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return String(port)
}

/** Starts a server as somebody types it, in a group of its own; what ends it. @param {string} typed */
async function begin(typed) {
  const child = spawn('bash', ['-euc', typed], { cwd: folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const closed = once(child, 'close')
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    return closed
  }
  const deadline = Date.now() + 30_000
  while (!said.includes('listening on')) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), closed])
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      assert.fail(said)
    }
  }
  return stop
}

test('the README has the requests of all five documents', () => {
  assert.deepEqual(servers.map(([, start]) => /--system (\w+)/.exec(start)?.[1]), ['arangodb', 'meuse', 'antmedia', 'tyk', 'wso2'])
  assert.deepEqual(servers.map(([, , asked]) => (asked.match(/^# /gm) ?? []).length), [16, 4, 5, 4, 8])
})

for (const [, start, asked] of servers) {
  const [, port] = /--port (\d+)/.exec(start) ?? assert.fail(start)
  test(`the README's requests to port ${port} run as they stand there, and are answered as it says`, async () => {
    // The port alone is another: on this machine somebody may have the one that stands there.
    const ours = await free()
    const stop = await begin(start.replaceAll(port, ours))
    try {
      const commands = asked.replaceAll(port, ours).split(/^# .*\n/m)
      const claims = [...asked.matchAll(/^# (.*)$/gm)].map(([, claim]) => claim)
      assert.equal(commands.pop(), '', 'a request without its answer')
      const said = execFileSync('bash', ['-euc', commands.join('echo\n')], { cwd: folder, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      const answers = said.split('\n').filter((line) => line !== '')
      assert.equal(answers.length, claims.length, said)
      for (const [index, claim] of claims.entries()) {
        const pattern = claim.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')
        assert.match(answers[index], new RegExp(`^${pattern}$`), commands[index])
      }
    } finally {
      await stop()
    }
  })
}
