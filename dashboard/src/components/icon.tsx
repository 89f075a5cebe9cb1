import type { JSX } from 'preact'

/** Each state has a shape of its own, so that nobody needs to tell colours apart. */
const SHAPES = {
  check: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2 7 10.4l4.2-4.6" class="cut" />
    </>
  ),
  cross: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" />
      <path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" class="cut" />
    </>
  ),
  question: (
    <>
      <path d="M8 1 15.2 14.5H.8z" fill="currentColor" />
      <path d="M8 5.6v4.2M8 11.6v1" class="cut" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6.2" class="line" />
      <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
    </>
  ),
  pause: (
    <>
      <circle cx="8" cy="8" r="6.2" class="line" />
      <path d="M6.2 5.4v5.2M9.8 5.4v5.2" class="line" />
    </>
  ),
  ring: <circle cx="8" cy="8" r="6.2" class="line" />,
  dashed: <circle cx="8" cy="8" r="6.2" class="line" stroke-dasharray="2.4 2.2" />,
  slash: (
    <>
      <circle cx="8" cy="8" r="6.2" class="line" />
      <path d="m4.2 11.8 7.6-7.6" class="line" />
    </>
  ),
  diamond: <path d="M8 1.4 14.6 8 8 14.6 1.4 8z" class="line" />,
  double: (
    <>
      <circle cx="8" cy="8" r="6.2" class="line" />
      <circle cx="8" cy="8" r="3" fill="currentColor" />
    </>
  ),
  back: <path d="M6 2.5 2.5 6 6 9.5M3 6h6.5a4 4 0 0 1 0 8H6" class="line" />,
  flag: <path d="M3.5 15V1.5h9L10 5l2.5 3.5h-9" class="line" />,
  up: <path d="M8 14.5v-12M3.5 7 8 2.5 12.5 7" class="line" />,
} satisfies Record<string, JSX.Element>

export type Shape = keyof typeof SHAPES

export function Icon({ shape }: { shape: Shape }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  )
}
