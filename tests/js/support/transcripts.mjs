// @ts-check
// Shell transcripts of Markdown files: a block that starts `npx latchwork serve`, and a block of requests with their
// responses in comments. They run in a project that has the package installed.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './snippets.mjs'

/**
 * @typedef {object} Transcript
 * @property {string} start the commands that start the server
 * @property {string} port the port that these commands name
 * @property {string[]} requests the commands of each request
 * @property {string[]} responses the response of each request; `…` stands for any text
 */

/** The transcripts of a Markdown text. @param {string} markdown @returns {Transcript[]} */
export function transcriptsOf(markdown) {
  return [...markdown.matchAll(/```sh\n([^`]*npx latchwork serve [^`]*)```\n\n```sh\n(.*?)```/gs)].map(([, start, block]) => {
    const [, port] = /--port (\d+)/.exec(start) ?? assert.fail(`no --port in ${start}`)
    const requests = block.split(/^# .*\n/m)
    assert.equal(requests.pop(), '', `a request without a response in ${block}`)
    return { start, port, requests, responses: [...block.matchAll(/^# (.*)$/gm)].map(([, response]) => response) }
  })
}

/** Runs a transcript in a folder of its own; throws where a response differs. @param {Transcript} transcript */
export async function runTranscript({ start, port, requests, responses }) {
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-transcript-'))
  try {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
    symlinkSync(join(root, 'pkg'), join(folder, 'node_modules/latchwork'))
    symlinkSync('../latchwork/cli.mjs', join(folder, 'node_modules/.bin/latchwork'))
    // Another program may listen on the documented port.
    const free = await freePort()
    const stop = await startServer(folder, start.replaceAll(port, free))
    try {
      const commands = requests.map((request) => request.replaceAll(port, free))
      const output = execFileSync('bash', ['-euc', commands.join('echo\n')], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      const lines = output.split('\n').filter((line) => line !== '')
      assert.equal(lines.length, responses.length, output)
      for (const [index, response] of responses.entries()) {
        const pattern = response.split('…').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')
        assert.match(lines[index], new RegExp(`^${pattern}$`), commands[index])
      }
    } finally {
      await stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' }

/** A port that no program listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return String(port)
}

/** Starts a server in a process group of its own, and returns a function that stops it. @param {string} folder @param {string} commands */
async function startServer(folder, commands) {
  const child = spawn('bash', ['-euc', commands], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
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
