import type { EvidenceOf } from '../../../domain/gates/registry.ts'
import { formatRef } from '../../../domain/ref.ts'
import { lineage } from '../../lineage/db.ts'
import { findArtifact, newerVersion } from '../../registry/artifacts.ts'
import { momentOf, type Loader } from './loader.ts'

/** When each input was made, and what newer version of it there was. */
export const loadFreshness: Loader<'freshness'> = async (env, context) => {
  const db = lineage(env.LINEAGE)
  const refs = Object.values(context.inputs).filter((value): value is string => typeof value === 'string')
  const now = momentOf(context)
  const inputs: EvidenceOf<'freshness'>['inputs'] = []
  for (const ref of refs) {
    const artifact = ref.includes('@') ? await findArtifact(db, context.run.project, ref) : undefined
    if (!artifact) continue
    const newer = await newerVersion(db, context.run.project, ref, artifact.createdAt, now)
    inputs.push({
      ref,
      createdAt: artifact.createdAt,
      newer: newer
        ? { ref: formatRef(newer.kind, newer.name, newer.version), createdAt: newer.createdAt }
        : null,
    })
  }
  return { now, inputs }
}
