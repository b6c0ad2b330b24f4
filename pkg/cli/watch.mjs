// @ts-check
// Runs again when a file changes.

import { watch as watchFolder } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

/** Editors write a file in several steps. */
const SETTLE_MS = 100

/**
 * Runs, and runs again whenever one of the files changes that the last run read. Ends with the process.
 * @param {() => string[]} run returns the files that it read
 * @returns {Promise<never>}
 */
export function watch(run) {
  /** Watchers stay over a run, so that a change meanwhile is seen. @type {Map<string, { names: Set<string>, watcher: import('node:fs').FSWatcher }>} */
  const watched = new Map()
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const onChange = (/** @type {string} */ folder, /** @type {string | null} */ name) => {
    if (name !== null && !watched.get(folder)?.names.has(name)) return
    clearTimeout(timer)
    timer = setTimeout(rerun, SETTLE_MS)
  }
  const rerun = () => {
    const folders = foldersOf(run())
    for (const [folder, { watcher }] of watched) if (!folders.has(folder)) watcher.close(), watched.delete(folder)
    for (const [folder, names] of folders) {
      const watcher = watched.get(folder)?.watcher ?? watchFolder(folder, (_, name) => onChange(folder, name))
      watched.set(folder, { names, watcher })
    }
    console.log(`${new Date().toLocaleTimeString()} waiting for changes`)
  }
  rerun()
  return new Promise(() => {})
}

/** The names of files by their folders, because an editor may replace a file by another. @param {readonly string[]} files @returns {Map<string, Set<string>>} */
function foldersOf(files) {
  /** @type {Map<string, Set<string>>} */
  const folders = new Map()
  for (const file of files) {
    const folder = dirname(resolve(file))
    folders.set(folder, (folders.get(folder) ?? new Set()).add(basename(file)))
  }
  return folders
}
