// @ts-check
// `latchwork/web`: all models, for pages that must stay small. The module is a separate file, fetched by `await init()`.
// Each export is a function of its own, so that a bundler can drop unused ones.

import { classify as classifyIn, classifyRequest as classifyRequestIn } from '../core/calls.mjs'
import { schema as schemaIn, validate as validateIn } from '../core/forms.mjs'
import { initOf } from '../core/init.mjs'
import { open as openIn } from '../core/open.mjs'
import { instanceOf } from '../core/questions.mjs'
import { RecordAuthorizer } from '../core/record-authorizer.mjs'
import { vocabulary as vocabularyIn } from '../core/vocabulary.mjs'
import glue from '../wasm/core.js'
import explanations from '../wasm/latchwork.rules.mjs'

const instance = instanceOf('latchwork', explanations, glue)

export const init = initOf(instance, 'latchwork.wasm', () => new URL('../wasm/latchwork.wasm', import.meta.url))
/** @param {string} system @param {unknown} records @param {any} [options] */
export const open = (system, records, options) => openIn(instance, system, records, options, RecordAuthorizer)
/** @param {string} system @param {string} kind @param {unknown} value */
export const validate = (system, kind, value) => validateIn(instance, system, kind, value)
/** @param {string} system @param {string} kind */
export const schema = (system, kind) => schemaIn(instance, system, kind)
/** @param {string} system @param {any} request */
export const classify = (system, request) => classifyIn(instance, system, request)
/** @param {string} system @param {any} request */
export const classifyRequest = (system, request) => classifyRequestIn(instance, system, request)
/** @param {string} system */
export const vocabulary = (system) => vocabularyIn(instance, system)
export { LatchworkError } from '../core/error.mjs'
