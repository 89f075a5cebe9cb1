export { COHORTS } from './cohorts/index.ts'
export { damageCohort } from './damage.ts'
export { type GenerateOptions, generateTranscripts } from './generate.ts'
export { type ProductionRequest, productionTraffic } from './traffic.ts'
