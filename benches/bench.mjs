// @ts-check
// Measures every model beside its peers, prints the tables, and writes them into docs/reference/benchmarks.md and the README.
//
//     npm run bench                         everything, and the documentation
//     npm run bench -- speed memory         these parts only: decisions speed peers memory load bundle open growth
//                                           password directory lists seed serve page
//     npm run bench -- --models tyk,wso2    these models only
//     --rounds N   --json FILE (keeps the figures)   --compare FILE (prints what is slower than kept figures)
//     --readme     writes the documentation also when only some parts ran: the others' rows are missing then.
//                  The table of directory, lists, password, seed and serve is apart from those of the models
//
// Each part runs in processes of its own (`measurements/`), so that no candidate has another's heap or compiled code.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MODELS, subpath, workload } from './document.mjs'
import { median } from './clock.mjs'
import { PEERS, installPeers, peer } from './peers.mjs'
import { compared, rowsOf, serverTable, tables, writePages, writeServerTable } from './tables.mjs'

const TABLE_PARTS = ['decisions', 'speed', 'peers', 'memory', 'load', 'bundle', 'open', 'growth']
/** Parts that are not measured for each model; each is a program that prints rows. */
const SERVER_PARTS = ['password', 'directory', 'lists', 'seed', 'serve']
const OTHER_PARTS = [...SERVER_PARTS, 'page']
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { models: { type: 'string' }, rounds: { type: 'string', default: '15' }, json: { type: 'string' }, compare: { type: 'string' }, readme: { type: 'boolean' } },
})
const unknown = positionals.find((part) => !TABLE_PARTS.includes(part) && !OTHER_PARTS.includes(part))
if (unknown !== undefined) throw new Error(`unknown part \`${unknown}\`, expected ${[...TABLE_PARTS, ...OTHER_PARTS].join(', ')}`)
const models = values.models?.split(',') ?? MODELS
for (const model of models) if (!MODELS.includes(model)) throw new Error(`unknown model \`${model}\`, expected ${MODELS.join(', ')}`)
const parts = new Set(positionals.length > 0 ? positionals : [...TABLE_PARTS, ...OTHER_PARTS])
/** Peers are asked the questions of this model. */
const REFERENCE = models.includes('rbac') ? 'rbac' : models[0]
const COUNTS = [1, 1_000, 20_000]
const OPENED = [1_000, 100_000]
const LOADS = 9

/** Runs a part in a process of its own; what it printed. @param {string} part @param {string[]} words @param {string[]} [flags] */
function run(part, words, flags = []) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, fileURLToPath(new URL(`measurements/${part}.mjs`, import.meta.url)), ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${part} ${words.join(' ')}: ${signal ?? status}\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

const begin = performance.now()
const progress = (/** @type {string} */ text) => process.stderr.write(`${String(Math.round((performance.now() - begin) / 1_000)).padStart(4)} s  ${text}\n`)

/** What a program printed as its last line. @param {{ status: number | null, signal: string | null, stdout: string }} ended @param {string} what */
function lastLine({ status, signal, stdout }, what) {
  if (status !== 0) throw new Error(`${what}: ${signal ?? status}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** @type {any} */
const figures = { date: new Date().toISOString().slice(0, 10), node: process.version, cpu: cpus()[0]?.model, models: {}, peers: {} }
for (const model of models) figures.models[model] = { targets: (await workload(model)).targets ?? {} }

if ([...parts].some((part) => TABLE_PARTS.includes(part))) {
  installPeers()
  for (const name of PEERS) figures.peers[name] = {}
}

/** @param {string} part @param {(model: string) => unknown} measure */
function forModels(part, measure) {
  if (!parts.has(part)) return
  for (const model of models) {
    progress(`${part}: ${model}`)
    figures.models[model][part] = measure(model)
  }
}

/** Peers that make a subject by itself. @type {string[]} */
const alone = []
if (TABLE_PARTS.some((part) => parts.has(part))) for (const name of PEERS) if ((await peer(name)).fresh) alone.push(name)

/** @param {string} part @param {string[]} names @param {(name: string) => unknown} measure */
function forPeers(part, names, measure) {
  if (!parts.has(part)) return
  for (const name of names) {
    progress(`${part}: ${name}`)
    figures.peers[name][part] = attempted(() => measure(name))
  }
}

/** What a part measured; a process that Node's own faults ended gets further chances (cedar-wasm). @param {() => unknown} measure */
function attempted(measure) {
  for (let left = 3; ; left -= 1) {
    try {
      return measure()
    } catch (error) {
      if (left === 0 || !/: SIG[A-Z]+\n/.test(String(error))) throw error
    }
  }
}

forModels('decisions', (model) => attempted(() => run('decisions', [model])))
forModels('speed', (model) => Object.fromEntries(COUNTS.map((count) => [count, run('speed', [model, String(count), values.rounds], ['--max-old-space-size=8000'])])))
forPeers('peers', PEERS, (name) => run('peers', [REFERENCE, name, values.rounds]))
forModels('memory', (model) => run('memory', [model], ['--expose-gc']))
forPeers('memory', alone, (name) => run('memory', [REFERENCE, name], ['--expose-gc']))
if (parts.has('load')) {
  progress(`load: ${LOADS} fresh processes of each`)
  /** @type {Map<string[], number[]>} */
  const taken = new Map([...models.map((model) => [model]), ...PEERS.map((name) => [REFERENCE, name])].map((words) => [words, []]))
  for (let round = 0; round < LOADS; round += 1) {
    for (const [words, times] of taken) times.push(Number(/** @type {any} */ (attempted(() => run('load', words))).took))
  }
  for (const [[model, name], times] of taken) (name ? figures.peers[name] : figures.models[model]).load = median(times)
}
forModels('bundle', (model) => ({ path: subpath(model), ...run('bundle', [subpath(model)]) }))
if (parts.has('bundle')) figures.all = run('bundle', ['latchwork'])
forPeers('bundle', PEERS, (name) => run('bundle', ['--peer', name]))
forModels('open', (model) => Object.fromEntries(OPENED.map((count) => [count, run('open', [model, String(count)], ['--max-old-space-size=12000'])])))
forModels('growth', (model) => run('growth', [model, values.rounds]))

const isWhole = models.length === MODELS.length
if (TABLE_PARTS.some((part) => parts.has(part))) {
  const text = await tables(figures, REFERENCE)
  console.log(`\n${text}`)
  if (values.readme || (isWhole && TABLE_PARTS.every((part) => parts.has(part)))) writePages(text)
}

/** @type {import('./rows.mjs').Row[]} */
const served = []
for (const part of SERVER_PARTS.filter((part) => parts.has(part))) {
  progress(part)
  served.push(...lastLine(spawnSync(process.execPath, ['--max-old-space-size=12000', fileURLToPath(new URL(`${part}.mjs`, import.meta.url))], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }), part))
}
if (served.length > 0) {
  const text = serverTable(served, figures)
  console.log(`\n${text}`)
  if (values.readme || SERVER_PARTS.every((part) => parts.has(part))) writeServerTable(text)
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ figures, served, rows: rowsOf(figures) }, null, 1)}\n`)
if (values.compare) console.log(compared(JSON.parse(readFileSync(values.compare, 'utf8')).rows, rowsOf(figures)))

if (parts.has('page')) {
  progress('page')
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('page.mjs', import.meta.url))], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
progress('done')
