// @ts-check
// Cargo, as it is, with a registry of its own: owners, yanked versions, a publication and its way back.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { file, serve } from '../js/support/serve-process.mjs'
import { serveIndex } from './cargo-index.mjs'
import { run } from './run.mjs'

const RECORDS = {
  users: [
    { name: 'root', role: 'admin', password: 'password of root' },
    { name: 'ann', role: 'tech', password: 'password of ann' },
    { name: 'bob', role: 'tech', password: 'password of bob' },
    { name: 'eve', role: 'read-only', password: 'password of eve' },
  ],
  crates: [{ name: 'shelf', owners: ['ann'], versions: ['1.0.0', '1.1.0'] }],
}

const folder = mkdtempSync(join(tmpdir(), 'cargo-'))
/** @type {Awaited<ReturnType<typeof serve>>} */
let server
/** @type {Awaited<ReturnType<typeof serveIndex>>} */
let index
/** @type {Map<string, string>} */
const tokens = new Map()

before(async () => {
  server = await serve('--system', 'meuse', '--seed', file(RECORDS))
  for (const { name, password } of RECORDS.users) {
    const body = JSON.stringify({ name: 'cargo', user: name, password, validity: 1 })
    const response = await fetch(`${server.address}/api/v1/meuse/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    tokens.set(name, (await response.json()).token)
  }
  index = await serveIndex(server.address, tokens.get('root') ?? '')
})
after(async () => {
  index?.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
})

/** A file of the folder. @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** A crate in the folder, with a version of this and of nothing else. @param {string} name @param {string} more */
function crate(name, more = '') {
  write(`${name}/Cargo.toml`, `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\ndescription = "Holds up ${name}"\nlicense = "Apache-2.0"\n${more}`)
  write(`${name}/src/lib.rs`, '')
}

/**
 * Runs Cargo with the token of a user, its own home folder, and no access to another registry.
 * @param {string | null} user
 * @param {string[]} args
 * @param {string} [where] a folder of the folder
 */
function cargo(user, args, where = '') {
  const env = {
    CARGO_HOME: join(folder, 'home'),
    CARGO_TARGET_DIR: join(folder, 'target'),
    CARGO_TERM_COLOR: 'never',
    CARGO_NET_OFFLINE: 'false',
    CARGO_HTTP_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1',
    CARGO_REGISTRIES_MEUSE_INDEX: index.url,
    CARGO_REGISTRIES_MEUSE_TOKEN: user === null ? undefined : tokens.get(user),
  }
  return run('cargo', args, { cwd: join(folder, where), env })
}

/** @param {string | null} user @param {string[]} args @param {RegExp} words */
async function does(user, args, words, where = '') {
  const { code, output } = await cargo(user, [...args, '--registry', 'meuse'], where)
  assert.equal(code, 0, output)
  assert.match(output, words)
}

/** @param {string | null} user @param {string[]} args @param {RegExp} words */
async function fails(user, args, words, where = '') {
  const { code, output } = await cargo(user, [...args, '--registry', 'meuse'], where)
  assert.equal(code, 101, output)
  assert.match(output, words)
}

/** The versions of `shelf` that are yanked. */
async function yanked() {
  const response = await fetch(`${server.address}/api/v1/meuse/crate/shelf`, { headers: { authorization: tokens.get('root') ?? '' } })
  const { versions } = await response.json()
  return versions.filter((/** @type {any} */ version) => version.yanked).map((/** @type {any} */ { version }) => version)
}

test('owners are listed, added and removed', { timeout: 120_000 }, async () => {
  await does('eve', ['owner', '--list', 'shelf'], /^ann \(ann\)$/m)
  await does('ann', ['owner', '--add', 'bob', 'shelf'], /added user\(s\) bob as owner\(s\) of crate shelf/)
  await does('bob', ['owner', '--list', 'shelf'], /^ann \(ann\)\nbob \(bob\)$/m)
  await fails('bob', ['owner', '--add', 'bob', 'shelf'], /the user bob already owns the crate shelf/)
  await fails('bob', ['owner', '--add', 'nobody', 'shelf'], /the user nobody does not exist/)
  await does('bob', ['owner', '--remove', 'ann', 'shelf'], /removing \["ann"\] from crate shelf/)
  await fails('ann', ['owner', '--add', 'ann', 'shelf'], /user does not own the crate shelf/)
  await does('root', ['owner', '--add', 'ann', 'shelf'], /added user\(s\) ann/)
  await does('root', ['owner', '--remove', 'bob', 'shelf'], /removing/)
  await does('eve', ['owner', '--list', 'shelf'], /^ann \(ann\)$/m)
  await fails('eve', ['owner', '--list', 'cupboard'], /the crate cupboard does not exist/)
})

test('a version is yanked and unyanked', { timeout: 120_000 }, async () => {
  await does('ann', ['yank', 'shelf@1.0.0'], /Yank shelf@1\.0\.0/)
  assert.deepEqual(await yanked(), ['1.0.0'])
  await fails('ann', ['yank', 'shelf@1.0.0'], /crate state is already yank/)
  await fails('bob', ['yank', '--undo', 'shelf@1.0.0'], /user does not own the crate shelf/)
  assert.deepEqual(await yanked(), ['1.0.0'])
  await does('root', ['yank', '--undo', 'shelf@1.0.0'], /Unyank shelf@1\.0\.0/)
  assert.deepEqual(await yanked(), [])
  await fails('ann', ['yank', 'shelf@3.0.0'], /the version does not exist/)
  await fails('eve', ['yank', 'shelf@1.0.0'], /bad permissions|does not own/)
})

test('a crate is published, found, and used as a dependency', { timeout: 120_000 }, async () => {
  crate('bracket')
  const publish = ['publish', '--allow-dirty', '--no-verify']
  await fails('eve', publish, /bad permissions/, 'bracket')
  await does('ann', publish, /Published bracket v0\.1\.0/, 'bracket')
  await does('bob', ['owner', '--list', 'bracket'], /^ann \(ann\)$/m)
  await fails('ann', publish, /already exists/, 'bracket')
  await does(null, ['search', 'bracket'], /^bracket = "0\.1\.0" +# Holds up bracket$/m)

  crate('wall', '[dependencies]\nbracket = { version = "0.1", registry = "meuse" }\n')
  const { code, output } = await cargo(null, ['check'], 'wall')
  assert.equal(code, 0, output)
  assert.match(output, /Downloaded bracket v0\.1\.0 \(registry `meuse`\)/)
})

test('without a valid token every change is refused', { timeout: 120_000 }, async () => {
  await fails(null, ['yank', 'shelf@1.0.0'], /no token found/)
  tokens.set('stranger', 'x'.repeat(68))
  await fails('stranger', ['yank', 'shelf@1.0.0'], /token not found/)
  const revoked = await fetch(`${server.address}/api/v1/meuse/token`, {
    method: 'DELETE',
    headers: { authorization: tokens.get('ann') ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'cargo', user: 'ann' }),
  })
  assert.equal(revoked.status, 200)
  await fails('ann', ['yank', 'shelf@1.0.0'], /token not found/)
  assert.deepEqual(await yanked(), [])
})
