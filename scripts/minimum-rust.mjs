// The `rust-version` of Cargo.toml is the oldest compiler that builds the project: no crate of the lock file needs a newer
// one. Clippy's `incompatible_msrv` refuses what is younger in the standard library.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--locked'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
/** @type {{ packages: { name: string, version: string, rust_version: string | null }[] }} */
const { packages } = JSON.parse(metadata)
const own = packages.find(({ name }) => name === 'latchwork')?.rust_version ?? ''

/** A version such as `1.88` as a number to compare. @param {string} version */
const rank = (version) => version.split('.').reduce((sum, part, index) => sum + Number(part) * 1_000 ** (2 - index), 0)

const newer = packages.filter(({ rust_version: needed }) => needed && rank(needed) > rank(own))
for (const { name, version, rust_version: needed } of newer) console.error(`${name} ${version} needs Rust ${needed}, and \`rust-version\` in Cargo.toml is ${own}`)
if (own === '' || newer.length > 0) process.exit(1)
