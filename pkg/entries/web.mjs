// @ts-check
// `latchwork/web`: all models, for pages that count bytes: the module is a file of its own, fetched by `await init()`.

import { functionsOfAll } from '../core/entry.mjs'
import { initOf } from '../core/init.mjs'
import { instanceOf } from '../core/questions.mjs'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('latchwork', explanations)

export const init = initOf(instance, 'latchwork.wasm', () => new URL('../wasm/latchwork.wasm', import.meta.url))
export const { open, validate, schema, classify, classifyRequest, vocabulary } = functionsOfAll(instance)
export { LatchworkError } from '../core/error.mjs'
