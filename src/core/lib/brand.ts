declare const brand: unique symbol

/** A string that only its own constructor may make, so that ids of different things cannot be mixed up. */
export type Branded<Name extends string> = string & { readonly [brand]: Name }
