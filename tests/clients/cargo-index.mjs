// @ts-check
// The sparse index of a registry, built at each request from what the registry returns for its crates.
//
// Source: The Cargo Book, "Registry Index", "Sparse Protocol". Meuse keeps its index in a Git repository, which is
// no part of user management; Cargo needs one to know where the registry is.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

/**
 * @param {string} registry the address of the registry's API
 * @param {string} token of a user who can read crates
 */
export async function serveIndex(registry, token) {
  const server = createServer(async (request, response) => {
    try {
      const path = request.url ?? '/'
      const text = path === '/config.json' ? JSON.stringify({ dl: `${registry}/api/v1/crates`, api: registry }) : await linesOf(path.split('/').at(-1) ?? '')
      response.writeHead(text === null ? 404 : 200).end(text ?? '')
    } catch (error) {
      response.writeHead(500).end(`${error}`)
    }
  })

  /** A crate's versions, a line each; null if there is no such crate. @param {string} name */
  async function linesOf(name) {
    const response = await fetch(`${registry}/api/v1/meuse/crate/${name}`, { headers: { authorization: token } })
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    const { versions } = /** @type {{ versions: { version: string, yanked: boolean }[] }} */ (await response.json())
    const lines = versions.map(async ({ version: vers, yanked }) => JSON.stringify({ name, vers, deps: [], features: {}, cksum: await checksumOf(name, vers), yanked }))
    return `${(await Promise.all(lines)).join('\n')}\n`
  }

  /** @param {string} name @param {string} version */
  async function checksumOf(name, version) {
    const response = await fetch(`${registry}/api/v1/crates/${name}/${version}/download`)
    return createHash('sha256').update(new Uint8Array(await response.arrayBuffer())).digest('hex')
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `sparse+http://127.0.0.1:${port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
