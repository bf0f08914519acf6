import { useEffect, useState } from 'react'
import type { EditorProblem } from './editor-problem.ts'
import { jsonLanguage } from './json-language-client.ts'
import type { JsonKind } from './json-language-protocol.ts'

const NONE: readonly EditorProblem[] = []

/** What the JSON language worker finds in the text. Empty until it has looked at this very text. */
export function useSchemaProblems(text: string, kind: JsonKind): readonly EditorProblem[] {
  const [checked, setChecked] = useState({ text: '', problems: NONE })
  useEffect(() => {
    let isCurrent = true
    void jsonLanguage.ask({ type: 'validate', kind, text }).then((problems) => {
      if (isCurrent && problems) setChecked({ text, problems })
    })
    return () => {
      isCurrent = false
    }
  }, [text, kind])
  return checked.text === text ? checked.problems : NONE
}
