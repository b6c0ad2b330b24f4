// @ts-check
// The package with its entries for the directory, as the runner of call cases takes it.

import * as latchwork from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'

export const allEntries = { ...latchwork, createDirectory, memoryStore }
