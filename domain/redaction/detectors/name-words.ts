/** Words that make a place, a house, a firm or a work of what looks like a name. */
export const HEAD = new Set(
  `hotel hotels hostel inn suites resort villa casa motel lodge spa city town village park beach island islands
station airport street st avenue ave road rd drive lane boulevard blvd way square plaza court highway theater
theatre cinema museum hall center centre restaurant cafe café bistro grill bar pub pizza pizzeria kitchen bakery
diner steakhouse taqueria bank movie film show album song airlines airways air university college school church
cathedral hospital clinic institute foundation inc ltd llc gmbh corp corporation company co plc group ag sa osteria
trattoria ristorante brasserie cantina izakaya ramen sushi barbershop grooming parlor parlour theatres cafes event
tour stadium arena river lake mount mountain valley bridge bay county province festival museo club market store
shop mall salon apartments apts apartment tower towers house gallery library garden gardens orchestra band fc
united games game series award awards cup league day park's test theorem algorithm method coefficient equation act
law disease syndrome street's model app web server cloud api plus pro max mini card visa pay prize studio studios
records pictures entertainment motors bus train line terminal`.split(/\s+/),
)

/** Beginnings of place names. */
export const PLACE_OPENING = new Set(
  `San Santa Santo São Saint St St. Los Las Le La El Les New North South East West Port Mount Mt Lake Fort Ft Cape
Costa Puerto Monte Rio Bora Palo Tel Sri Hong Nueva`.split(/\s+/),
)

/** Firms and things with a person's name. */
export const BRANDS = new Set(
  `alexa siri cortana mercedes tesla renault peugeot citroen opel skoda volvo audi porsche ferrari chrysler ford honda hilton
marriott hyatt wendy denny macy kohl nordstrom wells barclays lloyds revolut monzo wise stripe klarna zelle venmo paypal
mastercard amex amazon google netflix uber lyft airbnb kelvin celsius alfredo caesar zelda sephora zara prada gucci armani
versace java ruby facebook instagram whatsapp twitter tiktok youtube spotify oracle siemens bosch philips adidas puma ikea
levi allah buddha among hola hallo bonjour ciao salut merhaba euro euros`.split(/\s+/),
)

/** Names that are as often a city, or whatever was called after somebody: none alone, but some with another name. */
const NAMESAKES = new Set(
  `sydney lafayette victoria helena stanford austin jordan madison jackson lincoln chelsea charlotte orlando florence paris
savannah brooklyn dallas houston adelaide alexandria virginia georgia carolina dakota asia india israel vienna venice
valencia verona siena troy phoenix washington hamilton kingston preston clayton clinton franklin jefferson monroe raleigh
denver cordoba leon santiago salvador trinidad cuba malta cyprus morgan newton pascal bayes gauss benedict gemini leo mario
jesus christ christian julia pearson fisher wilcoxon euler fibonacci ola`.split(/\s+/),
)

export function isAmbiguous(word: string): boolean {
  const lower = word.toLowerCase()
  return BRANDS.has(lower) || NAMESAKES.has(lower) || BARE.test(lower)
}

/** Endings that surnames have in their languages and few other capitalised words: -sson, -ović, -enko, -ucci. */
export const SURNAME =
  /^\p{L}{3,}(?:sson|ssen|sen|dottir|ovic|evic|jevic|ovich|evich|anov|enov|inov|arov|ayev|aev|eyev|imov|adov|anova|enova|imova|eva|ova|iyev|iev|khanov|sky|ski|ska|cki|cka|wicz|czyk|enko|chuk|yan|oglu|escu|poulos|akis|idis|inen|elli|etti|ucci|berg|strom|quist|qvist|gren|lund|mann|shvili|adze|idze)$/u

/** Contractions without their apostrophe, and what is said but not listed. */
const BARE =
  /^(?:ive|im|id|ill|dont|cant|wont|didnt|doesnt|isnt|wasnt|arent|werent|havent|hasnt|hadnt|couldnt|wouldnt|shouldnt|thats|whats|theres|heres|hes|shes|its|youre|youve|theyre|weve|lets|hows|whos|yeah|yep|yup|nope|alright|ok|okay|hmm|haha|lol|btw|thx|gonna|wanna|brexit)$/
