// @ts-check
// A directory on Cloudflare: every place that answers asks one Durable Object, so whoever is deactivated is out at
// the next request, everywhere.

import { createDirectory } from 'latchwork/directory'
import { durableObjectStore } from 'latchwork/stores/durable-object'

export { LatchworkStore } from 'latchwork/stores/durable-object'

/** Made at the first request: it remembers for a minute which passwords were right. @type {import('latchwork/directory').Directory | undefined} */
let directory

export default {
  /**
   * @param {Request} request
   * @param {{ STORE: import('latchwork/stores/durable-object').ObjectNamespace, SYSTEM: import('latchwork/directory').DirectorySystem }} env
   * @param {import('latchwork/directory').FetchContext} ctx keeps the worker up until mails are out
   */
  async fetch(request, env, ctx) {
    directory ??= await open(env)
    return directory.fetch(request, ctx)
  },
}

/** @param {{ STORE: import('latchwork/stores/durable-object').ObjectNamespace, SYSTEM: import('latchwork/directory').DirectorySystem }} env */
async function open({ STORE, SYSTEM }) {
  const directory = createDirectory({ system: SYSTEM, store: durableObjectStore(STORE), client, log })
  const secret = await directory.bootstrap()
  // Only whoever runs the worker reads its log.
  if (secret !== null) console.log(`the store has no users: POST records to /_latchwork/bootstrap with the header "Authorization: Bootstrap ${secret}"`)
  return directory
}

/** Cloudflare says who sent a request, and takes off what a client says of it. @param {Request} request */
function client({ headers }) {
  return headers.get('cf-connecting-ip') ?? ''
}

/** @param {import('latchwork/directory').LogEvent} event */
function log({ method, path, status, actor, decisions, milliseconds, failure }) {
  console.log(JSON.stringify({ method, path, status, actor, rule: decisions.at(-1)?.rule, ms: milliseconds, failure: failure && String(failure) }))
}
