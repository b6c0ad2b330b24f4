// @ts-check
// A folder with documents and tests for the commands, and the command in it.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

export const cli = fileURLToPath(new URL('../../../pkg/cli.mjs', import.meta.url))
export const folder = mkdtempSync(join(tmpdir(), 'latchwork-commands-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file into the folder; its name. @param {string} name @param {unknown} content text, or what becomes JSON */
export function writeDocument(name, content) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  return name
}

/** Starts the command in the folder. @param {string[]} words */
export function start(...words) {
  const child = spawn(process.execPath, [cli, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.err += text))
  /** @type {Promise<number | null>} */
  const closed = new Promise((resolve) => child.on('close', resolve))
  return { child, output, closed }
}

/** Runs the command in the folder to its end. @param {string[]} words */
export async function run(...words) {
  const { child, output, closed } = start(...words)
  const cut = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const code = await closed
  clearTimeout(cut)
  return { code, ...output }
}

/** A policy with a role, a group, a limit and a condition. */
export const POLICY = {
  actions: { edit: 'write' },
  roles: {
    reader: { grants: { 'docs/*': 'read' } },
    editor: { inherits: ['reader'], grants: { 'docs/*': 'write' } },
  },
  groups: { staff: { grants: { 'drafts/*': { allow: 'read', when: { 'resource.owner': { ref: 'subject.id' } } } } } },
  users: { ann: { roles: ['editor'], groups: ['staff'] }, bob: { roles: ['reader'] } },
  limits: { 'docs/archive': 'read' },
}
