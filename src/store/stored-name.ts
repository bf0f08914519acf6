/** `xLAM-2-1b-fc-r-gguf Q4_K_M`, or the name of what was imported. */
export function storedName(model: {
  /** `owner/name`. */
  readonly repo: string | null
  readonly quantization: string
}): string {
  const { repo, quantization } = model
  return repo === null ? quantization : `${repo.slice(repo.indexOf('/') + 1)} ${quantization}`
}
