// @ts-check
// Writes what the package has for each model, from the one list of models, and the bundles: `node xtask/entries.mjs [MODEL...]`.
//
//   pkg/models/    an entry for each model, its `/web` and `/server`, and their types
//   pkg/node/, pkg/cjs/   every entry, bundled by bundles.mjs; `*.d.cts` beside every `*.d.ts`
//   pkg/<subpath>/package.json   for resolvers that ignore `exports`

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENTRIES, writeBundles } from './bundles.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const pkg = join(root, 'pkg')
const models = process.argv.slice(2)

/** Writes a file, if it is not so already. @param {string} path in the package @param {string} text */
function write(path, text) {
  const place = join(pkg, path)
  mkdirSync(dirname(place), { recursive: true })
  if (!existsSync(place) || readFileSync(place, 'utf8') !== text) writeFileSync(place, text)
}

/** Whether requests of the product have questions. @param {string} model */
const hasRoutes = (model) => existsSync(join(root, 'src/systems', model, 'calls.rs'))

/** The types of a model's entry: a template of its own, or that of all models. @param {string} model */
function typesOf(model) {
  const own = join(pkg, `types/${model}.template`)
  const template = readFileSync(existsSync(own) ? own : join(pkg, 'types/model.template'), 'utf8')
  const [common, routes = ''] = template.split('// routes\n')
  return `${common}${hasRoutes(model) ? routes : ''}`.replaceAll('MODEL', model).trimEnd() + '\n'
}

/**
 * The functions that models can have: where each is, and what it takes besides the instance and the model; `needsKind` if
 * that includes the class of what is opened, which comes last.
 */
const FUNCTIONS = [
  { name: 'open', file: 'open', takes: ['records', 'options'], needsKind: true },
  { name: 'validate', file: 'forms', takes: ['kind', 'value'] },
  { name: 'schema', file: 'forms', takes: ['kind'] },
  { name: 'classify', file: 'calls', takes: ['request'] },
  { name: 'classifyRequest', file: 'calls', takes: ['request'] },
  { name: 'vocabulary', file: 'vocabulary', takes: [] },
]

/** The class of what a model opens, and its file: a larger one if users can bring records, or decisions depend on the time. @param {string} model */
function kindOf(model) {
  const isLarge = /const ACCEPTS_RECORDS: bool = true;|fn has_bounds\(/.test(readFileSync(join(root, 'src/systems', model, 'mod.rs'), 'utf8'))
  return isLarge ? ['RecordAuthorizer', 'record-authorizer'] : ['Authorizer', 'authorizer']
}

/** @param {string} model */
function writeModel(model) {
  const [Kind, kindFile] = kindOf(model)
  const types = typesOf(model)
  const names = [...types.matchAll(/^export function (\w+)/gm)].map(([, name]) => name).join(', ')
  const instance = `const instance = instanceOf('${model}', { ${model}: explanations }, glue)`
  write(`models/${model}.mjs`, `import source from '#wasm/${model}'
import { functionsOf } from '../core/entry.mjs'
import glue from '../core/glue.mjs'
import { sourceOf } from '../core/inline.mjs'
import { instanceOf } from '../core/questions.mjs'
import { ${Kind} } from '../core/${kindFile}.mjs'
import explanations from '../wasm/${model}.rules.mjs'

${instance}
instance.provide(sourceOf(source))

export const { ${names} } = functionsOf(instance, '${model}', ${Kind})
export { LatchworkError } from '../core/error.mjs'
`)
  const own = FUNCTIONS.filter(({ name }) => names.split(', ').includes(name))
  if (own.length !== names.split(', ').length) throw new Error(`${model} has a function that is not in FUNCTIONS: ${names}`)
  // A function each, so that a bundler leaves out what a page does not use. The order of the imports is that of the files in a
  // page's bundle: in this one it compresses best.
  write(`models/${model}.web.mjs`, `import explanations from '../wasm/${model}.rules.mjs'
import { ${Kind} } from '../core/${kindFile}.mjs'
import { instanceOf } from '../core/questions.mjs'
import { initOf } from '../core/init.mjs'
import glue from '../core/glue.mjs'
${own.map(({ name, file }) => `import { ${name} as ${name}In } from '../core/${file}.mjs'\n`).reverse().join('')}
${instance}

export const init = initOf(instance, '${model}.wasm', () => new URL('../wasm/${model}.wasm', import.meta.url))
${own.map(({ name, takes, needsKind }) => `export const ${name} = (${takes.join(', ')}) => ${name}In(${['instance', `'${model}'`, ...takes, ...(needsKind ? [Kind] : [])].join(', ')})\n`).join('')}export { LatchworkError } from '../core/error.mjs'
`)
  write(`models/${model}.server.mjs`, `import source from '#wasm/server'
import { functionsOf } from '../core/entry.mjs'
import { sourceOf } from '../core/inline.mjs'
import { instanceOf } from '../core/questions.mjs'
import { ServerAuthorizer } from '../core/server.mjs'
import glue from '../wasm/core.js'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('server', explanations, glue)
instance.provide(sourceOf(source))

export const { ${names} } = functionsOf(instance, '${model}', ServerAuthorizer)
export { LatchworkError } from '../core/error.mjs'
`)
  write(`models/${model}.d.ts`, types)
  write(`models/${model}.web.d.ts`, `export * from './${model}.js';\nexport { init } from '../types/init.js';\n`)
  write(`models/${model}.server.d.ts`, `export * from './${model}.js';\n`)
}

/** Whether the directory answers the requests of the product. @param {string} model */
const hasDirectory = (model) => existsSync(join(root, 'src/systems', model, 'directory'))

/** The types of all models, by name, and the names of those with a directory. */
function writeSystems() {
  const imports = models.map((model) => `import type ${model} from '../types/${model}.js';\n`).join('')
  const members = models.map((model) => `  ${model}: ${model};\n`).join('')
  const requested = models.filter(hasDirectory).map((model) => `'${model}'`).join(' | ')
  const routed = models.filter(hasRoutes).map((model) => `'${model}'`).join(' | ')
  write('wasm/systems.mjs', `// The systems whose requests the directory answers.
export const DIRECTORY_SYSTEMS = ${JSON.stringify(models.filter(hasDirectory))}
`)
  write('models/systems.d.ts', `${imports}
/** The words and records of each system. */
export interface Systems {
${members}}

/** The systems with a map from requests of the product's own API to questions. */
export type RoutedSystem = ${routed};

/** The systems whose requests the directory answers. */
export type DirectorySystem = ${requested};
${models.map((model) => `\nexport * from '../types/${model}.js';`).join('')}
`)
}

/** A copy of each file of types for those who `require`: TypeScript takes the others for modules. */
function writeCommonJsTypes() {
  for (const folder of ['types', 'models', 'stores', 'filter']) {
    for (const name of readdirSync(join(pkg, folder)).filter((name) => name.endsWith('.d.ts'))) {
      write(`${folder}/${name.replace(/\.ts$/, '.cts')}`, readFileSync(join(pkg, folder, name), 'utf8').replaceAll(/(from |import\()'(\.[^']*)\.js'/g, "$1'$2.cjs'"))
    }
  }
}

/** Folders whose `package.json` says what a subpath is to resolvers that do not know `exports`. */
function writeFolders() {
  const folders = [
    ...ENTRIES.filter((name) => name !== 'latchwork').map((name) => [name, `cjs/${name}.cjs`, `types/${name}.d.ts`]),
    ...models.flatMap((model) => [[model, `cjs/${model}.cjs`, `models/${model}.d.ts`], [`${model}/web`, `models/${model}.web.mjs`, `models/${model}.web.d.ts`], [`${model}/server`, `cjs/${model}.server.cjs`, `models/${model}.server.d.ts`]]),
  ]
  for (const [folder, main, types] of folders) {
    // A page that fetches its module has the file by `import.meta`, which is not for CommonJS.
    const file = folder === 'web' ? 'entries/web.mjs' : main
    write(`${folder}/package.json`, `${JSON.stringify({ type: 'module', main: relative(folder, file), types: relative(folder, types) })}\n`)
  }
}

for (const model of models) writeModel(model)
writeSystems()
await writeBundles()
writeCommonJsTypes()
writeFolders()
