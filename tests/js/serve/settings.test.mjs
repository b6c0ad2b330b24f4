// @ts-check
// Arguments of `latchwork serve`, and the messages of mistakes.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { parseSettings } from '../../../pkg/cli/settings.mjs'
import { file, freshPath, run } from '../support/serve-process.mjs'

test('every option has a default, except the system', () => {
  const settings = { system: 'meuse', store: 'memory', host: '127.0.0.1', port: 4174, seed: undefined, guards: undefined, publicUrl: undefined, allowedOrigins: undefined, limits: {} }
  assert.deepEqual(parseSettings(['--system', 'meuse']), settings)
  assert.deepEqual(parseSettings(['--port=0', '--system=meuse', '--seed', '-x']), { ...settings, port: 0, seed: '-x' })
  assert.deepEqual(parseSettings(['--system', 'meuse', '--guards', 'strict']), { ...settings, guards: 'strict' })
  const origins = ['https://a.example', 'http://localhost:3000']
  assert.deepEqual(parseSettings(['--system', 'meuse', '--public-url', 'https://id.example', ...origins.flatMap((origin) => ['--allow-origin', origin])]), { ...settings, publicUrl: 'https://id.example', allowedOrigins: origins })
  assert.deepEqual(parseSettings(['--system', 'meuse', '--limit', 'body=1024', '--limit=upload=5000000']), { ...settings, limits: { body: 1024, upload: 5_000_000 } })
  assert.deepEqual(parseSettings(['--system', 'meuse', '-p', '8855']), { ...settings, port: 8855 })
  assert.equal(parseSettings(['--port', '99999', '--help']), 'help')
  assert.equal(parseSettings(['-h']), 'help')
  assert.equal(parseSettings(['-v']), 'version')
})

const known = ['--system', 'arangodb', '--port', '0']

for (const [code, words, remedy] of /** @type {[string, string[], RegExp][]} */ ([
  ['unknown_command', [], /expected `latchwork COMMAND` with one of check, .*serve, got no command: `latchwork --help`/],
  ['unknown_command', ['server'], /unknown command `server`: did you mean `latchwork serve`\?/],
  ['unknown_command', ['start'], /unknown command `start`: expected `latchwork COMMAND` with one of check, .*serve/],
  ['missing_option', ['serve'], /type `--system NAME`/],
  ['unknown_option', ['serve', '--sytem', 'arangodb'], /`--sytem`: did you mean `--system`\?/],
  ['unknown_option', ['serve', '--colour', 'red'], /`--colour`: expected one of --system, --store/],
  ['unknown_option', ['serve', '-s', 'arangodb'], /`-s`/],
  ['unexpected_argument', ['serve', 'arangodb'], /unexpected argument `arangodb`: did you mean `--system arangodb`\?/],
  ['unexpected_argument', ['serve', ...known, 'again'], /unexpected argument `again`: type `--NAME VALUE`/],
  ['missing_value', ['serve', '-p'], /type `--port VALUE`/],
  ['duplicate_option', ['serve', ...known, '-p', '1'], /`--port` is given twice/],
  ['unknown_system', ['serve', '--system', 'arango'], /unknown system `arango`: did you mean `--system arangodb`\?/],
  ['unknown_system', ['serve', '--system', 'Tyk'], /did you mean `--system tyk`\?/],
  ['missing_value', ['serve', '--system'], /type `--system VALUE`/],
  ['missing_value', ['serve', '--system', '--port', '0'], /type `--system VALUE`/],
  ['missing_value', ['serve', '--system='], /type `--system VALUE`/],
  ['duplicate_option', ['serve', ...known, '--port', '1'], /`--port` is given twice/],
  ['unknown_system', ['serve', '--system', 'constructor'], /one of antmedia, arangodb, meuse, tyk, wso2\n/],
  ['invalid_value', ['serve', '--system', 'arangodb', '--port', '65536'], /from 0 to 65535/],
  ['invalid_value', ['serve', '--system', 'arangodb', '--port', '1e3'], /from 0 to 65535/],
  ['invalid_value', ['serve', ...known, '--guards', 'loose'], /type `--guards strict`, or omit it/],
  ['invalid_value', ['serve', ...known, '--store', 'redis://x'], /expected `memory`, `file:PATH` or/],
  ['invalid_value', ['serve', ...known, '--store', 'file:'], /expected `memory`, `file:PATH` or/],
  ['invalid_value', ['serve', ...known, '--store', 'file://elsewhere/x'], /type `file:PATH`/],
  ['invalid_value', ['serve', ...known, '--public-url', 'id.example'], /expected `https:\/\/HOST`.*after `--public-url`/],
  ['invalid_value', ['serve', ...known, '--allow-origin', '*'], /expected `https:\/\/HOST`.*`--allow-origin`/],
  ['invalid_value', ['serve', ...known, '--limit', 'body'], /type `--limit body=131072`/],
  ['invalid_value', ['serve', ...known, '--limit', 'size=5'], /with one of body, document, upload/],
  ['invalid_value', ['serve', ...known, '--limit', 'body=0'], /whole number of bytes from 1 to 104857600.*`--limit`/],
  ['invalid_value', ['serve', ...known, '--limit', 'upload=5'], /at least `body`/],
  ['duplicate_option', ['serve', ...known, '--limit', 'body=5', '--limit', 'body=6'], /given twice/],
  ['unknown_host', ['serve', ...known, '--host', '192.0.2.1'], /an address of this machine/],
  ['store_unavailable', ['serve', ...known, '--store', `file:${freshPath()}/none/such`], /^latchwork: the folder `.+none` does not exist: create it \(or type another `--store file:PATH`\)\n$/],
  ['store_unavailable', ['serve', ...known, '--store', `file:${file('x')}/users.db`], /is a file, not a folder.*\(or type another `--store file:PATH`\)\n$/],
  ['store_unavailable', ['serve', ...known, '--store', 'file:/'], /the path `\/` is a folder: give the path of a file \(or/],
  ['store_unavailable', ['serve', ...known, '--store', `file:${file('not a database, and longer than the header of one, so that no engine accepts it: '.repeat(9))}`], /^latchwork: the file `.+` is not a database \(or type another `--store file:PATH`\)\n$/],
  ['unreadable_seed', ['serve', ...known, '--seed', freshPath()], /the file does not exist: type `--seed FILE`/],
  ['unreadable_seed', ['serve', ...known, '--seed', '/'], /it is a folder/],
  ['malformed_json', ['serve', ...known, '--seed', file('{"users": {"ann": {"passwd": "tiger')], /is not JSON\n {2}.+:1:30: the string is not closed /],
  ['malformed_json', ['serve', ...known, '--seed', file('{\n  "users": {\n    "ann": {"passwd": "tiger",}\n  }\n}')], /:3:31: expected a name in double quotes /],
  ['malformed_json', ['serve', ...known, '--seed', file('{"users": {}, "users": {"ann": {"passwd": "tiger"}}}')], /:1:15: the object has this name twice /],
  ['malformed_json', ['serve', ...known, '--seed', file(Uint8Array.of(0xff, 0xfe))], /save it as UTF-8/],
  ['no_admin', ['serve', ...known, '--guards', 'strict', '--seed', file('{"users": {"ann": {}}}')], /add an active administrator with a password: correct the file after `--seed`/],
  ['invalid_records', ['serve', ...known, '--seed', file('5')], /correct the file after `--seed`\n  \/: expected an object/],
])) {
  test(`${code}: latchwork ${words.join(' ')}`, async () => {
    const { code: status, out, err } = await run(...words)
    assert.equal(status, 2, err)
    assert.equal(out, '')
    const [line] = err.split('\n')
    assert.ok(line.startsWith('latchwork: ') && line.endsWith(` (${code})`), err)
    assert.match(err.replace(` (${code})\n`, '\n'), remedy)
    assert.doesNotMatch(err, /tiger|\n +at /)
  })
}

test('a named pipe as the store is a mistake, and the command does not wait for its other end', { skip: process.platform === 'win32' ? 'Windows has no pipes and devices in folders' : false }, async () => {
  const path = freshPath()
  execFileSync('mkfifo', [path])
  const { code, out, err } = await run('serve', ...known, '--store', `file:${path}`)
  assert.deepEqual({ code, out }, { code: 2, out: '' })
  assert.match(err, /^latchwork: the file `.+` cannot be .*\(or type another `--store file:PATH`\) \(store_unavailable\)\n$/)
})

test('an error does not repeat a token in an address', async () => {
  const { code, err } = await run('serve', ...known, '--store', 'libsql://db.example?authToken=tiger')
  assert.equal(code, 2)
  assert.match(err, /LATCHWORK_STORE_TOKEN/)
  assert.doesNotMatch(err, /tiger/)
})

test('a secret that is too short is refused, and not repeated', async () => {
  process.env.LATCHWORK_SECRET = 'tiger'
  try {
    const { code, err } = await run('serve', ...known)
    assert.equal(code, 2)
    assert.match(err, /at least 32 bytes.*LATCHWORK_SECRET.*\(weak_secret\)/)
    assert.doesNotMatch(err, /tiger/)
  } finally {
    delete process.env.LATCHWORK_SECRET
  }
})

test('all problems of a seed are printed together', async () => {
  const { code, err } = await run('serve', ...known, '--seed', file({ users: { ann: { passwd: 7 }, bob: { grants: { shop: { level: 'all' } } } }, more: 1 }))
  assert.equal(code, 2)
  const lines = err.trim().split('\n').slice(1)
  assert.deepEqual(lines.map((line) => /^ {2}(\S+): .+ \(\w+\)$/.exec(line)?.[1]).sort(), ['/more', '/users/ann/passwd', '/users/bob/grants/shop/level'])
})

test('a port that is in use is an error that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = /** @type {import('node:net').AddressInfo} */ (other.address())
  try {
    const { code, err } = await run('serve', '--system', 'arangodb', '--port', String(port))
    assert.equal(code, 2)
    assert.match(err, /in use: type another `--port`, or 0 .*\(port_in_use\)/)
  } finally {
    other.close()
  }
})

test('`--help` and `--version` print to the standard output', async () => {
  for (const words of [['serve', '--help'], ['serve', '-h']]) {
    const { code, out } = await run(...words)
    assert.equal(code, 0)
    assert.match(out, /^usage: latchwork serve --system NAME/)
    assert.match(out, / antmedia, arangodb, meuse, tyk or wso2$/m)
  }
  for (const words of [['--version'], ['-v'], ['serve', '-v'], ['serve', '--version']]) {
    const { code, out } = await run(...words)
    assert.equal(code, 0)
    assert.match(out, /^\d+\.\d+\.\d+\n$/)
  }
})
