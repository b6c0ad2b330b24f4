// @ts-check
// `latchwork`: all models, ready after `import`. `#wasm/*` in package.json selects the module of the runtime.

import source from '#wasm/latchwork'
import { functionsOfAll } from '../core/entry.mjs'
import { sourceOf } from '../core/inline.mjs'
import { instanceOf } from '../core/questions.mjs'
import { RecordAuthorizer } from '../core/record-authorizer.mjs'
import glue from '../wasm/core.js'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('latchwork', explanations, glue)
instance.provide(sourceOf(source))

export const { open, validate, schema, classify, classifyRequest, vocabulary } = functionsOfAll(instance, RecordAuthorizer)
export { LatchworkError } from '../core/error.mjs'
