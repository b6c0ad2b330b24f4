// @ts-check
// The package with its entries for directories, for the runner of call cases.

import * as latchwork from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'

export const allEntries = { ...latchwork, createDirectory, memoryStore }
