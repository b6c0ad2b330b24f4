// @ts-check
// A PostgreSQL of the test's own, in a temporary folder and on a loopback port, which ends with the test.

import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const USER = 'tester'

/** PostgreSQL does not run as root. */
function identity() {
  if (process.getuid?.() !== 0) return {}
  const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })

/** Starts a server; what to connect to, and how to end it. */
export async function startPostgres() {
  const programs = process.env.POSTGRES
  if (!programs) throw new Error('POSTGRES is not set: run scripts/databases')
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-postgres-'))
  const owner = identity()
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' }, ...owner }
  execFileSync(join(programs, 'initdb'), ['--pgdata', data, '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await freePort()
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder, '-c', 'fsync=off', '-c', 'max_connections=20'], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-10_000)))
  const ended = new Promise((resolve) => server.on('exit', resolve))
  const stop = async () => {
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const connection = { host: '127.0.0.1', port, user: USER, database: 'postgres' }
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client(connection)
    try {
      await client.connect()
      return { connection, client, stop: () => client.end().then(stop) }
    } catch (error) {
      if (tries < 100 && server.exitCode === null) {
        await sleep(100)
        continue
      }
      await stop()
      throw new Error(`PostgreSQL did not start: ${log}`, { cause: error })
    }
  }
}
