// @ts-check
// What happens to a file while a store has it open: deleted, replaced, full, read-only, damaged.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { libsqlStore } from 'latchwork/stores/libsql'
import { refused } from '../support/stores/contract.mjs'

const FOLLOWER = fileURLToPath(new URL('../support/stores/file-client.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'latchwork-file-'))
chmodSync(folder, 0o755)
/** @type {Set<import('node:child_process').ChildProcess>} */
const moduleState = new Set()
after(() => {
  for (const child of moduleState) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
const fresh = () => join(folder, `${(files += 1)}.db`)

const put = { key: 'a', expect: null, value: 'x' }

/** Another process with the file open; `ask` sends it a line and gives its answer. @param {string} program @param {string[]} words */
const follow = (program, ...words) => followAs({}, program, ...words)

/** @param {{ uid?: number, gid?: number }} user @param {string} program @param {string[]} words */
function followAs(user, program, ...words) {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], ...user })
  moduleState.add(child)
  const closed = once(child, 'close').then(() => moduleState.delete(child))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    /** @param {string} [line] */
    async ask(line = '') {
      child.stdin.write(`${line}\n`)
      return String((await lines.next()).value)
    },
    async end() {
      child.stdin.end()
      await closed
    },
  }
}

const ends = ['', '-wal', '-shm']

for (const [what, lose, message] of /** @type {[string, (file: string) => Promise<void> | void, RegExp][]} */ ([
  ['deleted', (file) => ends.forEach((end) => rmSync(file + end)), /was deleted or moved while it was open/],
  ['deleted, but not the files beside it', (file) => rmSync(file), /was deleted or moved while it was open/],
  ['moved', (file) => ends.forEach((end) => renameSync(file + end, `${file}-old${end}`)), /was deleted or moved while it was open/],
  ['robbed of the log beside it', (file) => rmSync(`${file}-wal`), /-wal` was deleted or moved while it was open/],
  [
    'replaced by another',
    async (file) => {
      const other = fresh()
      const store = libsqlStore({ file: other })
      await store.commit([{ key: 'other', expect: null, value: '' }])
      await store.close?.()
      ends.forEach((end) => rmSync(file + end))
      renameSync(other, file)
    },
    /was replaced while it was open/,
  ],
])) {
  test(`a commit to a file that was ${what} is refused, and so is a read`, { timeout: 60_000 }, async () => {
    const file = fresh()
    const { ask, end } = follow(process.execPath, FOLLOWER, file)
    assert.equal(await ask(), 'k1')
    assert.equal(await ask(), 'k2')
    await lose(file)
    for (const line of ['', 'read', '']) {
      const answer = await ask(line)
      assert.match(answer, /^store_unavailable: /)
      assert.match(answer, message)
    }
    await end()
  })
}

test('a process with a replaced file is refused, and closing it does not damage the new file', { timeout: 60_000 }, async () => {
  const file = fresh()
  const old = follow(process.execPath, FOLLOWER, file)
  assert.equal(await old.ask(), 'k1')
  ends.forEach((end) => rmSync(file + end))
  const young = follow(process.execPath, FOLLOWER, file)
  assert.equal(await young.ask(), 'k1')
  assert.match(await old.ask(), /^store_unavailable: .*was replaced/)
  assert.equal(await young.ask(), 'k2')
  await old.end()
  assert.ok(existsSync(`${file}-wal`), 'the log of the new file was not deleted by the end of the old one')
  assert.equal(await young.ask(), 'k3')
  await young.end()
  const store = libsqlStore({ file })
  assert.deepEqual((await store.scan('', null, 10)).map(({ key }) => key), ['k1', 'k2', 'k3'])
  await store.close?.()
})

test('a file that is restored at its path is used again', async () => {
  const file = fresh()
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  ends.forEach((end) => renameSync(file + end, `${file}-away${end}`))
  await refused(() => store.commit([{ key: 'b', expect: null, value: '' }]), 'store_unavailable')
  ends.forEach((end) => renameSync(`${file}-away${end}`, file + end))
  assert.equal(await store.commit([{ key: 'b', expect: null, value: '' }]), true)
  await store.close?.()
})

test('a relative path names the same file after the working folder changed', async () => {
  const before = process.cwd()
  mkdirSync(join(folder, 'elsewhere'))
  process.chdir(folder)
  try {
    const store = libsqlStore({ file: 'relative.db' })
    assert.equal(await store.commit([put]), true)
    process.chdir('elsewhere')
    assert.equal(await store.commit([{ key: 'b', expect: null, value: '' }]), true)
    await store.close?.()
  } finally {
    process.chdir(before)
  }
})

test('a full disk is an error that names it, stores no partial commit, and the store continues when there is space', async () => {
  const file = fresh()
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  // The engine itself stops at a number of pages as at a full disk. The binding shares one class for all connections.
  const Database = createRequire(createRequire(import.meta.url).resolve('@libsql/client'))('libsql')
  const { prepare } = Database.prototype
  let pages = 3
  Database.prototype.prepare = function (/** @type {string} */ sql) {
    if (!sql.startsWith('PRAGMA')) prepare.call(this, `PRAGMA max_page_count = ${pages}`).all()
    return prepare.call(this, sql)
  }
  try {
    const error = await refused(() => store.commit([{ key: 'b', expect: null, value: 'x'.repeat(100_000) }, { key: 'c', expect: null, value: '' }]), 'store_unavailable')
    assert.match(error.message, /the disk of the file `.+` is full: free space/)
    assert.deepEqual((await store.scan('', null, 10)).map(({ key }) => key), ['a'])
    pages = 1_000_000
    assert.equal(await store.commit([{ key: 'b', expect: null, value: 'x'.repeat(100_000) }]), true)
  } finally {
    Database.prototype.prepare = prepare
  }
  await store.close?.()
})

test('a file that cannot grow refuses the commit, and keeps acknowledged commits', { timeout: 60_000 }, async () => {
  const file = fresh()
  // In KiB: the limit of the shell on the size of each file.
  const { ask, end } = follow('bash', '-c', `ulimit -f 300; exec "$0" "$@"`, process.execPath, FOLLOWER, file, '20000')
  const acknowledged = []
  let answer = await ask()
  for (; /^k\d+$/.test(answer); answer = await ask()) acknowledged.push(answer)
  assert.match(answer, /^store_unavailable: the file `.+` cannot be read or written \(SQLITE_IOERR\w*\): the disk is full, over a quota, or failing$/)
  await end()
  assert.ok(acknowledged.length > 0)
  const store = libsqlStore({ file })
  assert.deepEqual((await store.read(acknowledged)).map((entry) => entry?.key), acknowledged)
  await store.close?.()
})

/** A user whom permissions stop, unlike the superuser. */
const ORDINARY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** The error that a user without write permission gets from a commit. @param {string} file */
async function refusal(file) {
  const { ask, end } = followAs(ORDINARY, process.execPath, FOLLOWER, file)
  const answer = await ask()
  await end()
  return answer
}

test('a file or a folder that cannot be written has an error that names it', { timeout: 60_000 }, async () => {
  const closedFolder = join(folder, 'closed')
  mkdirSync(closedFolder)
  const file = join(closedFolder, 'users.db')
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  await store.close?.()
  chmodSync(file, 0o444)
  assert.match(await refusal(file), /^store_unavailable: the file `.+users\.db` cannot be written: give this user write access/)
  chmodSync(file, 0o666)
  chmodSync(closedFolder, 0o555)
  for (const path of [file, join(closedFolder, 'new.db')]) {
    assert.match(await refusal(path), /^store_unavailable: the database must create files in the folder `.+closed`, which is not writable: give this user write access/)
  }
  chmodSync(closedFolder, 0o755)
})

test('a path that cannot name a database has an error that names the reason', async () => {
  const text = fresh()
  writeFileSync(text, 'no database at all '.repeat(100))
  for (const [file, message] of /** @type {[string, RegExp][]} */ ([
    [text, /^the file `.+` is not a database$/],
    [folder, /^the path `.+` is a folder: give the path of a file$/],
    [join(folder, 'none', 'x.db'), /^the folder `.+none` does not exist: create it$/],
    [join(text, 'x.db'), /^the path `.+` is a file, not a folder/],
  ])) {
    assert.match((await refused(() => libsqlStore({ file }).read(['a']), 'store_unavailable')).message, message)
  }
})

/** A file of many pages. @param {string} file */
async function fill(file) {
  const store = libsqlStore({ file })
  for (let part = 0; part < 4; part += 1) {
    await store.commit(Array.from({ length: 2_000 }, (_, index) => ({ key: `k${part}-${String(index).padStart(4, '0')}`, expect: null, value: 'x'.repeat(1_000) })))
  }
  await store.close?.()
}

/** Overwrites pages with nonsense, in another process: closing a file here would give up the engine's locks on it. @param {string} file */
function damage(file) {
  const page = Math.floor(statSync(file).size / 4096 / 2)
  execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=4096', `seek=${page}`, 'count=8', 'conv=notrunc'], { stdio: 'ignore' })
}

test('a damaged file is not opened', async () => {
  const file = fresh()
  await fill(file)
  damage(file)
  const store = libsqlStore({ file })
  for (let times = 0; times < 2; times += 1) {
    const error = await refused(() => store.commit([put]), 'store_unavailable')
    assert.match(error.message, /^the file `.+` is damaged, so the store stopped writing to it: restore a copy/)
  }
  await refused(() => store.read(['a']), 'store_unavailable')
  await store.close?.()
})

test('after damage is detected every commit is refused, also on undamaged pages', async () => {
  const file = fresh()
  await fill(file)
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  const copy = `${file}-copy`
  copyFileSync(`${file}-wal`, copy)
  damage(file)
  /** @type {unknown} */
  let failure
  for (let part = 0; part < 4 && !failure; part += 1) failure = await store.scan(`k${part}`, null, 2_000).then(() => undefined, (error) => error)
  assert.match(String(/** @type {any} */ (failure)?.message), /is damaged/)
  for (let times = 0; times < 3; times += 1) {
    const error = await refused(() => store.commit([{ key: `b${times}`, expect: null, value: '' }]), 'store_unavailable')
    assert.match(error.message, /is damaged, so the store stopped writing to it/)
  }
  assert.equal((await store.read(['a']))[0]?.value, 'x', 'what is whole can be read')
  await store.close?.()
})
