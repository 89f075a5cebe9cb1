import type { Cohort } from '../cohort.ts'
import { account } from './account.ts'
import { billing } from './billing.ts'
import { orders } from './orders.ts'
import { returns } from './returns.ts'
import { shipping } from './shipping.ts'
import { technical } from './technical.ts'

export const COHORTS: readonly Cohort[] = [billing, orders, returns, account, shipping, technical]
