import { isJsonObject, type JsonValue } from '../lib/json.ts'

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${escapeKey(String(key))}`).join('')
}

export function childPointer(pointer: string, key: string | number): string {
  return `${pointer}/${escapeKey(String(key))}`
}

/** The keys of a JSON Pointer (RFC 6901), unescaped. */
export function pointerKeys(pointer: string): readonly string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value at a pointer, or undefined when nothing stands there. */
export function valueAt(root: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root
  for (const key of pointerKeys(pointer)) {
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key]
    else return undefined
  }
  return value
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
