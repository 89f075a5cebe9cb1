import type { Cohort } from '../cohort.ts'

export const orders: Cohort = {
  name: 'orders',
  weight: 3,
  vague: [
    'I (have|got) a (question|problem|request) (about|with|regarding) (my order|order {order_id}|something I bought)',
    'it is about (order {order_id}|my last order|the {item})',
  ],
  ambiguous: [
    {
      intents: ['cancel_order', 'change_order'],
      ask: '(I made a mistake|something is wrong) (in|with) order {order_id}, (please fix it|can you help)',
    },
    { intents: ['missing_item', 'order_status'], ask: 'the {item} (is not here|has not come)' },
  ],
  intents: [
    {
      intent: 'cancel_order',
      action: 'cancel_order',
      record: 'order',
      asks: [
        '(please cancel|cancel|I want to cancel|can you cancel) (order {order_id}|my order|the {item}|what I ordered)',
        "I (changed my mind|found it cheaper|do not need it any more), (please call it off|drop the order|don't send the {item})",
        '(I ordered|bought) the {item} by (mistake|accident|error), (undo it|scrap it|please withdraw the order)',
        '(stop|abort|revoke|void) (order {order_id}|the purchase|my order) (before it ships|before it leaves|)',
      ],
      spanish: [
        'quiero (cancelar|anular) (el pedido|mi pedido) {order_id}',
        'ya no (quiero|necesito) (el artículo|lo que pedí), (no lo envíen|anúlenlo)',
      ],
      german: [
        'bitte (stornieren|stornieren Sie) (die Bestellung|Auftrag) {order_id}',
        'ich (brauche|will) die Ware nicht mehr, (bitte nicht versenden|bitte Bestellung zurückziehen)',
      ],
      passage: [
        'Orders pass through confirmation, packing and dispatch.',
        'An order can be cancelled free of charge within (2|6|12|24) hours or until it is packed.',
        'After dispatch a return is needed instead.',
      ],
      policy: 1,
      replies: [
        'Order {order_id} for {total} is cancelled. {policy}',
        'I have cancelled the {item}, order {order_id}. {policy}',
      ],
    },
    {
      intent: 'change_order',
      action: 'update_order',
      record: 'order',
      asks: [
        '(can I|I want to|I need to|please) (change|modify|edit|amend) (order {order_id}|my order|the quantity|the colour of the {item})',
        "(make it|I'd rather have|send me|please put) (two|three|a blue one|another size|a different colour) (instead|instead of one|for the {item})",
        'I (chose|picked|selected|clicked) the wrong (size|colour|model|variant) (of the {item}|in order {order_id}|), (can it be changed|correct it please)',
        '(add|include|throw in) (another {item}|one more|a gift wrap) (to|with) (order {order_id}|my order)',
      ],
      spanish: [
        'quiero (cambiar|modificar) (la talla|el color|la cantidad) (del pedido|de mi pedido) {order_id}',
        'elegí (el color|el modelo) equivocado, (se puede corregir|lo cambian)',
      ],
      german: [
        'ich möchte (die Bestellung|Auftrag) {order_id} (ändern|anpassen)',
        'ich habe (die falsche Größe|die falsche Farbe) gewählt, (bitte ändern|geht das noch)',
      ],
      passage: [
        'Size, colour and quantity may be changed up to (1|3|4|8) hours after the order was placed.',
        'The price difference is charged or credited.',
        'Gift wrap can be added in the same time.',
      ],
      policy: 0,
      replies: [
        'I have updated order {order_id} with the {item}. {policy}',
        'Order {order_id}, placed on {placed_on}, is changed as you asked. {policy}',
      ],
    },
    {
      intent: 'missing_item',
      action: 'send_replacement',
      record: 'order',
      asks: [
        '(the {item}|one article|a part) (was missing|is missing|was not) (from|in) (the box|my order|the package|order {order_id})',
        'I (received|got) (only half|not everything|an incomplete order|just one of two), (the {item} was not there|something is missing)',
        '(you forgot|they left out|you did not pack) the {item} (in order {order_id}|)',
        'the (box|package|carton) (came|arrived) (without|lacking|minus) the {item}',
      ],
      spanish: [
        '(falta|no venía) (un artículo|una parte) en (el paquete|mi pedido) {order_id}',
        'recibí el pedido (incompleto|a medias)',
      ],
      german: [
        'in (meiner Bestellung|dem Paket) {order_id} (fehlt|fehlte) (ein Artikel|etwas)',
        'die Lieferung war (unvollständig|nicht komplett)',
      ],
      passage: [
        'Missing items are checked against the packing weight.',
        'Please keep the packaging until the case is closed.',
        'A missing item is sent again within (2|3|4|6) working days at no cost.',
      ],
      policy: 2,
      replies: [
        'I am sorry that the {item} was missing from order {order_id}; it is being sent again. {policy}',
        'A new {item} is on its way for order {order_id}. {policy}',
      ],
    },
    {
      intent: 'order_status',
      action: 'lookup_order',
      record: 'order',
      asks: [
        "(what is|what's|can you tell me) the (status|state|progress) of (order {order_id}|my order|the {item})",
        'has (order {order_id}|my order|the {item}) (shipped|been packed|gone out|left) yet',
        '(did|has) my (order|purchase) (go through|been confirmed|get accepted), I (got no confirmation|have no e-mail)',
        'when (will you send|do you dispatch|are you going to ship|does it leave the warehouse) (the {item}|order {order_id}|)',
      ],
      spanish: [
        '(cuál es el estado|cómo va) (del pedido|mi pedido) {order_id}',
        '(ya enviaron|cuándo sale) mi pedido',
      ],
      german: [
        '(wie ist der Status|was ist mit) (der|meiner) Bestellung {order_id}',
        '(wurde|ist) meine Bestellung schon (verschickt|raus)',
      ],
      passage: [
        'Confirmed orders are packed in the order in which they came in.',
        'Packing takes up to (2|3|5|6) working days, longer on sale days.',
        'A dispatch e-mail follows.',
      ],
      policy: 1,
      replies: [
        'Order {order_id} is {order_status} at the moment. {policy}',
        'The {item} you ordered on {placed_on} is {order_status}. {policy}',
      ],
    },
    {
      intent: 'price_match',
      action: 'issue_credit',
      record: 'order',
      asks: [
        'the {item} is (cheaper|less|on sale) (now|today|elsewhere|in another shop), (can I get the difference|do you match it)',
        'I (paid|spent) {total} and (now|a day later) (it is reduced|the price dropped|there is a discount)',
        "(my voucher|the promo code|my coupon|the discount) (did not|didn't) (apply|work|get deducted) (to order {order_id}|at checkout)",
        'do you (have|offer|do) (price protection|a best-price promise|a price adjustment) (on|for) the {item}',
      ],
      spanish: [
        'el artículo está (más barato|rebajado) ahora, (me devuelven la diferencia|igualan el precio)',
        'mi (cupón|código de descuento) no (funcionó|se aplicó)',
      ],
      german: [
        'der Artikel ist jetzt (billiger|reduziert), (bekomme ich die Differenz|gleichen Sie den Preis an)',
        'mein (Gutschein|Rabattcode) wurde nicht (angerechnet|akzeptiert)',
      ],
      passage: [
        'We credit the difference when our own price falls within (7|10|14|21) days of the order.',
        'Offers of other shops are checked one by one.',
        'Vouchers are valid once.',
      ],
      policy: 0,
      replies: [
        'I have credited the difference on order {order_id}, for which you paid {total}. {policy}',
        'For the {item} of {placed_on} a credit is booked. {policy}',
      ],
    },
  ],
}
