import type { Cohort } from '../cohort.ts'

export const billing: Cohort = {
  name: 'billing',
  weight: 2,
  vague: [
    '(there is|I see|I found) something (odd|wrong|off) (on|with) my (bill|statement|account)',
    'I have a (question|problem) (about|regarding) (billing|a payment|my subscription)',
  ],
  ambiguous: [
    {
      intents: ['duplicate_charge', 'explain_charge'],
      ask: 'there is (a|one more) (charge|payment) from you that I (did not expect|do not recognise)',
    },
    { intents: ['cancel_subscription', 'change_plan'], ask: "I (don't want|no longer need) the {plan} plan" },
  ],
  intents: [
    {
      intent: 'duplicate_charge',
      action: 'issue_refund',
      record: 'subscription',
      asks: [
        'I was (charged|billed|debited) (twice|two times|double) (for|on) (the {plan} plan|my subscription|this month|{invoice_id})',
        'you (took|withdrew|collected|deducted) {monthly_price} (twice|two times) (from my account|from my card|on {charged_on})',
        '(the same amount|{monthly_price}|invoice {invoice_id}) (appears|shows up|was booked|went off) (twice|2x|double|two times) on my (statement|card|bank account)',
        'there are two (identical|equal) (debits|transactions|bookings|withdrawals) (from you|of {monthly_price}), (please return one|I owe only one|give one back)',
        'why did I pay (double|two times) (this month|for one subscription)',
      ],
      spanish: [
        'me (han cobrado|cobraron|cargaron) (dos veces|el doble) (la suscripción|el plan {plan}|este mes)',
        'aparece un (cargo|cobro) (duplicado|repetido) de {monthly_price} en mi (tarjeta|cuenta)',
      ],
      german: [
        'mir wurde (zweimal|doppelt) (abgebucht|berechnet), (je {monthly_price}|für den Plan {plan})',
        'der Betrag {monthly_price} wurde (doppelt|zweimal) (eingezogen|belastet)',
      ],
      passage: [
        'Double charges happen when a payment is (retried|sent again) by the bank.',
        'A duplicate charge is refunded within (3|5|7|10) business days to the original payment method.',
        'The open authorisation may stay visible until then.',
      ],
      policy: 1,
      replies: [
        'I have refunded the second charge of {monthly_price} on invoice {invoice_id}. {policy}',
        'You were indeed charged {monthly_price} twice on {charged_on}, and one of them is on its way back. {policy}',
      ],
    },
    {
      intent: 'explain_charge',
      action: 'answer_only',
      record: 'subscription',
      asks: [
        "(what is|what's|could you explain) (this|the) (charge|payment|debit|amount) (of {monthly_price}|on {charged_on}|from {charged_on})",
        'why (is my bill|was the amount|is the invoice|did the price go) (higher|up|more) (than last month|than before|this time)',
        "I (don't understand|can't make sense of|am puzzled by) (invoice {invoice_id}|my bill|the line items)",
        '(can you break down|please itemise|what makes up) (invoice {invoice_id}|the {monthly_price}|my statement)',
        'what (am I paying|did you bill me|do you charge) {monthly_price} for',
      ],
      spanish: [
        '(qué es|a qué corresponde) (este cargo|el cobro) de {monthly_price}',
        'por qué (subió|es más alta) mi (factura|cuota) este mes',
      ],
      german: [
        '(wofür|was) ist (die Abbuchung|der Betrag) von {monthly_price}',
        'warum ist meine Rechnung (höher|teurer) als (sonst|im Vormonat)',
      ],
      passage: [
        'Every invoice lists the plan, the billing period and any add-ons.',
        'The first bill after a plan change includes (7|10|14|20) days of the new plan in advance.',
        'Taxes depend on the billing country.',
      ],
      policy: 1,
      replies: [
        'The {monthly_price} on invoice {invoice_id} is for the {plan} plan. {policy}',
        'Invoice {invoice_id} of {charged_on} covers your {plan} plan. {policy}',
      ],
    },
    {
      intent: 'invoice_copy',
      action: 'send_document',
      record: 'subscription',
      asks: [
        '(please send|can you send|I need|could you email) (me|) (a copy of|the pdf of|) (invoice {invoice_id}|my last invoice|the bill from {charged_on})',
        'I (need|require) (an invoice|a receipt|paperwork|proof of payment) (for my accountant|for taxes|for my company|for reimbursement)',
        'where (can I download|do I find|do I get) (my invoices|receipts|invoice {invoice_id})',
        '(my accountant|the tax office|my boss) (wants|asks for|needs) the (invoice|receipt|voucher|document) (of {charged_on}|for {monthly_price})',
      ],
      spanish: [
        '(necesito|me pueden enviar|quiero) (una copia de|) la factura {invoice_id}',
        'me hace falta (el recibo|el comprobante) para (hacienda|mi gestor)',
      ],
      german: [
        '(ich brauche|bitte schicken Sie mir) (eine Kopie der|die) Rechnung {invoice_id}',
        'ich benötige (einen Beleg|eine Quittung) für (die Steuer|meine Firma)',
      ],
      passage: [
        'Invoices are PDF files with all legal details.',
        'Copies go to the billing address on file.',
        'Invoices can be requested again for up to (12|18|24|36) months.',
      ],
      policy: 2,
      replies: [
        'I have sent invoice {invoice_id} for {monthly_price} to your billing e-mail. {policy}',
        'Invoice {invoice_id} of {charged_on} is in your inbox now. {policy}',
      ],
    },
    {
      intent: 'update_payment_method',
      action: 'send_secure_link',
      record: 'subscription',
      asks: [
        'I (want|need|would like) to (change|update|replace|swap) (my card|the card on file|my payment method|the bank account)',
        'my (card|credit card|debit card) (expired|was stolen|got replaced|is blocked), (how do I add a new one|I have a new one|please use another)',
        '(please debit|charge|use|take) (a different|another|my new) (account|card|IBAN) (from now on|next time|for {plan})',
        'can I (pay|switch) (by|to) (direct debit|paypal|bank transfer|invoice) instead (of card|)',
      ],
      spanish: [
        'quiero (cambiar|actualizar) (mi tarjeta|la cuenta bancaria|la forma de pago)',
        'mi tarjeta (caducó|está bloqueada), (tengo otra|cómo pongo una nueva)',
      ],
      german: [
        'ich möchte (meine Karte|die Zahlungsart|das Konto) (ändern|wechseln|aktualisieren)',
        'meine Kreditkarte ist (abgelaufen|gesperrt), (ich habe eine neue|wie hinterlege ich eine andere)',
      ],
      passage: [
        'A secure link to change the payment method stays valid for (24|48|72|96) hours.',
        'We never take card numbers in chat.',
        'The new method is used from the next billing date.',
      ],
      policy: 0,
      replies: [
        'I have sent you a secure link to change how you pay for {plan}. {policy}',
        'Please use the link in your e-mail before {renews_on}, when {plan} renews. {policy}',
      ],
    },
    {
      intent: 'cancel_subscription',
      action: 'cancel_subscription',
      record: 'subscription',
      asks: [
        '(please cancel|I want to cancel|cancel|terminate) (my subscription|the {plan} plan|my membership|everything)',
        "I (do not|don't) want (it|the plan|{plan}) to (renew|continue|be extended) (on {renews_on}|any more|)",
        '(stop|end|discontinue|quit) (the subscription|billing me|my {plan}|the contract) (please|right now|as of {renews_on})',
        'how do I (unsubscribe|get out of this contract|leave|opt out of {plan})',
      ],
      spanish: [
        'quiero (cancelar|dar de baja|anular) (mi suscripción|el plan {plan})',
        'no quiero que se renueve (el plan|la suscripción)',
      ],
      german: [
        '(ich möchte|hiermit) (mein Abo|den Plan {plan}) (kündigen|beenden)',
        'bitte (verlängern Sie nicht|stoppen Sie das Abo)',
      ],
      passage: [
        'Plans can be cancelled at any time.',
        'A cancelled plan stays usable until the end of the paid period.',
        'Cancelling less than (2|3|5|7) days before renewal takes effect one period later.',
      ],
      policy: 2,
      replies: [
        'Your {plan} plan is cancelled and will not renew on {renews_on}. {policy}',
        'I have ended {plan}, which costs {monthly_price} a month. {policy}',
      ],
    },
    {
      intent: 'change_plan',
      action: 'change_plan',
      record: 'subscription',
      asks: [
        'I (want|would like|need) to (upgrade|downgrade|switch|move) (from {plan}|my plan|to a smaller plan|to a bigger plan)',
        '(is there|do you have|offer me) a (cheaper|smaller|bigger|better) (plan|tier|package) than {plan}',
        '{plan} is too (expensive|small|much) for (us|me), what (else|other plan) (is there|can I take)',
        '(put|move|shift) me (on|onto) (the annual|yearly|another|a different) (plan|billing|tariff)',
      ],
      spanish: [
        'quiero (cambiar de plan|pasar a un plan) (más barato|más grande|anual)',
        'el plan {plan} es demasiado (caro|pequeño), (qué otro hay|quiero otro)',
      ],
      german: [
        'ich möchte (den Tarif wechseln|auf einen anderen Plan umsteigen)',
        '{plan} ist mir zu (teuer|klein), gibt es (etwas Günstigeres|einen anderen Tarif)',
      ],
      passage: [
        'Plan changes are made in the billing settings or by an agent.',
        'Moving to another plan is free (1|2|3|4) times a year.',
        'Unused days are credited to the new plan.',
      ],
      policy: 1,
      replies: [
        'I have opened the plan change for {plan}, now at {monthly_price} a month. {policy}',
        'Your move away from {plan} takes effect on {renews_on}. {policy}',
      ],
    },
  ],
}
