import { expect, test } from 'vitest'
import { effectOf, isIdempotent } from './effect.ts'

test.for([
  ['get_user_details', 'reads'],
  ['searchFlights', 'reads'],
  ['orders.list', 'reads'],
  ['order_lookup', 'reads'],
  ['Hotels_4_SearchHotel', 'reads'],
  ['calculate', 'reads'],
  ['think', 'reads'],
  ['check_status', 'reads'],
  ['check_in_passenger', 'changes'],
  ['CheckOut', 'changes'],
  ['update_search_index', 'changes'],
  ['shopping_list_add', 'changes'],
  ['BookHotel', 'changes'],
  ['PlayMedia', 'changes'],
  ['x', 'changes'],
  ['transfer_to_human_agents', 'hands-over'],
  ['escalateToSupervisor', 'hands-over'],
  ['transfer_money', 'changes'],
])('%s %s', ([name, effect]) => {
  expect(effectOf(name!)).toBe(effect)
})

test('setting and cancelling leave the same when done twice, booking and sending do not', () => {
  expect(['cancel_order', 'updateAddress'].map(isIdempotent)).toEqual([true, true])
  expect(['book_flight', 'send_certificate', 'add_item'].map(isIdempotent)).toEqual([false, false, false])
})
