// @ts-check
// Packs the npm package into the built site. The module `virtual:package` has what the page says of it.
// With the repository's address in `LATCHWORK_REPOSITORY`, package and page are those of a published package.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicManifest } from '../../scripts/public-manifest.mjs'

const ADDRESS = process.env.LATCHWORK_REPOSITORY
const ID = 'virtual:package'
const PACKAGE = new URL('../../pkg/', import.meta.url)
const RELEASE = new URL('../../scripts/release', import.meta.url)

/** @returns {import('vite').Plugin} */
export function packedPackage() {
  let isBuild = false
  /** @type {ReturnType<typeof pack> | undefined} */
  let packed
  return {
    name: 'package',
    configResolved({ command }) {
      isBuild = command === 'build'
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined
      if (isBuild) packed ??= pack()
      const manifest = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'))
      const { name, version, homepage, repository } = ADDRESS ? publicManifest(manifest, ADDRESS) : manifest
      const tarball = packed && { file: packed.file, bytes: packed.content.length, integrity: packed.integrity }
      return `export const MANIFEST = ${JSON.stringify({ name, version, homepage, repository })}\nexport const TARBALL = ${JSON.stringify(tarball)}`
    },
    generateBundle() {
      if (packed) this.emitFile({ type: 'asset', fileName: packed.file, source: packed.content })
    },
  }
}

/** The same files give the same tarball: npm writes fixed times and owners. */
function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-'))
  try {
    const [program, ...words] = ADDRESS ? ['bash', fileURLToPath(RELEASE), ADDRESS, folder] : ['npm', 'pack', '--silent', '--pack-destination', folder]
    execFileSync(program, words, { cwd: fileURLToPath(PACKAGE), stdio: ['ignore', 'ignore', 'inherit'] })
    const [file] = readdirSync(folder)
    const content = readFileSync(join(folder, file))
    return { file, content, integrity: `sha512-${createHash('sha512').update(content).digest('base64')}` }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
