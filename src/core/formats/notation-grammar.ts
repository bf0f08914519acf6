import type { CallPlace, NotationReader, ReaderContext } from './notation-reader.ts'

/** A tag that announces calls. */
export type NotationContainer = {
  readonly open: string
  readonly close: string
  /** Only calls stand in it; otherwise what is no call is text. */
  readonly holdsOnlyCalls: boolean
}

/** What sets one family's output apart for the parser, where calls are not written in JSON. */
export type NotationGrammar = {
  readonly containers: readonly NotationContainer[]
  /** The tag that opens one call; null when the container's does. */
  readonly callOpen: string | null
  /** The tag that ends one call; null when the container's does. */
  readonly callClose: string | null
  /** Python calls also stand on their own, with or without brackets. */
  readonly readsBarePython: boolean
  /** What is due in a container, for people. */
  readonly expected: string
  readonly createReader: (context: ReaderContext, place: CallPlace) => NotationReader
}
