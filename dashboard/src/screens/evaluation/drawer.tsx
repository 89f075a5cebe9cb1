import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DrawerProps {
  title: ComponentChildren
  onClose: () => void
  children: ComponentChildren
}

/** Something in full beside the list that it stands in. Escape and a click outside close it. */
export function Drawer({ title, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current!.showModal(), [])
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close()
      }}
    >
      <div class="drawer-body">
        <header>
          <h2 id="drawer-title">{title}</h2>
          <button type="button" onClick={() => dialog.current!.close()}>
            Close
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
