// @ts-check
// `latchwork serve`: serves a product's API from a store.

import { createDirectory, LatchworkError } from '../entries/directory.mjs'
import { toResponse } from '../directory/http.mjs'
import { runTask } from '../directory/instance.mjs'
import { parseLimits } from '../directory/limits.mjs'
import { faultText } from '../directory/wire-format.mjs'
import { setHasher } from '../entries/password.mjs'
import { DIRECTORY_SYSTEMS } from '../wasm/systems.mjs'
import { HashingPool } from './hashing.mjs'
import { logLine, mailLine, failureText } from './log.mjs'
import { readRecords } from './json-file.mjs'
import { LIMITS, createHttpServer } from './server.mjs'
import { Mistake } from './mistake.mjs'
import { openStore } from './store.mjs'
import { suggestion } from './suggestion.mjs'

/** How the user of the command can correct an error, if its message does not say it. @type {Record<string, string | undefined>} */
const REMEDIES = {
  invalid_records: 'correct the file after `--seed`',
  invalid_value: 'type another value after `--public-url`, `--allow-origin` or `--limit`',
  store_unavailable: 'type another `--store`',
  weak_secret: 'set LATCHWORK_SECRET to a longer secret, or unset it',
  no_admin: 'correct the file after `--seed`',
  wrong_system: 'type another `--store`, or the `--system` of this store',
}

/** @param {import('./settings.mjs').Settings} settings */
export async function serve({ system, store: name, host, port, seed, guards, publicUrl, allowedOrigins, limits }) {
  if (!DIRECTORY_SYSTEMS.includes(system)) throw new Mistake('unknown_system', `unknown system \`${system}\`${suggestion(system, DIRECTORY_SYSTEMS, '--system ') || ':'} type \`--system\` and one of ${DIRECTORY_SYSTEMS.join(', ')}`)
  const records = seed === undefined ? undefined : readRecords(seed)
  const store = openStore(name, process.env.LATCHWORK_STORE_TOKEN)
  // A closed log stream must not end the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const hashing = new HashingPool()
  setHasher(hashing.hasher)
  let stop = async () => {}
  /** The address that each request came from; behind a proxy, the proxy's address. @type {WeakMap<Request, string>} */
  const clients = new WeakMap()
  try {
    const directory = createDirectory(/** @type {any} */ ({ system, store, guards, publicUrl, allowedOrigins, limits, secret: process.env.LATCHWORK_SECRET, client: (/** @type {Request} */ request) => clients.get(request), log: (/** @type {any} */ event) => console.log(logLine(event)), sendMail: (/** @type {any} */ mail) => console.error(mailLine(mail)) }))
    // Fails before the server listens if the store cannot be reached.
    await store.scan('', null, 1)
    // The store is seeded only after the server listens; requests wait until then.
    let startServing = () => {}
    const isServing = new Promise((resolve) => (startServing = () => resolve(undefined)))
    /** @param {Request} request @param {string} client */
    const fetch = (request, client) => {
      clients.set(request, client)
      return isServing.then(() => directory.fetch(request))
    }
    const serving = createHttpServer(fetch, {
      limits: serverLimits(parseLimits(limits)),
      refusal: (method, path) => badRequest(system, method, path),
      onRefused: (method, path, status) => console.log(logLine({ method, path, status, actor: null, decisions: [], milliseconds: 0 })),
      onCut: (error) => console.error(`latchwork: a response was cut short: ${failureText(error)}`),
    })
    const address = await listen(serving.server, host, port)
    stop = serving.stop
    if (seed !== undefined) await seedStore(directory, records, seed)
    startServing()
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => shutDown(stop, store))
    await printIntroduction(directory, name, address)
  } catch (error) {
    await stop()
    await store.close?.()
    await hashing.close()
    // Only a fault of the program itself is shown with the place where it occurred.
    if (error instanceof LatchworkError && error.code !== 'internal') throw withRemedy(error, name)
    throw error
  }
}

/** The product's response to a request that is malformed. @param {string} system @param {string} method @param {string} path */
function badRequest(system, method, path) {
  return toResponse({ method }, runTask(system, faultText('bad_request', path)).response, async () => {})
}

/**
 * The server's timeouts are at least those of the directory, which waits twice for a larger body.
 * @param {import('../directory/limits.mjs').Limits} limits
 */
function serverLimits({ bodyTime, storeTime }) {
  const request = 2 * bodyTime + storeTime
  return { ...LIMITS, request: Math.max(LIMITS.request, request), exchange: Math.max(LIMITS.exchange, request + storeTime) }
}

/** @param {import('../types/directory.js').Directory} directory @param {any} records @param {string} seed */
async function seedStore(directory, records, seed) {
  try {
    await directory.seed(records)
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== 'not_empty') throw error
    console.log(`the store has users already: the seed \`${seed}\` was skipped`)
  }
}

/** @param {LatchworkError} error @param {string} store as typed */
function withRemedy(error, store) {
  const { code, message, problems } = /** @type {any} */ (error)
  // The message about a file is complete; for a server only the cause has the details.
  if (code === 'store_unavailable' && store.startsWith('file:')) return new Mistake(code, `${message} (or type another \`--store file:PATH\`)`)
  const words = code === 'store_unavailable' ? failureText(error).slice(`${code}: `.length) : message
  return new Mistake(code, [words, REMEDIES[code]].filter(Boolean).join(': '), problems)
}

/**
 * Listens, and returns the address.
 * @param {import('node:http').Server} server @param {string} host @param {number} port
 * @returns {Promise<string>}
 */
function listen(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ { code }) => reject(listenError(host, port, String(code))))
    server.listen(port, host, () => {
      const { address, family, port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      if (!/^(127\.|::1$)/.test(address)) console.error('latchwork: passwords are sent here unencrypted over the network: put a TLS proxy in front of this server')
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`)
    })
  })
}

/** @param {string} host @param {number} port @param {string} code */
function listenError(host, port, code) {
  if (code === 'EADDRINUSE') return new Mistake('port_in_use', `port ${port} of ${host} is in use: type another \`--port\`, or 0 for any free port`)
  if (code === 'EACCES') return new Mistake('port_forbidden', `this user cannot listen on port ${port}: type a \`--port\` of 1024 or above`)
  return new Mistake('unknown_host', `cannot listen on \`${host}\` (${code}): type \`--host\` and an address of this machine`)
}

/**
 * Prints what the operator must know. The address comes last, when the server is ready.
 * @param {import('../types/directory.js').Directory} directory @param {string} store @param {string} address
 */
async function printIntroduction(directory, store, address) {
  const secret = await directory.bootstrap()
  if (store === 'memory') console.log('the store is in memory and lost when the server stops: `--store file:PATH` keeps it')
  if (secret !== null) {
    // Not on the standard output, because logs are kept and read by others.
    console.error('the store has no users. Write records as JSON to a file, and send it. The secret can be used once:')
    console.error(`curl -H 'Authorization: Bootstrap ${secret}' --data-binary @records.json ${address}/_latchwork/bootstrap`)
  }
  console.log(`latchwork serve: listening on ${address}`)
}

/** @param {() => Promise<void>} stop @param {import('../types/directory.js').Store} store */
async function shutDown(stop, store) {
  await stop()
  await store.close?.()
  // Timers of a store, or a password that is still being hashed, must not keep the process running.
  process.exit(0)
}
