import type { Cohort } from '../cohort.ts'

export const account: Cohort = {
  name: 'account',
  weight: 1,
  vague: [
    'I (have|got) (a problem|an issue|a question) (with|about) my (account|profile|login)',
    '(something|a thing) (with|about) account {account_id}',
  ],
  ambiguous: [
    { intents: ['reset_password', 'account_locked'], ask: "I (cannot|can't) (log in|sign in|get in)" },
    {
      intents: ['delete_account', 'privacy_request'],
      ask: '(what about|please take care of) (my data|the data you hold on me)',
    },
  ],
  intents: [
    {
      intent: 'reset_password',
      action: 'send_reset_link',
      record: 'account',
      asks: [
        "I (forgot|lost|don't remember) my (password|passphrase|login)",
        '(please|can you) (reset|renew) my (password|credentials|pin)',
        'the (reset|recovery) (e-mail|link|mail) (never came|is not arriving|has expired|does not work)',
        'my password (is not accepted|is wrong all the time|no longer works), (I need a new one|send me a new one)',
      ],
      spanish: [
        '(olvidé|perdí|no recuerdo) mi contraseña',
        'no me llega el correo para (restablecer|cambiar) la contraseña',
      ],
      german: [
        'ich habe mein (Passwort|Kennwort) (vergessen|verloren)',
        'die Mail zum (Zurücksetzen|neuen Passwort) kommt nicht an',
      ],
      passage: [
        'A reset link is valid for (15|30|45|60) minutes.',
        'Check the spam folder first.',
        'Passwords need a length of a dozen characters.',
      ],
      policy: 0,
      replies: [
        'I have sent a reset link to {email}. {policy}',
        'A new link for account {account_id} is on its way to {email}. {policy}',
      ],
    },
    {
      intent: 'account_locked',
      action: 'unlock_account',
      record: 'account',
      asks: [
        'my account (is|was|has been|got) (locked|blocked|suspended|frozen|disabled)',
        'it says (too many attempts|temporarily locked|access denied), (please unlock|let me in)',
        '(unlock|unblock|reactivate|open) (my account|{account_id}|my profile) (please|)',
        'you (shut me out|kicked me out|banned me|deactivated me) (without warning|for no reason|)',
      ],
      spanish: [
        'mi cuenta está (bloqueada|suspendida)',
        'pone demasiados intentos, (desbloqueen|pueden abrir) mi cuenta',
      ],
      german: [
        'mein Konto (ist|wurde) (gesperrt|blockiert)',
        'zu viele Versuche steht da, bitte (entsperren|freischalten)',
      ],
      passage: [
        'Accounts lock by themselves when somebody guesses.',
        'A locked account opens again after (20|30|60|90) minutes or when an agent unlocks it.',
        'We then ask for a new sign-in.',
      ],
      policy: 1,
      replies: [
        'Account {account_id} is unlocked. {policy}',
        'I have unlocked the account of {customer}. {policy}',
      ],
    },
    {
      intent: 'change_email',
      action: 'update_contact',
      record: 'account',
      asks: [
        '(I want to|please|I need to|can you) (change|update|replace) my (e-mail|email address|phone number|contact details)',
        "I (no longer have access to|lost|closed|don't use) (my old mailbox|{email}|that address)",
        '(use|take|write to|register) (this|my new|another) (e-mail|address|number) (from now on|instead)',
        'my (surname|name) (changed|is misspelled|is wrong) (after the wedding|in the profile|), (correct it|please fix)',
      ],
      spanish: ['quiero (cambiar|actualizar) mi (correo|teléfono)', 'ya no (uso|tengo acceso a) ese correo'],
      german: [
        'ich möchte meine (E-Mail-Adresse|Telefonnummer|Kontaktdaten) (ändern|aktualisieren)',
        'auf (das alte Postfach|{email}) habe ich keinen Zugriff mehr',
      ],
      passage: [
        'Contact data can be changed by the owner only.',
        'Both addresses get a message.',
        'A new address must be confirmed within (12|24|36|48) hours.',
      ],
      policy: 2,
      replies: [
        'I have noted the change for account {account_id}. {policy}',
        'The contact data of {customer} is being updated. {policy}',
      ],
    },
    {
      intent: 'delete_account',
      action: 'delete_account',
      record: 'account',
      asks: [
        '(delete|close|remove|erase) (my account|account {account_id}|my profile|me from your system)',
        'I (want|would like|wish) (to close|my account closed|to be deleted|to leave for good|you to wipe my profile)',
        '(I do not want|no longer want) an account (with you|here) (any more|)',
        'how (do I|can I) (delete|terminate|get rid of|deregister) my (account|profile|registration)',
      ],
      spanish: [
        'quiero (borrar|eliminar|cerrar) mi cuenta',
        'no quiero seguir registrado, (bórrenme|eliminen mi perfil)',
      ],
      german: [
        'bitte (löschen Sie|löschen) (mein Konto|mein Profil)',
        'ich möchte mich (abmelden und alles löschen|dauerhaft löschen lassen)',
      ],
      passage: [
        'Deletion can be undone for (7|14|28|30) days, after which it is final.',
        'Open orders are finished first.',
        'Invoices are kept as the law demands.',
      ],
      policy: 0,
      replies: [
        'The deletion of account {account_id} is scheduled. {policy}',
        'Account {account_id}, opened on {member_since}, will be deleted. {policy}',
      ],
    },
    {
      intent: 'privacy_request',
      action: 'export_data',
      record: 'account',
      asks: [
        '(send me|I want|I request|please export) (all|a copy of all|) (my data|the data you have about me|personal information)',
        '(under|by|according to) (gdpr|the privacy law|article 15) I (ask for|demand|request) (access|disclosure|my records)',
        '(what|which) (data|information|details) do you (store|keep|hold|collect) (about me|on {customer}|)',
        '(stop|object to|I refuse) (sharing|selling|using|processing) my (data|details) (for ads|for marketing|)',
      ],
      spanish: [
        'quiero (una copia de|acceder a) mis datos (personales|)',
        'qué (datos|información) guardan sobre mí',
      ],
      german: [
        'ich (verlange|bitte um) Auskunft über meine (Daten|gespeicherten Daten)',
        'welche Daten (speichern|haben) Sie über mich',
      ],
      passage: [
        'The export holds profile, orders and messages.',
        'A data export is ready within (5|10|20|30) days.',
        'It comes as a protected archive.',
      ],
      policy: 1,
      replies: [
        'The data export for account {account_id} is requested. {policy}',
        'We are preparing the data of {customer}, a member since {member_since}. {policy}',
      ],
    },
  ],
}
