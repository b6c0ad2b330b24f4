// @ts-check
// The types, as each way of resolving modules finds them.

import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { fileOf } from '../program.mjs'

const MODES = [
  { name: 'node16, import', module: 'node16', resolution: 'node16', extension: 'mts' },
  { name: 'node16, require', module: 'node16', resolution: 'node16', extension: 'cts' },
  { name: 'nodenext, import', module: 'nodenext', resolution: 'nodenext', extension: 'mts' },
  { name: 'nodenext, require', module: 'nodenext', resolution: 'nodenext', extension: 'cts' },
  { name: 'bundler', module: 'esnext', resolution: 'bundler', extension: 'mts' },
]

/** What uses the types: an error where they are `any`, or are missing. @param {import('../program.mjs').Subpath} subpath @param {string} extension */
function source({ specifier, kind }, extension) {
  const imported = extension === 'cts' ? `import m = require('${specifier}')` : `import * as m from '${specifier}'`
  const uses = {
    model: 'export const codeOf = (error: InstanceType<typeof m.LatchworkError>): string => error.code\nexport const openers: ((...words: never[]) => object)[] = [m.open]',
    web: 'export const initialized: Promise<void> = m.init()',
    password: 'export const stored: Promise<string> = m.hash("correct horse")\nexport const fits: Promise<boolean> = m.verify("correct horse", null)',
    legacy: 'export const fits: Promise<boolean> = m.verify("correct horse", null)',
    directory: 'export const made: (...words: never[]) => object = m.createDirectory',
    other: 'export const all: object = m',
  }
  return `${imported}\ntype IsAny<T> = 0 extends 1 & T ? true : false\nexport const typed: IsAny<typeof m> = false\n${uses[kind]}\n`
}

/** @type {import('../run.mjs').Target[]} */
export default MODES.map(({ name, module, resolution, extension }) => ({
  group: 'typescript',
  name: `TypeScript, ${name}`,
  async run({ folder, subpaths, attempt }) {
    const files = subpaths.map((subpath) => put(folder, `${fileOf(subpath)}.${extension}`, source(subpath, extension)))
    const output = await run(
      folder, join(folder, 'node_modules/.bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable,dom', '--types', 'node', '--module', module, '--moduleResolution', resolution, ...files,
    ).catch(String)
    const errors = output.split('\n').filter((line) => /error TS/.test(line))
    for (const subpath of subpaths) {
      await attempt(subpath, () => {
        const own = errors.filter((line) => line.startsWith(`${fileOf(subpath)}.${extension}(`))
        if (own.length > 0) throw new Error(own.join('\n'))
      })
    }
    // An error in the package's own files is everyone's.
    const others = errors.filter((line) => !subpaths.some((subpath) => line.startsWith(`${fileOf(subpath)}.${extension}(`)))
    if (others.length > 0) for (const subpath of subpaths) await attempt(subpath, () => Promise.reject(new Error(others.join('\n'))))
  },
}))
