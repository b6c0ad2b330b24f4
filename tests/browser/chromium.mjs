// @ts-check
// A headless browser, and a server with the package's files as they are.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const pkg = new URL('../../pkg/', import.meta.url)

/** Media types by the end of a file's name. @type {Record<string, string>} */
const TYPES = { mjs: 'text/javascript', js: 'text/javascript', wasm: 'application/wasm' }

/** Starts the browser that `CHROMIUM` names. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

/**
 * Serves these texts by path, and the files of the package under `/pkg/`.
 * @param {(url: string) => [type: string, text: string] | undefined} textOf
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function serve(textOf) {
  const server = createServer(({ url = '' }, response) => {
    try {
      const [type, text] = textOf(url) ?? [TYPES[url.split('.').at(-1) ?? ''], readFileSync(new URL(url.replace('/pkg/', './'), pkg))]
      response.setHeader('content-type', type).end(text)
    } catch {
      response.writeHead(404).end()
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() }
}
