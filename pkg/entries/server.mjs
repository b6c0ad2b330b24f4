// @ts-check
// `latchwork/server`: all models, with the additional questions of servers and tools.

import source from '#wasm/server'
import { functionsOfAll } from '../core/entry.mjs'
import { sourceOf } from '../core/inline.mjs'
import { instanceOf } from '../core/questions.mjs'
import { ServerAuthorizer } from '../core/server.mjs'
import glue from '../wasm/core.js'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('server', explanations, glue)
instance.provide(sourceOf(source))

export const { open, validate, schema, classify, classifyRequest, vocabulary } = functionsOfAll(instance, ServerAuthorizer)
export { LatchworkError } from '../core/error.mjs'
