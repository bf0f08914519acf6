/** A key combination, such as `Ctrl K`. */
export function Kbd({ keys }: { readonly keys: string }) {
  return <kbd className="rounded border border-current/30 px-1 font-mono text-2xs">{keys}</kbd>
}
