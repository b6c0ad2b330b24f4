// @ts-check
// The modules of the models, each initialized when it is first needed. The questions that only servers and tools ask are in
// one further module.

import { MODELS } from 'virtual:models'

/**
 * A model's module after `init()`.
 * @typedef {object} ModelModule
 * @property {(records: any, options?: any) => any} open
 * @property {(kind: string, value: unknown) => any} [validate] absent in a model without forms
 * @property {(request: any) => any} [classify] absent in a model without requests
 */

/** @typedef {import('virtual:models').ListedModel} Model */

/** @param {Promise<any>} loading @returns {Promise<ModelModule>} */
async function initialized(loading) {
  const module = await loading
  await module.init()
  return module
}

export { MODELS }

/** @param {string} name */
export const modelOf = (name) => MODELS.find((model) => model.name === name)

/** @type {Map<string, Promise<ModelModule>>} */
const loading = new Map()

/** The module of a model, fetched once. @param {string} name @returns {Promise<ModelModule>} */
export function loadModel(name) {
  const model = modelOf(name)
  if (!model) return Promise.reject(new Error(`unknown model ${name}`))
  const promise = loading.get(name) ?? initialized(model.load())
  loading.set(name, promise)
  // After a failure, the next call tries again.
  promise.catch(() => loading.delete(name))
  return promise
}

/** All models with the questions of servers and tools: `diff`, `lint`, `holders`, `filter`, `parts`, `mutants`. */
export const loadServer = () => import('latchwork/server')
