import type { Cohort } from '../cohort.ts'

export const shipping: Cohort = {
  name: 'shipping',
  weight: 3,
  vague: [
    '(it is about|I am writing about|question on) (a delivery|my parcel|shipment {tracking_id})',
    'I have (a problem|an issue|some trouble) with (the delivery|the courier|{carrier})',
  ],
  ambiguous: [
    {
      intents: ['parcel_late', 'track_parcel'],
      ask: 'my (parcel|package) (is not here|has not come) (yet|)',
    },
    {
      intents: ['not_received', 'parcel_late'],
      ask: 'I have not got (parcel|) {tracking_id} (from {carrier}|)',
    },
  ],
  intents: [
    {
      intent: 'track_parcel',
      action: 'track_parcel',
      record: 'parcel',
      asks: [
        "(where is|where's|can you locate|track) (my parcel|my package|shipment {tracking_id}|{order_id})",
        "(how can I|I want to|I'd like to) (track|follow|trace) (my parcel|the delivery|{tracking_id})",
        '(which day|what time|when) (will|does) (the courier|{carrier}|my parcel) (come|arrive|be here)',
        'the tracking (link|page|number) (does not work|shows nothing|says unknown|is stuck), (where is it|what does it mean)',
      ],
      spanish: [
        'dónde está (mi paquete|el envío {tracking_id})',
        '(cómo sigo|quiero rastrear) mi (paquete|envío)',
      ],
      german: [
        'wo ist (mein Paket|die Sendung {tracking_id})',
        'wie kann ich (meine Sendung|das Paket) verfolgen',
      ],
      passage: [
        'Each parcel has a tracking number.',
        'Carriers update the tracking page every (4|6|12|24) hours.',
        'Weekend scans may be missing.',
      ],
      policy: 1,
      replies: [
        'Parcel {tracking_id} was last seen at {last_scan} and is due on {expected_on}. {policy}',
        '{carrier} expects to deliver {tracking_id} on {expected_on}. {policy}',
      ],
    },
    {
      intent: 'parcel_late',
      action: 'open_carrier_case',
      record: 'parcel',
      asks: [
        '(my parcel|the delivery|order {order_id}|{tracking_id}) is (late|overdue|delayed|days behind)',
        'it (should have|was supposed to have|ought to have) (arrived|been here|come) (on {expected_on}|days ago|last week)',
        '(no movement|nothing has moved|it hangs|it has been stuck) (at {last_scan}|since {expected_on}|for days)',
        'I (have been|am still|keep) waiting (for two weeks|for ages|since {expected_on}) for {carrier}',
      ],
      spanish: [
        'mi paquete (va con retraso|llega tarde|debía llegar el {expected_on})',
        'el envío (lleva días parado|no se mueve)',
      ],
      german: [
        '(mein Paket|die Lieferung) ist (verspätet|überfällig|seit Tagen fällig)',
        'das Paket (hängt fest|bewegt sich nicht) seit (Tagen|{expected_on})',
      ],
      passage: [
        'Late parcels are mostly found in the depot.',
        'The carrier must answer a search request within (2|3|5|8) working days.',
        'Express fees are refunded for late parcels.',
      ],
      policy: 1,
      replies: [
        'I have opened a search for {tracking_id} with {carrier}. {policy}',
        'Parcel {tracking_id}, due on {expected_on}, is late, and a case with {carrier} is open. {policy}',
      ],
    },
    {
      intent: 'change_delivery_address',
      action: 'redirect_parcel',
      record: 'parcel',
      asks: [
        '(can you|please|I need to) (change|correct|update) the (delivery|shipping) address (of {order_id}|for {tracking_id}|)',
        '(I moved|I have moved|we relocated|I gave the wrong address), (send it|please deliver|redirect it|reroute it) to (my new place|another address)',
        '(deliver|drop|leave|bring) it (at my neighbour|to my office|to a pickup point|at the back door) (instead|please)',
        "I (won't be|am not) (at home|there) on {expected_on}, (another place please|can it go elsewhere|hold it)",
      ],
      spanish: [
        'quiero (cambiar|corregir) la dirección de (entrega|envío)',
        'me he mudado, (envíenlo a otra dirección|pueden desviarlo)',
      ],
      german: [
        'ich möchte die Lieferadresse (ändern|korrigieren)',
        'ich bin umgezogen, (bitte an eine andere Adresse liefern|bitte umleiten)',
      ],
      passage: [
        'A parcel can be redirected until (6|12|18|24) hours before delivery.',
        'Redirection inside one country is free.',
        'Pickup points hold parcels for a while.',
      ],
      policy: 0,
      replies: [
        'I have asked {carrier} to redirect {tracking_id}. {policy}',
        'Parcel {tracking_id}, due on {expected_on}, goes to the new address. {policy}',
      ],
    },
    {
      intent: 'not_received',
      action: 'open_carrier_case',
      record: 'parcel',
      asks: [
        '(tracking|the page|{carrier}) (says|claims|shows) (delivered|it was delivered) (but|and yet) (I have nothing|there is no parcel|nothing came)',
        '(marked|listed|reported) as delivered (on {expected_on}|), (I never got it|not at my door|where did they leave it)',
        'my (parcel|package) was (stolen|taken|given to a stranger|signed for by someone else)',
        "(someone|a neighbour I don't know|nobody here) (signed|accepted|took) (for|) {tracking_id}",
      ],
      spanish: [
        'pone (entregado|que fue entregado) pero no (he recibido nada|tengo el paquete)',
        'me han (robado|quitado) el paquete',
      ],
      german: [
        'laut {carrier} (zugestellt|abgegeben), aber (hier ist nichts|ich habe nichts bekommen)',
        'mein Paket wurde (gestohlen|an Fremde übergeben)',
      ],
      passage: [
        'Please look at the usual drop-off places first.',
        'Ask the people in your building.',
        'A parcel marked as delivered but not received must be reported within (5|7|10|14) days.',
      ],
      policy: 2,
      replies: [
        'I have reported {tracking_id} as not received to {carrier}. {policy}',
        'A case for {tracking_id}, order {order_id}, is open with {carrier}. {policy}',
      ],
    },
    {
      intent: 'shipping_cost',
      action: 'answer_only',
      record: 'parcel',
      asks: [
        '(how much|what) (is|does|would) (shipping|delivery|postage|express) (cost|be) (to Canada|abroad|for {order_id}|)',
        'do I (have to|need to|must) pay (customs|duties|import tax|extra) (for {order_id}|on {tracking_id}|)',
        '(why did I pay|what is) (for|the) (shipping|handling fee|freight|surcharge)',
        '(is there|do you have|what about) (free delivery|a flat rate|free shipping) (from some amount|for {order_id}|)',
      ],
      spanish: [
        'cuánto cuesta (el envío|la entrega urgente)',
        'tengo que pagar (aduanas|impuestos de importación)',
      ],
      german: ['was kostet (der Versand|die Lieferung|Express)', 'muss ich (Zoll|Einfuhrsteuer) zahlen'],
      passage: [
        'Delivery is free for orders over $(25|40|59|75).',
        'Express is charged by weight.',
        'Duties are shown at checkout.',
      ],
      policy: 0,
      replies: [
        'For order {order_id} this rule holds. {policy}',
        'Your parcel {tracking_id} goes with {carrier}. {policy}',
      ],
    },
  ],
}
