// @ts-check
// The document that all candidates are asked about: so many users with 27 grants each, of which every second one lets
// the user write.

import { existsSync, readdirSync } from 'node:fs'

export const GRANTS = 27

/** @typedef {{ users: string[], names: string[], allows: (place: number) => boolean }} Document `names` as the model writes its resources */
/** @typedef {{ what: string, counts: number[], target?: { at?: number, microseconds?: number, linear?: number }, make: (count: number) => { records?: unknown, user?: string, action?: string, resource?: string, pass?: () => number } | Promise<{ pass: () => number }> }} Growth a `decide`, or what `pass` asks */
/** @typedef {{ action: string, user: (index: number) => string, resource: (name: string) => string, records: (users: string[], names: string[], allows: (place: number) => boolean) => any, growth?: Growth[], targets?: { bundle?: number, open?: number }, steps?: { granted: number, other: number, prepared: number } }} Workload */

const folder = new URL('workloads/', import.meta.url)

/** The models with a workload: a file of `workloads/` each. The benchmarks leave out the others. */
export const MODELS = readdirSync(folder).map((file) => file.replace(/\.mjs$/, '')).sort()

/** @param {string} model @returns {Promise<Workload>} */
export const workload = (model) => import(new URL(`${model}.mjs`, folder).href)

/** @param {number} place */
export const allows = (place) => place % 2 === 1

/** @param {number} count */
const names = (count) => Array.from({ length: count }, (_, index) => `name-${index}-of-something`)

/** What a model is asked: its records, and the same for peers. @param {Workload} workload @param {number} count @param {number} [grants] */
export function documentOf(workload, count, grants = GRANTS) {
  const users = Array.from({ length: count }, (_, index) => workload.user(index))
  const plain = names(grants)
  return { users, plain, names: plain.map(workload.resource), allows, records: () => workload.records(users, plain, allows) }
}

/** The subpath of a model's own module, or the module of all models where it has none. @param {string} model */
export function subpath(model) {
  try {
    return existsSync(new URL(import.meta.resolve(`latchwork/${model}`))) ? `latchwork/${model}` : 'latchwork'
  } catch {
    return 'latchwork'
  }
}

/** The module that fetches its wasm file, and that file. @param {string} path of the module */
export const fetched = (path) => (path === 'latchwork' ? { web: 'latchwork/web', wasm: 'latchwork/latchwork.wasm' } : { web: `${path}/web`, wasm: `${path}.wasm` })

/** `open` of a model. @param {string} model @returns {Promise<(records: any) => any>} */
export async function openerOf(model) {
  const path = subpath(model)
  const { open } = await import(path)
  return path === 'latchwork' ? (records) => open(model, records) : open
}
