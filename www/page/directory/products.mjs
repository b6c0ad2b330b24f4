// @ts-check
// The models whose products have an API.

import { callersOf } from '../../../tests/js/support/case-credentials.mjs'
import { MODELS } from '../models.mjs'

export const PRODUCTS = MODELS.filter(({ name }) => Object.hasOwn(callersOf, name))
