// @ts-check
// Completion by the JSON Schema of a model: names of members, and values of enumerations. Names that the document itself
// defines are offered where the schema takes any string.

import { syntaxTree } from '@codemirror/language'
import { modelOf } from '../models.mjs'

/** @typedef {import('@codemirror/autocomplete').CompletionContext} Context */
/** @typedef {any} Schema */
/** @typedef {ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>} SyntaxNode */

/**
 * @param {Context} context
 * @param {string} model
 * @returns {Promise<import('@codemirror/autocomplete').CompletionResult | null>}
 */
export async function completeBySchema(context, model) {
  const token = syntaxTree(context.state).resolveInner(context.pos, -1)
  const place = placeOf(token, context)
  if (!place) return null
  const listed = modelOf(model)
  if (!listed) return null
  const { default: schema } = await listed.schema()
  const schemas = place.path.reduce((list, key) => list.flatMap((each) => stepInto(each, key, schema)), expand(schema, schema))
  const options = place.isName ? nameOptions(schemas, schema, place.names) : valueOptions(schemas, schema, context)
  return options.length === 0 ? null : { from: place.from, to: place.to, options, validFor: /^"?[^"{}[\]:,]*"?$/ }
}

/**
 * Where the cursor is: the way from the root, and whether a name or a value belongs there.
 * @param {SyntaxNode} token
 * @param {Context} context
 */
function placeOf(token, { state, pos, explicit }) {
  const text = (/** @type {SyntaxNode} */ node) => state.sliceDoc(node.from, node.to)
  if (token.name === 'PropertyName') return { from: token.from, to: token.to, isName: true, path: pathTo(token.parent?.parent ?? null, text), names: namesIn(token.parent?.parent ?? null, text) }
  if (token.name === 'String') return { from: token.from, to: token.to, isName: false, path: pathTo(token, text), names: [] }
  if (!explicit) return undefined
  if (token.name === 'Object' || token.name === '{' || token.name === '⚠') {
    const object = token.name === 'Object' ? token : token.parent
    return object?.name === 'Object' ? { from: pos, to: pos, isName: true, path: pathTo(object, text), names: namesIn(object, text) } : undefined
  }
  if (token.name === 'Property') return { from: pos, to: pos, isName: false, path: [...pathTo(token.parent, text), nameOf(token, text)], names: [] }
  if (token.name === 'Array' || token.name === '[') return { from: pos, to: pos, isName: false, path: [...pathTo(token.name === 'Array' ? token : token.parent, text), 0], names: [] }
  return undefined
}

/** The names from the root to a node; a place in a list is 0. @param {SyntaxNode | null} node @param {(node: SyntaxNode) => string} text @returns {(string | number)[]} */
function pathTo(node, text) {
  /** @type {(string | number)[]} */
  const path = []
  for (let at = node; at; at = at.parent) {
    if (at.parent?.name === 'Property' && at.name !== 'PropertyName') path.unshift(nameOf(at.parent, text))
    if (at.parent?.name === 'Array') path.unshift(0)
  }
  return path
}

/** @param {SyntaxNode} property @param {(node: SyntaxNode) => string} text */
function nameOf(property, text) {
  const name = property.getChild('PropertyName')
  return name ? unquoted(text(name)) : ''
}

/** @param {SyntaxNode | null} object @param {(node: SyntaxNode) => string} text */
function namesIn(object, text) {
  return object ? object.getChildren('Property').map((property) => nameOf(property, text)) : []
}

/** @param {string} text */
function unquoted(text) {
  try {
    return String(JSON.parse(text))
  } catch {
    return text.replaceAll('"', '')
  }
}

/** A schema with what it refers to and its alternatives. @param {Schema} schema @param {Schema} root @param {number} [depth] @returns {Schema[]} */
function expand(schema, root, depth = 0) {
  if (typeof schema !== 'object' || schema === null || depth > 12) return []
  const target = typeof schema.$ref === 'string' ? schema.$ref.split('/').slice(1).reduce((/** @type {any} */ at, /** @type {string} */ name) => at?.[name], root) : undefined
  return [schema, ...(target ? expand(target, root, depth + 1) : []), ...['anyOf', 'oneOf', 'allOf'].flatMap((name) => (schema[name] ?? []).flatMap((/** @type {Schema} */ each) => expand(each, root, depth + 1)))]
}

/** The schemas of a member or an item. @param {Schema} schema @param {string | number} key @param {Schema} root @returns {Schema[]} */
function stepInto(schema, key, root) {
  if (typeof key === 'number') return expand(schema.items, root)
  const member = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : schema.additionalProperties
  return expand(member, root)
}

/** @param {Schema[]} schemas @param {Schema} root @param {readonly string[]} present */
function nameOptions(schemas, root, present) {
  const found = new Map(schemas.flatMap((schema) => Object.entries(schema.properties ?? {})).filter(([name]) => name !== '$schema' && !present.includes(name)))
  return [...found].map(([name, schema]) => ({ label: JSON.stringify(name), type: 'property', info: expand(schema, root).find(({ description }) => description)?.description }))
}

/** @param {Schema[]} schemas @param {Schema} root @param {Context} context */
function valueOptions(schemas, root, { state }) {
  const values = schemas.flatMap((schema) => [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : []), ...(schema.type === 'boolean' ? [true, false] : [])])
  const takesText = schemas.some(({ type, enum: list }) => type === 'string' && !list)
  const known = takesText ? definedNames(state.doc.toString()) : []
  return [...new Set([...values, ...known].map((value) => JSON.stringify(value)))].map((label) => ({ label, type: 'text' }))
}

/** The roles, groups, levels and actions of a document. @param {string} text @returns {string[]} */
function definedNames(text) {
  try {
    const value = JSON.parse(text)
    const names = ['roles', 'groups', 'actions'].flatMap((member) => (Array.isArray(value?.[member]) ? value[member] : Object.keys(value?.[member] ?? {})))
    return [...(value?.levels ?? []), ...names].filter((name) => typeof name === 'string')
  } catch {
    return []
  }
}
