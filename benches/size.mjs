// @ts-check
// What the package weighs: bytes raw, gzip and brotli.

import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const pkg = new URL('../pkg/', import.meta.url)
const lib = readdirSync(new URL('lib/', pkg)).map((name) => `lib/${name}`)

/** @type {Record<string, string[]>} */
const parts = {
  'core wasm': ['wasm/latchwork_bg.wasm'],
  glue: ['wasm/latchwork.js'],
  'wasm + glue (target 40 KB brotli)': ['wasm/latchwork_bg.wasm', 'wasm/latchwork.js'],
  'package JavaScript': lib,
  'password wasm (target 12 KB brotli)': ['wasm/password_bg.wasm'],
  'legacy password wasm': ['wasm/legacy_bg.wasm'],
  'words of explain': ['wasm/words.mjs'],
}

const rows = Object.entries(parts).map(([part, files]) => {
  const bytes = files.map((file) => readFileSync(new URL(file, pkg)))
  const sum = (/** @type {(file: Buffer) => { length: number }} */ pack) => bytes.reduce((total, file) => total + pack(file).length, 0)
  return { part, raw: sum((file) => file), gzip: sum((file) => gzipSync(file)), brotli: sum((file) => brotliCompressSync(file)) }
})
console.table(rows)
