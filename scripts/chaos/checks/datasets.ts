import { verdict, type Check } from './check.ts'

/** Every shard that a registered dataset version names is there: a version is forever. */
export const noShardLost: Check = ({ state }) => {
  const shards = state.d1(
    `SELECT a.name, a.version, json_extract(s.value, '$.key') AS key
     FROM artifacts a, json_each(a.manifest, '$.shards') s WHERE a.kind = 'dataset'`,
  )
  const keys = state.r2Keys()
  const wrong = shards
    .filter(({ key }) => !keys.has(String(key)))
    .map(({ name, version, key }) => `${String(name)}@${String(version)} lacks its shard ${String(key)}`)
  return verdict(shards.length, 'dataset shards', 'are where their versions say', wrong)
}
