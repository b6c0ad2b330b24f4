// @ts-check
// The store in memory.

import { memoryStore } from 'latchwork/stores/memory'
import { contract } from '../support/stores/contract.mjs'

contract('memory', () => ({ open: memoryStore }), { shared: false, runs: 300 })
