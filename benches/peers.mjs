// @ts-check
// The other libraries: installed by the lock file of `peers/`, where a file for each makes it answer the same questions.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('peers/', import.meta.url)

/** The file names of all candidates, the floor first. */
export const PEERS = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.replace(/\.mjs$/, ''))
  .sort((a, b) => Number(b === 'map') - Number(a === 'map') || a.localeCompare(b))

/**
 * A candidate: `open` returns how a subject is prepared and asked, `loop` asks many questions; `fresh` makes one subject from nothing, where
 * that is possible, and `prepareNames` converts names to the resources of questions.
 * @typedef {{ title: string, source?: string, whole?: boolean, open: (document: any) => any, fresh?: (document: any) => any, prepareNames?: (texts: string[]) => any[], loop: (subjects: any[], who: Uint32Array, texts: any[], what: Uint32Array) => number }} Peer
 */

/** @param {string} name @returns {Promise<Peer>} */
export const peer = (name) => import(new URL(`${name}.mjs`, folder).href)

/** Installs them, if the lock file changed since. */
export function installPeers() {
  const lock = new URL('package-lock.json', folder)
  const done = new URL('node_modules/.package-lock.json', folder)
  if (existsSync(done) && statSync(done).mtimeMs > statSync(lock).mtimeMs) return
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: fileURLToPath(folder), stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('the peers could not be installed')
  utimesSync(done, new Date(), new Date())
}

/** The version that the lock file gives. @param {string | undefined} source */
export function versionOf(source) {
  if (!source) return ''
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', folder), 'utf8'))
  return packages[`node_modules/${source}`].version
}
