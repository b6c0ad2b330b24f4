// @ts-check
// The configuration of the spell check: words of cspell.json, and the names of the models.

import { MODELS } from './scripts/models.mjs'

export default { version: '0.2', import: ['./cspell.json'], words: MODELS }
