import { useId, type Ref } from 'react'
import type { PickedFile } from '../../store/state.ts'
import { plainFiles } from '../kit/picked-files.ts'

/** The browser's plain file field, out of sight: a button opens it where there is no better dialog. */
export function FilesField({
  ref,
  ...props
}: {
  readonly ref: Ref<HTMLInputElement>
  /** For screen readers. */
  readonly label: string
  readonly accept?: string
  readonly multiple?: boolean
  readonly onFiles: (files: readonly PickedFile[]) => void
}) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {props.label}
      </label>
      <input
        ref={ref}
        id={id}
        type="file"
        accept={props.accept}
        multiple={props.multiple}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = plainFiles(event.target.files ?? [])
          // Lets the same file be chosen again after a failure.
          event.target.value = ''
          props.onFiles(files)
        }}
      />
    </>
  )
}
