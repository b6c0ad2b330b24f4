// @ts-check
// The package as a stranger gets it, in a folder for each group of targets, beside what their lock file pins.

import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const workspace = fileURLToPath(new URL('../../', import.meta.url))
const groups = fileURLToPath(new URL('groups/', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'latchwork-matrix-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))

/** The environment without the variables that npm sets for its scripts and another npm would inherit. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_OPTIONS$/i.test(name)))

/** Runs a program to its end; what it printed. @param {string} folder @param {string} program @param {string[]} words @returns {Promise<string>} */
export function run(folder, program, ...words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let all = ''
    child.stdout.setEncoding('utf8').on('data', (text) => ((output += text), (all += text)))
    child.stderr.setEncoding('utf8').on('data', (text) => (all += text))
    child.on('error', reject)
    child.on('close', (code, signal) => (code === 0 ? resolve(output) : reject(new Error(`${program} ${words.join(' ')}: ${signal ?? code}\n${all}`))))
  })
}

/** @type {Promise<string> | undefined} */
let packed

/** The path of the tarball. */
async function tarball() {
  await run(workspace, 'bash', 'scripts/copy-docs')
  const [{ filename }] = JSON.parse(await run(join(workspace, 'pkg'), 'npm', 'pack', '--json', '--pack-destination', root))
  return join(root, filename)
}

/** @type {Map<string, Promise<string>>} */
const installed = new Map()

/** The folder of a group, with its packages and the package of the tarball. @param {string} group */
export function install(group) {
  const folder = installed.get(group) ?? installGroup(group)
  installed.set(group, folder)
  return folder
}

/** @param {string} group */
async function installGroup(group) {
  const path = await (packed ??= tarball())
  const folder = join(root, group)
  mkdirSync(folder)
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(groups, group, file), join(folder, file))
  await run(folder, 'npm', 'ci', '--no-audit', '--no-fund')
  await run(folder, 'npm', 'install', '--no-save', '--offline', '--no-audit', '--no-fund', path)
  if (!existsSync(join(folder, 'node_modules/latchwork/package.json'))) throw new Error(`the package is not installed in ${readdirSync(folder)}`)
  return folder
}

/** Writes a file. @param {string} folder @param {string} path @param {string} text */
export function put(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  return join(folder, path)
}
