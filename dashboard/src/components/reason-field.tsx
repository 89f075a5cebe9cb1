interface ReasonFieldProps {
  id: string
  label: string
  value: string
  onInput: (value: string) => void
  maxLength: number
  /** Says what the API asks of it. */
  hint?: string
}

/** Text that is kept with a decision, for whoever asks later why. */
export function ReasonField({ id, label, value, onInput, maxLength, hint }: ReasonFieldProps) {
  return (
    <>
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={maxLength}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </>
  )
}
