// @ts-check
// A directory on Cloudflare. All locations use one Durable Object, so a deactivated user is refused everywhere at the next
// request.

import { createDirectory } from 'latchwork/directory'
import { durableObjectStore } from 'latchwork/stores/durable-object'

export { LatchworkStore } from 'latchwork/stores/durable-object'

/** Created at the first request, and kept: it remembers verified passwords for a minute. @type {import('latchwork/directory').Directory | undefined} */
let directory

export default {
  /**
   * @param {Request} request
   * @param {{ STORE: import('latchwork/stores/durable-object').ObjectNamespace, SYSTEM: import('latchwork/directory').DirectorySystem }} env
   * @param {import('latchwork/directory').FetchContext} ctx keeps the worker running until mails are sent
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
  // Only the operator of the worker reads its log.
  if (secret !== null) console.log(`the store has no users: POST records to /_latchwork/bootstrap with the header "Authorization: Bootstrap ${secret}"`)
  return directory
}

/** The client's address. Cloudflare sets this header, and removes one that the client sends. @param {Request} request */
function client({ headers }) {
  return headers.get('cf-connecting-ip') ?? ''
}

/** @param {import('latchwork/directory').LogEvent} event */
function log({ method, path, status, actor, decisions, milliseconds, failure }) {
  console.log(JSON.stringify({ method, path, status, actor, rule: decisions.at(-1)?.rule, ms: milliseconds, failure: failure && String(failure) }))
}
