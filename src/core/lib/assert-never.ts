/** Ends a switch over a union: a member that was added later then breaks the build. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
