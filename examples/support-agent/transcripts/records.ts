import type { Customer } from './customers.ts'
import type { Random } from './random.ts'

/** Backend records: the fields that an agent may quote. All values are text, as knowledge is. */
export type RecordKind = 'order' | 'parcel' | 'subscription' | 'return' | 'account' | 'device'
export type Fields = Record<string, string>

const ITEMS = [
  'wireless headphones', 'desk lamp', 'espresso machine', 'running shoes', 'winter jacket', 'standing desk',
  'air purifier', 'travel backpack', 'smart watch', 'yoga mat', 'water filter', 'bookshelf', 'robot vacuum',
  'electric kettle', 'rain coat', 'office chair', 'baby monitor', 'bike helmet', 'phone case', 'camping tent',
] // prettier-ignore
const CARRIERS = ['NordPost', 'BlueVan', 'SwiftShip', 'ParcelLine']
const PLANS = ['Basic', 'Plus', 'Family', 'Business']
const DEVICES = ['Hub Mini', 'Aura Speaker', 'Vista Camera', 'Pulse Thermostat', 'Orbit Router']

export function createRecord(kind: RecordKind, customer: Customer, random: Random): Fields {
  return MAKERS[kind](customer, random)
}

const MAKERS: Record<RecordKind, (customer: Customer, random: Random) => Fields> = {
  order: (_, random) => ({
    order_id: `SO-${random.digits(5)}`,
    item: random.pick(ITEMS),
    total: amount(random, 9, 480),
    placed_on: date(random),
    order_status: random.pick(['processing', 'packed', 'confirmed', 'awaiting stock']),
  }),
  parcel: (_, random) => ({
    order_id: `SO-${random.digits(5)}`,
    tracking_id: `${random.pick(['TK', 'PX', 'ZN'])}${random.digits(4)}-${random.digits(3)}`,
    carrier: random.pick(CARRIERS),
    last_scan: random.pick(['sorting centre', 'local depot', 'customs', 'delivery van', 'pickup point']),
    expected_on: date(random),
  }),
  subscription: (_, random) => ({
    plan: random.pick(PLANS),
    monthly_price: amount(random, 4, 60),
    invoice_id: `INV-${random.digits(6)}`,
    charged_on: date(random),
    renews_on: date(random),
  }),
  return: (_, random) => ({
    return_id: `RMA-${random.digits(5)}`,
    item: random.pick(ITEMS),
    refund_amount: amount(random, 9, 480),
    opened_on: date(random),
    return_status: random.pick(['label created', 'in transit', 'received', 'being inspected']),
  }),
  account: ({ name, email, tier }, random) => ({
    customer: name,
    email,
    tier,
    account_id: `AC-${random.digits(6)}`,
    member_since: date(random, 2017, 2024),
  }),
  device: (_, random) => ({
    device: random.pick(DEVICES),
    serial: `${random.pick(['HX', 'QV', 'LM'])}-${random.digits(4)}-${random.digits(2)}`,
    firmware: `${random.int(1, 6)}.${random.int(0, 9)}.${random.int(0, 19)}`,
    bought_on: date(random, 2023, 2025),
    error_code: `E${random.int(10, 99)}`,
  }),
}

function amount(random: Random, from: number, to: number): string {
  return `$${random.int(from, to)}.${random.pick(['00', '50', '90', '95', '99', '25'])}`
}

function date(random: Random, from = 2026, to = 2026): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${random.int(from, to)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`
}
