// @ts-check
// Bundles every entry of the package for Node, which takes most of the time of an import for finding files, and for
// `require`: `node xtask/bundles.mjs`. What entries share is in files of its own, so that it is there once. The modules of
// WebAssembly stay files beside.
//
//   pkg/node/   modules
//   pkg/cjs/    CommonJS

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../', import.meta.url))
const pkg = join(root, 'pkg')

/** The entries that are written by hand. */
export const ENTRIES = ['latchwork', 'web', 'server', 'testing', 'password', 'password-legacy', 'directory']

/** The entries of a folder, which are its files with both types and code: by name, and by path. @param {string} folder */
function entriesIn(folder) {
  const names = readdirSync(join(pkg, folder)).filter((name) => name.endsWith('.d.ts')).map((name) => `${folder}/${basename(name, '.d.ts')}`)
  return names.filter((name) => existsSync(join(pkg, `${name}.mjs`))).map((name) => [name, join(pkg, `${name}.mjs`)])
}

/** All entries, by name, and by path. */
const entries = () => Object.fromEntries([
  ...ENTRIES.map((name) => [name, join(pkg, `entries/${name}.mjs`)]),
  ...entriesIn('models').map(([name, path]) => [name.replace('models/', ''), path]),
  ...['stores', 'filter'].flatMap(entriesIn),
])

/** The files of a format. @type {Record<'node' | 'cjs', { output: import('rolldown').OutputOptions, finish: (code: string, wasm: string) => string }>} */
const FORMATS = {
  node: {
    output: {
      format: 'es',
      entryFileNames: '[name].mjs',
      // Beside the entries: an address relative to a file is the same from both.
      chunkFileNames: 'shared-[name].mjs',
      minifyInternalExports: false,
      codeSplitting: { groups: [{ name: 'core', test: /[\\/]pkg[\\/]core[\\/]/ }] },
    },
    finish: (code, wasm) => code
      .replaceAll(/\b(from |import\()"wasm\/([^"]+)"/g, (_, start, name) => `${start}"${wasm}/${name}.inline.mjs"`)
      .replaceAll('new URL("./worker.mjs"', 'new URL("../password/worker.mjs"'),
  },
  cjs: {
    output: { format: 'cjs', exports: 'named', entryFileNames: '[name].cjs', chunkFileNames: 'shared/[name].cjs' },
    finish: (code, wasm) => code
      // A test runner that knows no other modules has no dynamic `import` either.
      .replaceAll(/\bimport\("wasm\/([^"]+)"\)/g, (_, name) => `Promise.resolve({ default: require("${wasm}/${name}.inline.cjs") })`)
      .replaceAll(/require\("wasm\/([^"]+)"\)/g, (_, name) => `require("${wasm}/${name}.inline.cjs")`)
      // Bundlers for pages have no module `url`.
      .replaceAll('require("url").pathToFileURL(__filename).href', '(typeof document === "object" ? document.baseURI : "file://" + __filename)'),
  },
}

/** The text of each file of a format, by its path in the package. @param {keyof typeof FORMATS} format */
export async function bundlesOf(format) {
  const { output: options, finish } = FORMATS[format]
  const bundle = await rolldown({
    input: entries(),
    platform: 'node',
    logLevel: 'warn',
    external: [/^@libsql\//, /^cloudflare:/],
    plugins: [
      {
        name: 'modules',
        resolveId(source) {
          const entry = /^#(password.*)$/.exec(source)?.[1]
          if (entry !== undefined) return join(pkg, `entries/${entry}.mjs`)
          const name = /^#wasm\/(.+)$/.exec(source)?.[1] ?? /\/wasm\/(\w+)\.inline\.mjs$/.exec(source)?.[1]
          return name === undefined ? null : { id: `wasm/${name}`, external: true }
        },
      },
    ],
  })
  const { output } = await bundle.generate({ ...options, minify: false })
  await bundle.close()
  return new Map(output.map((chunk) => {
    if (chunk.type !== 'chunk') throw new Error(`unexpected ${chunk.fileName}`)
    const code = finish(chunk.code, relative(dirname(chunk.fileName), '../wasm'))
    if (code.includes(root)) throw new Error(`${chunk.fileName} says where it was built`)
    return [`${format}/${chunk.fileName}`, code]
  }))
}

/** Writes the files of both formats. */
export async function writeBundles() {
  for (const format of /** @type {const} */ (['node', 'cjs'])) {
    const files = await bundlesOf(format)
    if (format === 'cjs') files.set('cjs/package.json', '{ "type": "commonjs" }\n')
    rmSync(join(pkg, format), { recursive: true, force: true })
    for (const [path, text] of files) {
      mkdirSync(dirname(join(pkg, path)), { recursive: true })
      writeFileSync(join(pkg, path), text)
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeBundles()
