// @ts-check
// Serves the built page and, beside it, the worker and the directories that pages open: node serve.mjs [--port N] [--host NAME]

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import directories from './directories.mjs'
import { POLICY } from './policy.mjs'
import worker from './worker.mjs'

const root = fileURLToPath(new URL('./dist', import.meta.url))

const app = new Hono()
// Whether to insist on TLS is for the operator who serves this beyond one machine.
const headers = { strictTransportSecurity: false, referrerPolicy: 'no-referrer' }
const secured = secureHeaders({ ...headers, contentSecurityPolicy: POLICY })
/** Only the address for embedding may be shown inside of other pages. */
const embeddable = secureHeaders({ ...headers, xFrameOptions: false, contentSecurityPolicy: { ...POLICY, frameAncestors: ['*'] } })
app.use((context, next) => (context.req.query('embed') === undefined ? secured : embeddable)(context, next))
app.mount('/worker', worker.fetch)
app.mount('/directories', directories.fetch)

main()

function main() {
  const { host, port } = settings()
  if (!existsSync(`${root}/index.html`)) fail('the page is not built: run `npm run build`')
  app.use(serveStatic({ root }))
  /** @param {import('node:net').AddressInfo} info */
  const listening = (info) => console.log(`latchwork demo: ${addressOf(info)}/`)
  const server = /** @type {import('node:http').Server} */ (serve({ fetch: app.fetch, hostname: host, port }, listening))
  server.on('error', (error) => fail(`can not listen: ${error.message}`))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop(server))
}

function settings() {
  try {
    const { host, port } = parseArgs({
      options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '4173' } },
    }).values
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail(`expected a port from 0 to 65535, got \`${port}\``)
    return { host, port: Number(port) }
  } catch (error) {
    return fail(/** @type {Error} */ (error).message)
  }
}

/** @param {import('node:net').AddressInfo} info */
function addressOf({ address, family, port }) {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/**
 * Lets the answers that are under way end; connections that stay open longer are cut.
 * @param {import('node:http').Server} server
 */
function stop(server) {
  server.close()
  setTimeout(() => server.closeAllConnections(), 1000).unref()
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message)
  process.exit(2)
}
