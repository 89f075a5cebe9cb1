import type { Cohort } from '../cohort.ts'

export const technical: Cohort = {
  name: 'technical',
  weight: 1,
  vague: [
    'I (need|could use|want) (help|support|some help) with my {device}',
    'my {device} (is acting up|makes trouble|has an issue)',
  ],
  ambiguous: [
    {
      intents: ['device_offline', 'pairing_failed'],
      ask: "(the app|my phone) (does not see|can't reach) the {device}",
    },
    {
      intents: ['firmware_update', 'device_offline'],
      ask: 'since (yesterday|last night) the {device} (is dead|does nothing)',
    },
  ],
  intents: [
    {
      intent: 'device_offline',
      action: 'run_diagnostics',
      record: 'device',
      asks: [
        '(my {device}|the {device}|it) (is|went|shows|keeps going) (offline|unavailable|disconnected|unreachable)',
        'the {device} (loses|drops|keeps losing) (the connection|wifi|its network) (every hour|at night|all the time)',
        '(no signal|no connection|the light is red|it blinks orange) (on|at) the {device}',
        'the {device} (stopped responding|does not react|hangs|froze) (since this morning|with {error_code}|)',
      ],
      spanish: [
        'mi {device} está (desconectado|sin conexión)',
        'el {device} (pierde|no tiene) (la conexión|wifi)',
      ],
      german: [
        'mein {device} ist (offline|nicht erreichbar)',
        'der {device} verliert (ständig|dauernd) (die Verbindung|das WLAN)',
      ],
      passage: [
        'Most outages are on the home network.',
        'Unplug the device for (10|20|30|60) seconds and wait for a steady light.',
        'The router should be nearby.',
      ],
      policy: 1,
      replies: [
        'The check of your {device} with serial {serial} shows {error_code}. {policy}',
        'I ran a test on {serial}, which reports {error_code}. {policy}',
      ],
    },
    {
      intent: 'pairing_failed',
      action: 'send_guide',
      record: 'device',
      asks: [
        "I (cannot|can't|am unable to|fail to) (pair|connect|set up|add) (my|the) (new|) {device} (to the app|with my phone|)",
        '(pairing|set-up|bluetooth|installation) (fails|does not work|stops halfway|ends with {error_code})',
        'how (do I|can I) (pair|install|set up|link|connect) the {device}',
        "the (qr code|set-up code|app) (is not recognised|does not find the {device}|won't add it)",
      ],
      spanish: [
        'no puedo (emparejar|vincular|configurar) el {device}',
        'cómo (instalo|conecto) el {device} con el móvil',
      ],
      german: [
        'ich kann den {device} nicht (koppeln|verbinden|einrichten)',
        'die (Kopplung|Einrichtung) (schlägt fehl|bricht ab)',
      ],
      passage: [
        'Hold the button for (3|5|8|10) seconds to start pairing mode.',
        'Bluetooth must be on.',
        'Older phones need location access.',
      ],
      policy: 0,
      replies: [
        'I have sent you the guide for the {device}. {policy}',
        'For your {device} with firmware {firmware} the steps are in your inbox. {policy}',
      ],
    },
    {
      intent: 'firmware_update',
      action: 'push_firmware',
      record: 'device',
      asks: [
        '(how do I|can you|I want to|please) (update|upgrade|flash) (the firmware|the software|my {device})',
        'the (update|upgrade|new version) (hangs|failed|is stuck|broke everything|never finishes)',
        'is there a (newer|new|later) (version|firmware|release) than {firmware}',
        'since the (last|automatic|latest) (update|patch) (the {device} is slow|nothing works|features are gone)',
      ],
      spanish: [
        'cómo actualizo (el firmware|el software) del {device}',
        'la actualización (falló|se quedó colgada)',
      ],
      german: [
        'wie aktualisiere ich (die Firmware|die Software) vom {device}',
        'das Update (hängt|ist fehlgeschlagen)',
      ],
      passage: [
        'Firmware is released every month.',
        'Keep the power plugged in during the whole time.',
        'An update takes about (5|8|12|20) minutes and ends with a restart.',
      ],
      policy: 2,
      replies: [
        'I have sent the update to your {device}, which has firmware {firmware}. {policy}',
        'The new firmware goes to {serial} now. {policy}',
      ],
    },
    {
      intent: 'warranty_claim',
      action: 'open_warranty_case',
      record: 'device',
      asks: [
        '(is|does) (my {device}|the {device}|{serial}) (still|) (under warranty|covered|have a guarantee)',
        'the {device} (broke|died|gave up|went dead) (after a year|completely|for good), (can I get a replacement|who pays)',
        'I (want|need|would like) (to claim warranty|a repair|to have it repaired|a free replacement) for (my|the) {device}',
        'how (long|many years) (is|does) the (warranty|guarantee|coverage) (last|run)',
      ],
      spanish: [
        '(sigue en|tiene) garantía mi {device}',
        'el {device} (se rompió|murió), quiero (una reparación|otro)',
      ],
      german: [
        'habe ich noch (Garantie|Gewährleistung) auf den {device}',
        'der {device} ist (kaputtgegangen|hinüber), ich möchte (eine Reparatur|Ersatz)',
      ],
      passage: [
        'Keep the receipt.',
        'Devices carry a warranty of (12|24|30|36) months from the date of purchase.',
        'Water damage is excluded.',
      ],
      policy: 1,
      replies: [
        'A warranty case for {serial} is open; you bought it on {bought_on}. {policy}',
        'I have opened a case for the {device} of {bought_on}. {policy}',
      ],
    },
    {
      intent: 'app_crash',
      action: 'open_bug_report',
      record: 'device',
      asks: [
        '(the app|your app|the software) (crashes|closes|quits|freezes) (when I open it|on start|every time|with {error_code})',
        'I (get|see|keep getting) (error|code|message) {error_code} (in the app|on my phone|on the screen)',
        "the app (shows a white screen|won't open|is unusable|eats my battery) (after the login|)",
        '(a bug|an error|a glitch) (in|with) (the app|your program|the dashboard), (it shuts down|screen goes black|it bombs out)',
      ],
      spanish: [
        'la aplicación (se cierra|se bloquea|falla) (sola|al abrirla)',
        'me sale el error {error_code} en la app',
      ],
      german: [
        'die App (stürzt ab|schließt sich) (beim Start|ständig)',
        'ich bekomme den Fehler {error_code} in der App',
      ],
      passage: [
        'Crashes are reported to us with a log.',
        'Installing the app again helps in most cases.',
        'Bug reports get a first answer within (1|2|3|4) working days.',
      ],
      policy: 2,
      replies: [
        'I have filed a bug report with {error_code} for your {device}. {policy}',
        'Error {error_code} on firmware {firmware} is reported to the developers. {policy}',
      ],
    },
  ],
}
