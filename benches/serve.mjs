// @ts-check
// `latchwork serve` while 64 clients sign in at once: how long a cheap request takes meanwhile, whose password is
// remembered, against the same request alone.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printRows } from './rows.mjs'

const SIGN_INS = 64
const CHEAP = 400
const RATIO_MAX = 5

const folder = mkdtempSync(join(tmpdir(), 'latchwork-bench-'))
const password = 'correct horse battery staple'
const users = Object.fromEntries(Array.from({ length: SIGN_INS }, (_, index) => [`user-${index}`, { passwd: `${password} ${index}` }]))
writeFileSync(join(folder, 'seed.json'), JSON.stringify({ users: { root: { passwd: password, grants: { _system: { level: 'rw' } } }, ...users } }))

const cli = fileURLToPath(new URL('../pkg/cli.mjs', import.meta.url))
const server = spawn(process.execPath, [cli, 'serve', '--system', 'arangodb', '--port', '0', '--seed', join(folder, 'seed.json')], { stdio: ['ignore', 'pipe', 'inherit'] })
let output = ''
server.stdout.setEncoding('utf8').on('data', (text) => (output += text))
while (!/listening on \S+\n/.test(output)) await once(server.stdout, 'data')
const port = Number(/listening on http:\/\/[\d.]+:(\d+)/.exec(output)?.[1])

const agent = new Agent({ keepAlive: true })

/** The status of an answer, and its time in milliseconds. @param {string} path @param {Record<string, string>} headers @param {string} [body] */
async function ask(path, headers, body) {
  const start = performance.now()
  const sent = request({ port, host: '127.0.0.1', path, method: body === undefined ? 'GET' : 'POST', headers, agent })
  sent.end(body)
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode, time: performance.now() - start }
}

const remembered = { authorization: `Basic ${btoa(`root:${password}`)}` }

/** Cheap requests, one after another, until there are enough or it is over. @param {() => boolean} isOver */
async function cheap(isOver) {
  /** @type {number[]} */
  const times = []
  while (times.length < CHEAP && !isOver()) {
    const { status, time } = await ask('/_api/version', remembered)
    if (status !== 200) throw new Error(`expected 200, got ${status}`)
    times.push(time)
  }
  return times.sort((a, b) => a - b)
}

/** @param {number[]} times @param {number} share */
const percentile = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]

await cheap(() => false)
const alone = await cheap(() => false)
/** Rounds of sign-ins until enough cheap requests were answered beside them. */
let over = false
let signIns = 0
const signing = (async () => {
  while (!over) {
    const answers = await Promise.all(Array.from({ length: SIGN_INS }, (_, index) => ask('/_open/auth', {}, JSON.stringify({ username: `user-${index}`, password: `${password} ${index}` }))))
    if (answers.some(({ status }) => status !== 200)) throw new Error('a sign-in was refused')
    signIns += SIGN_INS
  }
})()
const beside = await cheap(() => false)
over = true
await signing

const timesText = (/** @type {number[]} */ times) => `median ${percentile(times, 0.5).toFixed(2)} ms, 99th percentile ${percentile(times, 0.99).toFixed(2)} ms`
printRows([{ what: `\`latchwork serve\`: read beside ${SIGN_INS} concurrent sign-ins / alone, 99th percentile`, target: RATIO_MAX, value: percentile(beside, 0.99) / percentile(alone, 0.99), detail: `${timesText(beside)}, ${signIns} sign-ins; alone ${timesText(alone)}` }])

agent.destroy()
server.kill('SIGTERM')
await once(server, 'close')
rmSync(folder, { recursive: true, force: true })
