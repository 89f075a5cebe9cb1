/** Adam (Kingma and Ba 2015) for one flat parameter; the gradient is consumed: it is zero afterwards. */
export interface Parameter {
  values: Float32Array
  gradient: Float32Array
  first: Float32Array
  second: Float32Array
}

const BETA1 = 0.9
const BETA2 = 0.99
const EPSILON = 1e-8

export function parameter(values: Float32Array): Parameter {
  const zeros = () => new Float32Array(values.length)
  return { values, gradient: zeros(), first: zeros(), second: zeros() }
}

/** `step` counts from 1. `decay` is decoupled weight decay (Loshchilov and Hutter 2019), times the rate. */
export function adamStep(
  { values, gradient, first, second }: Parameter,
  step: number,
  rate: number,
  decay: number,
): void {
  const scale = (rate * Math.sqrt(1 - BETA2 ** step)) / (1 - BETA1 ** step)
  const keep = 1 - rate * decay
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]!
    const m = (first[i] = BETA1 * first[i]! + (1 - BETA1) * g)
    const v = (second[i] = BETA2 * second[i]! + (1 - BETA2) * g * g)
    values[i] = values[i]! * keep - (scale * m) / (Math.sqrt(v) + EPSILON)
    gradient[i] = 0
  }
}
