import { cardNumber, iban, phone } from './pii.ts'
import type { Random } from './random.ts'

export type Language = 'en' | 'es' | 'de'

export interface Customer {
  name: string
  email: string
  phone: string
  card: string
  iban: string
  address: string
  tier: 'free' | 'plus' | 'business'
  language: Language
}

/** Picked from evenly: one customer in twelve writes Spanish, one German. */
const LANGUAGES: readonly Language[] = ['es', 'de', ...Array.from({ length: 10 }, () => 'en' as const)]

const NAMES: Record<Language, { first: readonly string[]; last: readonly string[] }> = {
  en: {
    first: ['Emma', 'Liam', 'Olivia', 'Noah', 'Ava', 'Ethan', 'Grace', 'Samuel', 'Chloe', 'Jack', 'Priya', 'Wei', 'Fatima', 'Kwame', 'Aisha', 'Tomasz', 'Yuki', 'Ahmed', 'Bridget', 'Marcus'],
    last: ['Johnson', 'Carter', 'Nguyen', 'Okafor', 'Patel', 'Murphy', 'Kowalski', 'Rossi', 'Kim', 'Hughes', 'Brown', 'Silva', 'Ivanova', 'Walker', 'Bennett', 'Tanaka', 'Mensah', 'Larsen'],
  },
  es: {
    first: ['Lucía', 'Mateo', 'Carmen', 'Javier', 'Sofía', 'Diego', 'Elena', 'Álvaro', 'Rocío', 'Andrés'],
    last: ['García', 'Fernández', 'Ruiz', 'Moreno', 'Castillo', 'Navarro', 'Ortega', 'Delgado', 'Peña'],
  },
  de: {
    first: ['Anna', 'Lukas', 'Katrin', 'Jürgen', 'Sabine', 'Felix', 'Greta', 'Stefan', 'Heike', 'Moritz'],
    last: ['Müller', 'Schneider', 'Weber', 'Hoffmann', 'Krüger', 'Vogel', 'Brandt', 'Lehmann', 'Schäfer'],
  },
} // prettier-ignore

const STREETS: Record<Language, (random: Random) => string> = {
  en: (random) =>
    `${random.int(2, 980)} ${random.pick(['Maple', 'Oak', 'Cedar', 'Mill', 'Church', 'Station', 'Hill', 'Lake'])} ${random.pick(['Street', 'Avenue', 'Road', 'Lane', 'Drive'])}, ${random.pick(['Portland, OR 97205', 'Austin, TX 78701', 'Boston, MA 02108', 'Denver, CO 80202', 'Leeds LS1 4DY', 'Chicago, IL 60614'])}`,
  es: (random) =>
    `Calle ${random.pick(['Mayor', 'de Alcalá', 'del Sol', 'Serrano', 'Colón'])} ${random.int(1, 140)}, ${random.pick(['28013 Madrid', '46002 Valencia', '41001 Sevilla', '08002 Barcelona'])}`,
  de: (random) =>
    `${random.pick(['Hauptstraße', 'Bahnhofstraße', 'Gartenweg', 'Lindenallee', 'Schillerstraße'])} ${random.int(1, 140)}, ${random.pick(['10115 Berlin', '80331 München', '20095 Hamburg', '50667 Köln'])}`,
}

const MAIL_HOSTS = ['example.com', 'mail.example.org', 'post.example.net', 'example.co.uk', 'inbox.example']

export function createCustomer(random: Random): Customer {
  const language = random.pick(LANGUAGES)
  const first = random.pick(NAMES[language].first)
  const last = random.pick(NAMES[language].last)
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()
  const user = random.pick([
    `${plain(first)}.${plain(last)}`,
    `${plain(first)[0]}${plain(last)}${random.int(1, 99)}`,
    `${plain(last)}_${plain(first)}`,
    `${plain(first)}${random.int(1960, 2005)}`,
  ])
  return {
    name: `${first} ${last}`,
    email: `${user}@${random.pick(MAIL_HOSTS)}`,
    phone: phone(random, language),
    card: cardNumber(random),
    iban: iban(random),
    address: STREETS[language](random),
    tier: random.pick(['free', 'free', 'plus', 'plus', 'business'] as const),
    language,
  }
}
