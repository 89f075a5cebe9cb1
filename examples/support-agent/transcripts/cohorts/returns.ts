import type { Cohort } from '../cohort.ts'

export const returns: Cohort = {
  name: 'returns',
  weight: 2,
  vague: [
    'I (have|got) (a question|trouble|something to ask) (about|with) (a return|my return|the {item})',
    '(about|regarding) (return {return_id}|the {item} I bought)',
  ],
  ambiguous: [
    {
      intents: ['start_return', 'exchange_item'],
      ask: "the {item} (is not right for me|does not fit|isn't what I wanted)",
    },
    {
      intents: ['refund_status', 'return_status'],
      ask: '(what is happening|any news) (with|on) {return_id}',
    },
  ],
  intents: [
    {
      intent: 'start_return',
      action: 'create_return_label',
      record: 'return',
      asks: [
        'I (want|would like|need) to (return|send back|give back) (the {item}|my order|it)',
        'how (do I|can I) (return|send back|hand back|ship back) (the {item}|something|this)',
        '(please send|can I have|I need|where do I get) (a return label|a shipping label|a return slip|postage) (for the {item}|)',
        "the {item} (disappointed me|is not as described|looks cheap|is not for me), (I'm sending it back|take it back|I'd rather have my money)",
      ],
      spanish: [
        'quiero (devolver|mandar de vuelta) (el artículo|mi compra)',
        'cómo (hago una devolución|devuelvo el producto), necesito una etiqueta',
      ],
      german: [
        'ich möchte (den Artikel|die Ware) (zurückschicken|zurückgeben|retournieren)',
        'wie bekomme ich (ein Rücksendeetikett|ein Retourenlabel)',
      ],
      passage: [
        'Returns are free with our label.',
        'Items may be returned within (14|30|45|60) days of delivery, unused and in their packaging.',
        'Opened hygiene articles are excluded.',
      ],
      policy: 1,
      replies: [
        'I have created return {return_id} for the {item} and sent you the label. {policy}',
        'The label for {return_id} is in your inbox. {policy}',
      ],
    },
    {
      intent: 'return_status',
      action: 'lookup_return',
      record: 'return',
      asks: [
        '(did|have) you (get|receive|received|process) (my return|{return_id}|the {item} I sent back)',
        "(what is|what's) the (status|state) of (my return|{return_id}|the parcel I sent back)",
        'I (sent|shipped|posted|dropped off) the {item} back (on {opened_on}|weeks ago|last week), (has it arrived|is it there)',
        '(where is|can you find|is there any trace of) (my returned {item}|return {return_id}|the thing I returned)',
      ],
      spanish: [
        '(han recibido|les llegó) (mi devolución|la devolución {return_id})',
        'en qué estado está la devolución {return_id}',
      ],
      german: [
        'ist (meine Rücksendung|die Retoure {return_id}) (angekommen|eingegangen)',
        'wie ist der Stand der (Retoure|Rücksendung)',
      ],
      passage: [
        'Returned parcels are scanned at the warehouse door.',
        'Inspection of a return takes (2|4|5|8) working days after it arrives.',
        'You get an e-mail after each step.',
      ],
      policy: 1,
      replies: [
        'Return {return_id} is {return_status}. {policy}',
        'The {item} of return {return_id}, opened on {opened_on}, is {return_status}. {policy}',
      ],
    },
    {
      intent: 'refund_status',
      action: 'lookup_refund',
      record: 'return',
      asks: [
        '(where is|when do I get|I am still waiting for|when comes) (my refund|my money|the {refund_amount}|the money for the {item})',
        'I (returned|sent back) the {item} (weeks ago|on {opened_on}|) (but|and) (no money|no refund|nothing was paid back|the credit has not arrived)',
        '(you owe me|I have not received|still missing) {refund_amount} (for the return|for {return_id}|)',
        'how long (does|will) (the refund|reimbursement|repayment|credit) (take|need) (for {return_id}|)',
      ],
      spanish: [
        '(dónde está|cuándo llega) (mi reembolso|mi dinero) de {refund_amount}',
        'devolví el artículo y (no me han pagado|no veo el reembolso)',
      ],
      german: [
        '(wo bleibt|wann kommt) (meine Erstattung|mein Geld) von {refund_amount}',
        'ich habe die Ware zurückgeschickt, aber (kein Geld bekommen|keine Gutschrift erhalten)',
      ],
      passage: [
        'A refund is released (3|5|6|9) days after the return passed inspection.',
        'It goes to the payment method of the order.',
        'Banks may add days of their own.',
      ],
      policy: 0,
      replies: [
        'Your refund of {refund_amount} for {return_id} is in progress. {policy}',
        'The return {return_id} is {return_status}, and {refund_amount} will be paid out. {policy}',
      ],
    },
    {
      intent: 'exchange_item',
      action: 'create_exchange',
      record: 'return',
      asks: [
        "(can I|I want to|I'd like to|may I) (exchange|swap|trade|switch) (the {item}|it) (for another size|for a different colour|for a new one|)",
        'the {item} is too (small|big|tight|large), (I need the next size|can I have another size|send me the bigger one)',
        'I (want|need|prefer) (another colour|a different model|the other version) of the {item}, (not my money back|no refund|in its place)',
        '(replace|substitute|change) the {item} (with|by|for) (a larger one|a smaller one|the black one|another variant)',
      ],
      spanish: [
        'quiero (cambiar|canjear) el artículo por (otra talla|otro color)',
        'me queda (pequeño|grande), (necesito otra talla|me mandan otro)',
      ],
      german: [
        'ich möchte (den Artikel|die Ware) (umtauschen|tauschen) gegen (eine andere Größe|eine andere Farbe)',
        'es ist zu (klein|groß), (ich brauche eine andere Größe|bitte umtauschen)',
      ],
      passage: [
        'One exchange for each item is free.',
        'The new variant leaves once the old one is scanned.',
        'An exchange is reserved for (5|7|10|12) days while the old item travels back.',
      ],
      policy: 2,
      replies: [
        'The exchange of the {item} is set up under {return_id}. {policy}',
        'I have reserved another {item} for {return_id}. {policy}',
      ],
    },
    {
      intent: 'damaged_item',
      action: 'issue_refund',
      record: 'return',
      asks: [
        'the {item} (arrived|came|was delivered|showed up) (broken|damaged|cracked|scratched|smashed|dented)',
        '(the {item}|it) (is defective|does not work|stopped working|fell apart|leaks) (out of the box|after one day|already|)',
        'I (unpacked|opened the box with) the {item} and (it was broken|there was a crack|half of it is shattered|one piece is bent)',
        '(faulty|broken|ruined|torn) {item}, (I want a refund|what now|I demand my money)',
      ],
      spanish: ['el artículo (llegó|vino) (roto|dañado|rayado)', 'el producto (no funciona|está defectuoso)'],
      german: [
        'der Artikel (kam|ist) (kaputt|beschädigt|zerkratzt) (an|angekommen)',
        'die Ware ist (defekt|fehlerhaft)',
      ],
      passage: [
        'Damage in transit is covered by us.',
        'Damaged goods are refunded in full when reported within (3|7|14|21) days.',
        'A photo helps us to claim from the carrier.',
      ],
      policy: 1,
      replies: [
        'I am sorry that the {item} was damaged; {refund_amount} is being refunded. {policy}',
        'We refund {refund_amount} under {return_id}. {policy}',
      ],
    },
  ],
}
