import { DurableObject } from 'cloudflare:workers'

/** The least that a durable step costs here: a call to an object, which inserts one row and answers. */
export class Floor extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, payload TEXT NOT NULL)',
    )
  }

  insert(payload) {
    this.ctx.storage.sql.exec('INSERT INTO event (at, payload) VALUES (?, ?)', Date.now(), payload)
  }
}

const PAYLOAD = JSON.stringify({ type: 'stage.started', stage: 's1', attempt: 1 })

export default {
  /** Milliseconds that one insert took, in each of so many batches. The clock of workerd shows whole milliseconds. */
  async fetch(request, env) {
    const { searchParams } = new URL(request.url)
    const batches = Number(searchParams.get('batches'))
    const size = Number(searchParams.get('size'))
    const object = env.FLOOR.getByName('floor')
    const samples = []
    for (let batch = 0; batch < batches; batch++) {
      const started = Date.now()
      for (let index = 0; index < size; index++) await object.insert(PAYLOAD)
      samples.push((Date.now() - started) / size)
    }
    return Response.json(samples)
  },
}
