// @ts-check
// Writes the service worker of the built page: it lists the files of the playground, and differs whenever any file of the
// site does.

import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const NAME = 'service-worker.js'

/** @returns {import('vite').Plugin} */
export function offline() {
  let folder = ''
  return {
    name: 'offline',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== NAME)
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'))
        .sort()
      const digest = createHash('sha256')
      for (const file of files) digest.update(file).update('\0').update(readFileSync(join(folder, file)))
      // The documentation is kept page by page, as it is read, and the packed package is only downloaded.
      const listed = files.filter((file) => file !== 'index.html' && !file.startsWith('docs/') && !file.endsWith('.tgz'))
      const constants = `const FILES = ${JSON.stringify(listed)}\nconst DIGEST = '${digest.digest('hex').slice(0, 16)}'\n`
      writeFileSync(join(folder, NAME), constants + readFileSync(new URL(`./${NAME}`, import.meta.url), 'utf8'))
    },
  }
}
