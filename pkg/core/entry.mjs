// @ts-check
// What the entries of modules that answer questions export.

import { classify, classifyRequest } from './calls.mjs'
import { schema, validate } from './forms.mjs'
import { open } from './open.mjs'
import { vocabulary } from './vocabulary.mjs'

/** @typedef {import('./questions.mjs').Questions} Questions */

/**
 * The functions of the module of all models: the first argument of each is a model's name.
 * @param {Questions} instance
 * @param {typeof import('./authorizer.mjs').Authorizer} Kind the class of what is opened
 */
export function functionsOfAll(instance, Kind) {
  return {
    /** @param {string} system @param {unknown} records @param {any} [options] */
    open: (system, records, options) => open(instance, system, records, options, Kind),
    /** @param {string} system @param {string} kind @param {unknown} value */
    validate: (system, kind, value) => validate(instance, system, kind, value),
    /** @param {string} system @param {string} kind */
    schema: (system, kind) => schema(instance, system, kind),
    /** @param {string} system @param {any} request */
    classify: (system, request) => classify(instance, system, request),
    /** @param {string} system @param {any} request */
    classifyRequest: (system, request) => classifyRequest(instance, system, request),
    /** @param {string} system */
    vocabulary: (system) => vocabulary(instance, system),
  }
}

/**
 * The functions of one model.
 * @param {Questions} instance
 * @param {string} system
 * @param {typeof import('./authorizer.mjs').Authorizer} Kind the class of what is opened
 */
export function functionsOf(instance, system, Kind) {
  return {
    /** @param {unknown} records @param {any} [options] */
    open: (records, options) => open(instance, system, records, options, Kind),
    /** @param {string} kind @param {unknown} value */
    validate: (kind, value) => validate(instance, system, kind, value),
    /** @param {string} kind */
    schema: (kind) => schema(instance, system, kind),
    /** @param {any} request */
    classify: (request) => classify(instance, system, request),
    /** @param {any} request */
    classifyRequest: (request) => classifyRequest(instance, system, request),
    vocabulary: () => vocabulary(instance, system),
  }
}
