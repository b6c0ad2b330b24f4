// @ts-check
// What a page loads for `open`, `can`, `explain` and `validate`: the minified bundle and its wasm, in bytes of brotli. For peers
// the program of `peers/`, which opens and asks.
// bundle.mjs PATH | bundle.mjs --peer NAME

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { fetched } from '../document.mjs'

const [path, peer] = process.argv.slice(2)
const resolveDir = fileURLToPath(new URL('../peers/', import.meta.url))
const brotli = (/** @type {Uint8Array} */ bytes) => brotliCompressSync(bytes).length

/** @param {string} contents @param {Record<string, string>} [alias] */
async function bundle(contents, alias) {
  const { outputFiles } = await build({
    absWorkingDir: resolveDir, stdin: { contents, resolveDir }, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, logLevel: 'error', platform: 'browser', mainFields: ['browser', 'module', 'main'], alias,
    // Node's own, which some peers import for what a page does not ask.
    external: ['node:*', 'fs', 'path', 'crypto', 'util', 'async_hooks'],
  })
  return outputFiles[0].contents
}

if (path === '--peer') {
  const alias = { '@cedar-policy/cedar-wasm/nodejs': '@cedar-policy/cedar-wasm/web' }
  const script = await bundle(`import { open } from './${peer}.mjs'\nglobalThis.open = open`, alias)
  const wasm = peer === 'cedar' ? brotli(readFileSync(new URL('../peers/node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm', import.meta.url))) : 0
  console.log(JSON.stringify({ script: brotli(script), wasm, total: brotli(script) + wasm }))
} else {
  const { web, wasm: file } = fetched(path)
  // A model without forms has no `validate`.
  const exported = await import(path)
  const names = ['open', 'validate', 'LatchworkError'].filter((name) => name in exported).join(', ')
  const script = brotli(await bundle(`import { init, ${names} } from '${web}'\nglobalThis.page = { init, ${names} }`))
  const inlined = brotli(await bundle(`import { ${names} } from '${path}'\nglobalThis.page = { ${names} }`))
  const wasm = brotli(readFileSync(createRequire(import.meta.url).resolve(file)))
  console.log(JSON.stringify({ script, wasm, total: script + wasm, inlined, share: (inlined - script - wasm) / wasm }))
}
