// @ts-check
// Runs calls that block this thread one after another, and yields to the event loop before each, so that many calls do
// not starve the thread's other work.

import { nextTask } from '../core/next-task.mjs'

/** @type {Promise<unknown>} */
let last = Promise.resolve()

/** @type {import('./instance.mjs').Run} */
export function runInQueue(task) {
  const call = last.then(nextTask).then(task)
  last = call.catch(() => {})
  return call
}
