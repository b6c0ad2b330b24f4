// @ts-check
// Runs `latchwork serve` as a process, and captures its output.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

/** The path of the command. */
export const cli = fileURLToPath(new URL('../../../pkg/cli.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchwork-serve-'))
/** @type {Set<import('node:child_process').ChildProcess>} */
const moduleState = new Set()
after(() => {
  for (const child of moduleState) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let names = 0

/** An unused path. @param {string} [end] */
export const freshPath = (end = '') => join(folder, `${(names += 1)}${end}`)

/** A file with this in it; its path. @param {unknown} content text, or what becomes JSON */
export function file(content) {
  const path = freshPath('.json')
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  return path
}

/** @param {string[]} words */
function begin(...words) {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  moduleState.add(child)
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.err += text))
  const closed = once(child, 'close').then(([code]) => {
    moduleState.delete(child)
    return /** @type {number | null} */ (code)
  })
  return { child, output, closed }
}

/** Runs the command to its end. @param {string[]} words */
export async function run(...words) {
  const { child, output, closed } = begin(...words)
  const cut = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const code = await closed
  clearTimeout(cut)
  return { code, ...output }
}

/** Serves, on a port of its own unless one is named; waits until it listens. @param {string[]} words */
export async function serve(...words) {
  const { child, output, closed } = begin('serve', ...(words.includes('--port') ? [] : ['--port', '0']), ...words)
  const deadline = AbortSignal.timeout(10_000)
  while (!/listening on \S+\n/.test(output.out)) {
    const code = await Promise.race([closed.then((code) => `ended with ${code}`), once(child.stdout, 'data', { signal: deadline })])
    if (typeof code === 'string') throw new Error(`${code}: ${output.err}`)
  }
  const starting = output.out.slice(0, output.out.indexOf('\n', output.out.indexOf('listening on')) + 1)
  const address = /listening on (\S+)/.exec(starting)?.[1] ?? ''
  return {
    address,
    port: Number(new URL(address).port),
    starting,
    output,
    closed,
    /** The lines of the log. @returns {any[]} */
    log: () => output.out.slice(starting.length).split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    /** Stops reading its output. */
    leave() {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    /** @param {NodeJS.Signals} [signal] */
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return closed
    },
  }
}
