// @ts-check
// For `node --import`: plants the fault of the environment in the source that it names.

import { register } from 'node:module'

if (process.env.PLANTED_FAULT) register('./hooks.mjs', import.meta.url, { data: JSON.parse(process.env.PLANTED_FAULT) })
