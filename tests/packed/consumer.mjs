// @ts-check
// A project outside of the repository, with only the packed package installed.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const workspace = fileURLToPath(new URL('../../', import.meta.url))

/** The environment without the variables that npm sets for its scripts and another npm would inherit. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name)))

/**
 * Runs a program to its end, and returns its output.
 * @param {string} folder @param {string} program @param {string[]} words
 */
export function run(folder, program, ...words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: folder, encoding: 'utf8', env: environment, timeout: 120_000 })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error ?? status}\n${stdout}${stderr}`)
  return stdout
}

/** Packs the package. Returns the folder of the tarball, its path and the list of its files. */
function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-packed-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  run(workspace, 'bash', 'scripts/copy-docs')
  const [{ filename, files }] = JSON.parse(run(join(workspace, 'pkg'), 'npm', 'pack', '--json', '--pack-destination', folder))
  return { folder, tarball: join(folder, filename), files: /** @type {{ path: string, size: number }[]} */ (files) }
}

/** Packs the package and installs it in an empty project. */
export function install() {
  const { folder, tarball, files } = pack()
  const project = join(folder, 'project')
  put(project, 'package.json', '{ "private": true, "type": "module" }')
  run(project, 'npm', 'install', '--offline', '--no-audit', '--no-fund', tarball)
  return { project, files }
}

/** Writes a file of a project. @param {string} project @param {string} path @param {string} text */
export function put(project, path, text) {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

/** Writes `hooks.mjs`, with which Node imports a .wasm file as a module, as edge runtimes do. @param {string} project */
export function putEdgeHooks(project) {
  put(project, 'hooks.mjs', `
    export async function load(url, context, next) {
      if (url.includes('.inline.')) throw new Error('the text of the module is loaded')
      if (!/\\.wasm(\\?module)?$/.test(url)) return next(url, context)
      const source = \`import { readFileSync } from 'node:fs'; export default new WebAssembly.Module(readFileSync(new URL(\${JSON.stringify(url.split('?')[0])})))\`
      return { format: 'module', shortCircuit: true, source }
    }`)
}
