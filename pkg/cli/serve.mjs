// @ts-check
// `latchwork serve`: a product's requests over a store, on this machine.

import { createDirectory, LatchworkError } from '../entries/directory.mjs'
import { parseLimits } from '../directory/limits.mjs'
import { setHasher } from '../entries/password.mjs'
import { DIRECTORY_SYSTEMS } from '../wasm/systems.mjs'
import { HashingPool } from './hashing.mjs'
import { lineOf, mailOf, wordsOf } from './log.mjs'
import { recordsOf } from './json-file.mjs'
import { LIMITS, serverOf } from './server.mjs'
import { Mistake } from './mistake.mjs'
import { storeOf } from './store.mjs'
import { suggestion } from './suggestion.mjs'

/** What whoever typed can mend, and how. @type {Record<string, string>} */
const MENDABLE = {
  invalid_records: 'mend the file after `--seed`',
  invalid_value: 'type another value after `--public-url`, `--allow-origin` or `--limit`',
  missing_dependency: '',
  store_unavailable: 'type another `--store`',
  weak_secret: 'put a longer one into LATCHWORK_SECRET, or none',
  unknown_format: '',
  wrong_system: 'type another `--store`, or the `--system` that it is of',
}

/** @param {import('./settings.mjs').Settings} settings */
export async function serve({ system, store: name, host, port, seed, guards, publicUrl, allowedOrigins, limits }) {
  if (!DIRECTORY_SYSTEMS.includes(system)) throw new Mistake('unknown_system', `unknown system \`${system}\`${suggestion(system, DIRECTORY_SYSTEMS, '--system ') || ':'} type \`--system\` and one of ${DIRECTORY_SYSTEMS.join(', ')}`)
  const records = seed === undefined ? undefined : recordsOf(seed)
  const store = storeOf(name, process.env.LATCHWORK_STORE_TOKEN)
  // A reader of the log who leaves does not end the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const hashing = new HashingPool()
  setHasher(hashing.hasher)
  let stop = async () => {}
  /** Where each request came from: behind another server, that server's address. @type {WeakMap<Request, string>} */
  const clients = new WeakMap()
  try {
    const directory = createDirectory(/** @type {any} */ ({ system, store, guards, publicUrl, allowedOrigins, limits, secret: process.env.LATCHWORK_SECRET, client: (/** @type {Request} */ request) => clients.get(request), log: (/** @type {any} */ event) => console.log(lineOf(event)), sendMail: (/** @type {any} */ mail) => console.error(mailOf(mail)) }))
    // A store that can not be reached is said so before anybody can ask.
    await store.scan('', null, 1)
    // Nothing is put into a store that is not going to be served; whoever asks meanwhile waits.
    let begin = () => {}
    const begun = new Promise((resolve) => (begin = () => resolve(undefined)))
    /** @param {Request} request @param {string} client */
    const fetch = (request, client) => {
      clients.set(request, client)
      return begun.then(() => directory.fetch(request))
    }
    const serving = serverOf(fetch, {
      limits: serverLimits(parseLimits(limits)),
      onRefused: (method, status) => console.log(lineOf({ method, path: '', status, actor: null, decisions: [], milliseconds: 0 })),
      onCut: (error) => console.error(`latchwork: an answer was cut short: ${wordsOf(error)}`),
    })
    const address = await listen(serving.server, host, port)
    stop = serving.stop
    if (seed !== undefined) await plant(directory, records, seed)
    begin()
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(stop, store))
    await introduce(directory, name, address)
  } catch (error) {
    await stop()
    await store.close?.()
    await hashing.close()
    if (error instanceof LatchworkError && error.code in MENDABLE) throw mended(error, name)
    throw error
  }
}

/**
 * The server waits at least as long as the directory does: a larger body is waited for twice.
 * @param {import('../directory/limits.mjs').Limits} limits
 */
function serverLimits({ bodyTime, storeTime }) {
  const request = 2 * bodyTime + storeTime
  return { ...LIMITS, request: Math.max(LIMITS.request, request), exchange: Math.max(LIMITS.exchange, request + storeTime) }
}

/** @param {import('../types/directory.js').Directory} directory @param {any} records @param {string} seed */
async function plant(directory, records, seed) {
  try {
    await directory.seed(records)
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== 'not_empty') throw error
    console.log(`the store has users already: the seed \`${seed}\` was skipped`)
  }
}

/** @param {LatchworkError} error @param {string} store as it was typed */
function mended(error, store) {
  const { code, message, problems } = /** @type {any} */ (error)
  // Of a file the store says all itself; of a server only the cause tells what is wrong.
  if (code === 'store_unavailable' && store.startsWith('file:')) return new Mistake(code, `${message} (or type another \`--store file:PATH\`)`)
  const words = code === 'store_unavailable' ? wordsOf(error).slice(`${code}: `.length) : message
  return new Mistake(code, [words, MENDABLE[code]].filter(Boolean).join(': '), problems)
}

/**
 * Listens; the address.
 * @param {import('node:http').Server} server @param {string} host @param {number} port
 * @returns {Promise<string>}
 */
function listen(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ { code }) => reject(refused(host, port, String(code))))
    server.listen(port, host, () => {
      const { address, family, port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      if (!/^(127\.|::1$)/.test(address)) console.error('latchwork: passwords come here over the network: put a server that speaks TLS before this one')
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`)
    })
  })
}

/** @param {string} host @param {number} port @param {string} code */
function refused(host, port, code) {
  if (code === 'EADDRINUSE') return new Mistake('port_in_use', `port ${port} of ${host} is in use: type another \`--port\`, or 0 for any that is free`)
  if (code === 'EACCES') return new Mistake('port_forbidden', `port ${port} may not be listened on: type a \`--port\` from 1024`)
  return new Mistake('unknown_host', `can not listen on \`${host}\` (${code}): type \`--host\` and an address of this machine`)
}

/**
 * What an operator has to know. The address comes last: whoever reads it knows that all is ready.
 * @param {import('../types/directory.js').Directory} directory @param {string} store @param {string} address
 */
async function introduce(directory, store, address) {
  const secret = await directory.bootstrap()
  if (store === 'memory') console.log('the store is in memory and gone when this stops: `--store file:PATH` keeps it')
  if (secret !== null) {
    // Not where the log goes, which others keep and read.
    console.error('the store has no users. Put records as JSON in a file, and send it; the secret is good for one time:')
    console.error(`curl -H 'Authorization: Bootstrap ${secret}' --data-binary @records.json ${address}/_latchwork/bootstrap`)
  }
  console.log(`latchwork serve: listening on ${address}`)
}

/** @param {() => Promise<void>} stop @param {import('../types/directory.js').Store} store */
async function end(stop, store) {
  await stop()
  await store.close?.()
  // A store's own timers, or a password that is being hashed for somebody who was cut, must not keep it up.
  process.exit(0)
}
