// @ts-check
// Directories to try out: a few users each, in memory, with passwords of this start alone.

import { randomBytes } from 'node:crypto'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'

/** A password that is not known before; where nobody signs in by it, nobody needs to see it. */
const draw = () => randomBytes(12).toString('base64url')

/** Where each is, what answers there, and a line to try it. */
export async function exampleDirectories() {
  const [root, admin] = [draw(), draw()]
  return [
    {
      path: '/arangodb',
      fetch: await filled('arangodb', {
        databases: { shop: ['items', 'orders'] },
        users: {
          root: { passwd: root, grants: { _system: { level: 'rw' }, '*': { level: 'rw' } } },
          alice: { passwd: draw(), grants: { shop: { level: 'ro', collections: { items: 'rw' } } } },
        },
      }),
      curl: `curl -u 'root:${root}' ADDRESS/_api/user`,
    },
    {
      path: '/meuse',
      fetch: await filled('meuse', {
        users: [
          { name: 'root_user', role: 'admin', description: 'may do anything', password: admin },
          { name: 'ci', role: 'tech', description: 'publishes', password: draw() },
        ],
      }),
      curl: `curl --data '${JSON.stringify({ name: 'laptop', user: 'root_user', password: admin, validity: 1 })}' ADDRESS/api/v1/meuse/token`,
    },
  ]
}

/** @template {import('latchwork/directory').DirectorySystem} S @param {S} system @param {import('latchwork').Records<S>} records */
async function filled(system, records) {
  const directory = createDirectory({ system, store: memoryStore() })
  await directory.seed(records)
  return directory.fetch
}
