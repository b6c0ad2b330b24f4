// @ts-check
// What a browser loads for a module of questions, by brotli.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

const brotli = (/** @type {Uint8Array} */ bytes) => brotliCompressSync(bytes).length

/** Whether a module exports `validate`. @param {string} project @param {string} name */
const hasForms = (project, name) => name === 'latchwork' || readFileSync(createRequire(join(project, 'page.js')).resolve(`latchwork/${name}/web`), 'utf8').includes('validate')

/**
 * Bytes of the minified JavaScript with the explanations, and of the file of WebAssembly.
 * @param {string} project where the package is installed
 * @param {string} name of the module
 */
export async function weigh(project, name) {
  const subpath = name === 'latchwork' ? name : `latchwork/${name}`
  // A model without forms has no `validate`.
  const names = ['open', 'LatchworkError', ...(hasForms(project, name) ? ['validate'] : [])].join(', ')
  const contents = `import { init, ${names} } from '${subpath}/web'\nglobalThis.page = { init, ${names} }`
  const { outputFiles } = await build({ stdin: { contents, resolveDir: project }, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, logLevel: 'error', platform: 'browser' })
  const script = brotli(outputFiles[0].contents)
  const wasm = brotli(readFileSync(createRequire(join(project, 'page.js')).resolve(`latchwork/${name}.wasm`)))
  return { subpath, script, wasm, total: script + wasm }
}

/** A row of the README's table. @param {{ subpath: string, script: number, wasm: number, total: number }} weight */
export const rowOf = ({ subpath, script, wasm, total }) => `| \`${subpath}\` | ${[total, script, wasm].map((bytes) => (bytes / 1000).toFixed(1)).join(' | ')} |`
