import * as z from 'zod'
import { type Adapter, HEADS, type Head, type HeadName } from './adapter.ts'
import { DIMENSIONS, ENCODER } from './encoder.ts'
import type { Model } from './model.ts'
import { type Tensor, type TensorFile, readSafetensors, writeSafetensors } from './safetensors.ts'
import { Vocabulary } from './vocabulary.ts'

/** Version of the artifact's layout. */
const FORMAT = 'sluice-reference-lora-1'
const Hyperparameters = z.record(z.string(), z.number())

/** A model as one `.safetensors` file, enough to serve it. The same model is always the same bytes. */
export function writeArtifact({ adapter, vocabulary, hyperparameters }: Model): Uint8Array<ArrayBuffer> {
  const { rank } = adapter
  const tensors: Record<string, Tensor> = {
    'encoder.lora_A': { shape: [rank, DIMENSIONS], values: transpose(adapter.a, DIMENSIONS, rank) },
    'attention.g': { shape: [1, DIMENSIONS], values: adapter.g },
    'picker.lora_K': { shape: [rank, DIMENSIONS], values: transpose(adapter.k, DIMENSIONS, rank) },
    'picker.lora_P': { shape: [rank, rank], values: adapter.p },
  }
  for (const name of HEADS) {
    const { b, bias } = adapter.heads[name]
    tensors[`${name}.lora_B`] = { shape: [bias.length, rank], values: b }
    tensors[`${name}.bias`] = { shape: [bias.length], values: bias }
  }
  return writeSafetensors({
    metadata: {
      format: FORMAT,
      encoder: ENCODER,
      rank: String(rank),
      hyperparameters: JSON.stringify(hyperparameters),
      vocabulary: JSON.stringify(vocabulary),
    },
    tensors,
  })
}

/** @throws Error that says what of the file does not fit this endpoint. */
export function readArtifact(bytes: Uint8Array): Model {
  const file = readSafetensors(bytes)
  const { metadata } = file
  if (metadata.format !== FORMAT) throw new Error(`artifact: format is ${metadata.format}, not ${FORMAT}`)
  if (metadata.encoder !== ENCODER)
    throw new Error(`artifact: trained on encoder ${metadata.encoder}, this endpoint has ${ENCODER}`)
  const vocabulary = Vocabulary.parse(JSON.parse(metadata.vocabulary ?? ''))
  const rank = Number(metadata.rank)
  const head = (name: HeadName, classes: number): Head => ({
    b: valuesOf(file, `${name}.lora_B`, [classes, rank]),
    bias: valuesOf(file, `${name}.bias`, [classes]),
  })
  const adapter: Adapter = {
    rank,
    a: transpose(valuesOf(file, 'encoder.lora_A', [rank, DIMENSIONS]), rank, DIMENSIONS),
    k: transpose(valuesOf(file, 'picker.lora_K', [rank, DIMENSIONS]), rank, DIMENSIONS),
    g: valuesOf(file, 'attention.g', [1, DIMENSIONS]),
    p: valuesOf(file, 'picker.lora_P', [rank, rank]),
    heads: {
      intent: head('intent', vocabulary.intents.length),
      action: head('action', vocabulary.actions.length),
      template: head('template', vocabulary.templates.length),
    },
  }
  const hyperparameters = Hyperparameters.parse(JSON.parse(metadata.hyperparameters ?? ''))
  return { adapter, vocabulary, hyperparameters }
}

function valuesOf({ tensors }: TensorFile, name: string, shape: number[]): Float32Array {
  const tensor = tensors[name]
  if (!tensor) throw new Error(`artifact: tensor ${name} is missing`)
  if (tensor.shape.join('×') !== shape.join('×'))
    throw new Error(`artifact: tensor ${name} is ${tensor.shape.join('×')}, not ${shape.join('×')}`)
  return tensor.values
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!
  return out
}
