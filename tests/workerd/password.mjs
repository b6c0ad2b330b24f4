// @ts-check
// A worker that verifies a password.

import { hash, needsRehash, verify } from 'latchwork/password'

export default {
  async fetch() {
    const stored = await hash('correct horse')
    return Response.json([
      await verify('correct horse', stored),
      await verify('x', stored),
      await verify('x', null),
      needsRehash(stored),
      await verify('x', `${stored}$`).catch(({ code }) => code),
    ])
  },
}
