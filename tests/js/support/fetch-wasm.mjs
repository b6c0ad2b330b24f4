// @ts-check
// Loaded before a snippet: `fetch` of `/NAME.wasm` returns that module of the package, as the server of a page does.

import { readFileSync } from 'node:fs'

const { fetch } = globalThis

/** @type {typeof fetch} */
globalThis.fetch = async (input, init) => {
  const [, name] = /^\/([\w-]+\.wasm)$/.exec(String(input)) ?? []
  if (name === undefined) return fetch(input, init)
  const bytes = readFileSync(new URL(`../../../pkg/wasm/${name}`, import.meta.url))
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'application/wasm' } })
}
