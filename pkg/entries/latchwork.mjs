// @ts-check
// `latchwork`: all models, at once after `import`. Where the module comes from, `#wasm/*` in package.json says.

import source from '#wasm/latchwork'
import { functionsOfAll } from '../core/entry.mjs'
import { instanceOf } from '../core/questions.mjs'
import glue from '../wasm/core.js'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('latchwork', explanations, glue)
instance.provide(source)

export const { open, validate, schema, classify, classifyRequest, vocabulary } = functionsOfAll(instance)
export { LatchworkError } from '../core/error.mjs'
