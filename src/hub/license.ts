import type { License } from './hub-client.ts'

/** A model's license in words that fit beside its name. */
export type LicenseTerms = {
  /** Such as `CC BY-NC 4.0`. */
  readonly label: string
  /** Where its text stands: the model's own link, else the license's, else the model's page. */
  readonly url: string
  /**
   * `open`: free to use for any purpose. `non-commercial`: not in a product or service. `own-terms`: written by the
   * model's maker; read them. `unknown`: the repository does not say.
   */
  readonly use: 'open' | 'non-commercial' | 'own-terms' | 'unknown'
}

type Known = Pick<LicenseTerms, 'label' | 'use'> & { readonly url: string | null }

const spdx = (id: string, label: string): [string, Known] => [
  id.toLowerCase(),
  { label, use: 'open', url: `https://spdx.org/licenses/${id}.html` },
]

/** By the Hub's names: https://huggingface.co/docs/hub/repositories-licenses */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  spdx('Apache-2.0', 'Apache 2.0'),
  spdx('MIT', 'MIT'),
  spdx('BSD-3-Clause', 'BSD 3-Clause'),
  ['cc-by-4.0', cc('by', 'CC BY 4.0', 'open')],
  ['cc-by-sa-4.0', cc('by-sa', 'CC BY-SA 4.0', 'open')],
  ['cc-by-nc-4.0', cc('by-nc', 'CC BY-NC 4.0', 'non-commercial')],
  ['cc-by-nc-sa-4.0', cc('by-nc-sa', 'CC BY-NC-SA 4.0', 'non-commercial')],
  ['cc-by-nc-nd-4.0', cc('by-nc-nd', 'CC BY-NC-ND 4.0', 'non-commercial')],
  ['llama3', own('Llama 3 Community License', 'https://www.llama.com/llama3/license/')],
  ['llama3.1', own('Llama 3.1 Community License', 'https://www.llama.com/llama3_1/license/')],
  ['llama3.2', own('Llama 3.2 Community License', 'https://www.llama.com/llama3_2/license/')],
  ['llama3.3', own('Llama 3.3 Community License', 'https://www.llama.com/llama3_3/license/')],
  ['gemma', own('Gemma Terms of Use', 'https://ai.google.dev/gemma/terms')],
  ['lfm1.0', own('LFM Open License 1.0', null)],
  ['qwen', own('Qwen License', null)],
  ['qwen-research', { label: 'Qwen Research License', use: 'non-commercial', url: null }],
])

/** What the license of a repository lets its user do. `repoUrl` is the model's page. */
export function licenseTerms(license: License | null, repoUrl: string): LicenseTerms {
  if (!license || license.id === 'unknown') {
    return { label: 'No license given', url: repoUrl, use: 'unknown' }
  }
  const known = KNOWN.get((license.id === 'other' ? license.name : license.id)?.toLowerCase() ?? '')
  const label = known?.label ?? license.name ?? license.id
  return {
    label: label === 'other' ? 'License of its own' : label,
    url: license.link ?? known?.url ?? repoUrl,
    use: known?.use ?? 'own-terms',
  }
}

function cc(kind: string, label: string, use: LicenseTerms['use']): Known {
  return { label, use, url: `https://creativecommons.org/licenses/${kind}/4.0/` }
}

function own(label: string, url: string | null): Known {
  return { label, use: 'own-terms', url }
}
