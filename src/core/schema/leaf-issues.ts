import type { OutputUnit, Schema } from '@cfworker/json-schema'

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { CallIssue } from './call-issue.ts'
import { enumFinding, type Finding, missingFindings, plain, typeFinding } from './finding.ts'
import { childPointer, pointerOf, valueAt } from './json-pointer.ts'
import { leafMessage } from './leaf-message.ts'
import type { PreparedSchema } from './prepare-schema.ts'
import { surplusIssue } from './surplus-keys.ts'

type Checked = { readonly prepared: PreparedSchema; readonly value: JsonValue }

/**
 * Turns the validator's flat list of errors into one issue per cause.
 *
 * The list holds a unit for every schema on the way down ("does not match"), each followed by those of what it contains;
 * only the leaves say something. Of an `anyOf` or `oneOf` the branch that came closest speaks.
 */
export function leafIssues(units: readonly OutputUnit[], checked: Checked): readonly CallIssue[] {
  const issues = findingsIn(withoutTries(units), checked).map(({ issue }) => issue)
  const seen = new Set<string>()
  return issues.filter(({ kind, path, message }) => {
    const key = JSON.stringify([kind, path, message])
    return !seen.has(key) && seen.add(key)
  })
}

/** `minContains` lists the items that did not match before it: they need not. */
function withoutTries(units: readonly OutputUnit[]): readonly OutputUnit[] {
  const kept: OutputUnit[] = []
  for (const unit of units) {
    if (unit.keyword === 'minContains') {
      const tries = `${parentOf(unit.keywordLocation)}/contains/`
      while (kept.at(-1)?.keywordLocation.startsWith(tries)) kept.pop()
    }
    kept.push(unit)
  }
  return kept
}

/** Keywords whose unit only says that something further down is wrong. */
const CONTAINERS: ReadonlySet<string> = new Set(
  (
    '$ref $recursiveRef allOf if properties patternProperties additionalProperties unevaluatedProperties ' +
    'dependentSchemas prefixItems items additionalItems unevaluatedItems'
  ).split(' '),
)

function findingsIn(units: readonly OutputUnit[], checked: Checked): readonly Finding[] {
  const findings: Finding[] = []
  for (let index = 0; index < units.length; index++) {
    const unit = units[index]
    if (!unit || CONTAINERS.has(unit.keyword)) continue
    const isChoice = unit.keyword === 'anyOf' || unit.keyword === 'oneOf'
    if (!isChoice && unit.keyword !== 'propertyNames') {
      findings.push(...leafFindings(unit, units[index - 1], checked))
      continue
    }
    const end = blockEnd(units, index)
    const block = units.slice(index + 1, end)
    if (isChoice) findings.push(...choiceFindings(unit, block, checked))
    else findings.push(...nameFindings(unit, block, checked))
    index = end - 1
  }
  return findings
}

/** Where the errors from within the unit at `start` end. A `false` schema does not say where it stands. */
function blockEnd(units: readonly OutputUnit[], start: number): number {
  const prefix = `${units[start]?.keywordLocation ?? ''}/`
  let end = start + 1
  for (; end < units.length; end++) {
    const unit = units[end]
    if (unit?.keyword !== 'false' && !unit?.keywordLocation.startsWith(prefix)) break
  }
  return end
}

function choiceFindings(
  unit: OutputUnit,
  block: readonly OutputUnit[],
  checked: Checked,
): readonly Finding[] {
  const path = pathOf(unit.instanceLocation)
  const branches = new Map<string, OutputUnit[]>()
  let current = '0'
  for (const inner of block) {
    if (inner.keyword !== 'false') {
      current = inner.keywordLocation.slice(unit.keywordLocation.length + 1).split('/', 1)[0] ?? ''
    }
    const branch = branches.get(current)
    if (branch) branch.push(inner)
    else branches.set(current, [inner])
  }
  const isAmbiguous = unit.keyword === 'oneOf' && !unit.error.includes('(0 matches)')
  if (branches.size === 0 || isAmbiguous) {
    return [
      plain('schema', path, 'The value fits more than one of the forms that exclude each other.'),
    ]
  }
  const findings = [...branches.values()].map((inner) => findingsIn(inner, checked))
  const value = valueAt(checked.value, path)
  const types = findings.map(
    (inner) => inner.find(({ issue, types }) => types && issue.path === path)?.types,
  )
  if (types.every((type) => type !== undefined)) {
    const expected = [...new Set(types.flat())]
    return [typeFinding(path, expected, value)]
  }
  const allowed = findings.map((inner) =>
    inner[0]?.issue.path === path ? inner[0].allowed : undefined,
  )
  if (allowed.every((values) => values !== undefined))
    return [enumFinding(path, allowed.flat(), value)]
  return findings.toSorted((a, b) => distance(a, path) - distance(b, path))[0] ?? []
}

/** How far a branch is from what was given: another type is farther than another tag, than details. */
function distance(findings: readonly Finding[], path: string): number {
  const isOtherType = findings.some(({ types, issue }) => types && issue.path === path)
  const otherTags = findings.filter(({ allowed }) => allowed).length
  return (isOtherType ? 1e6 : 0) + otherTags * 1e3 + findings.length
}

function nameFindings(
  unit: OutputUnit,
  block: readonly OutputUnit[],
  checked: Checked,
): readonly Finding[] {
  const path = pathOf(block[0]?.instanceLocation ?? unit.instanceLocation)
  const object = valueAt(checked.value, pathOf(unit.instanceLocation))
  const key = Object.keys(isJsonObject(object) ? object : {}).find(
    (name) => childPointer(pathOf(unit.instanceLocation), name) === path,
  )
  return [plain('additional', path, `The name ${JSON.stringify(key ?? '')} is not allowed here.`)]
}

function leafFindings(
  unit: OutputUnit,
  before: OutputUnit | undefined,
  checked: Checked,
): readonly Finding[] {
  const path = pathOf(unit.instanceLocation)
  const value = valueAt(checked.value, path)
  const expected = keywordValue(unit.keywordLocation, checked.prepared)
  switch (unit.keyword) {
    case 'type':
      return [
        typeFinding(
          path,
          (Array.isArray(expected) ? expected : [expected]).filter(
            (type) => typeof type === 'string',
          ),
          value,
        ),
      ]
    case 'enum':
      return [enumFinding(path, Array.isArray(expected) ? expected : [], value)]
    case 'const':
      return [enumFinding(path, expected === undefined ? [] : [expected], value)]
    case 'required':
      return missingFindings(path, Array.isArray(expected) ? expected : [], value)
    case 'dependentRequired':
    case 'dependencies':
      return dependentFindings(unit, value, checked)
    case 'false':
      return [falseFinding(path, before, checked)]
    default: {
      const parent = keywordValue(parentOf(unit.keywordLocation), checked.prepared)
      const schema = isJsonObject(parent) ? parent : {}
      return [plain(...leafMessage({ keyword: unit.keyword, path, value: value ?? null, schema }))]
    }
  }
}

function dependentFindings(
  unit: OutputUnit,
  value: JsonValue | undefined,
  { prepared }: Checked,
): readonly Finding[] {
  // The validator misspells this location, so the schema around it is asked.
  const schema = keywordValue(parentOf(unit.keywordLocation), prepared)
  const object: JsonObject = isJsonObject(value) ? value : {}
  const path = pathOf(unit.instanceLocation)
  const dependents = isJsonObject(schema) ? schema[unit.keyword] : undefined
  return Object.entries(isJsonObject(dependents) ? dependents : {}).flatMap(([key, names]) => {
    if (!Object.hasOwn(object, key) || !Array.isArray(names)) return []
    return names.flatMap((name) => {
      if (typeof name !== 'string' || Object.hasOwn(object, name)) return []
      const message = `${JSON.stringify(name)} is required together with ${JSON.stringify(key)}.`
      return [plain('missing', childPointer(path, name), message)]
    })
  })
}

function falseFinding(path: string, before: OutputUnit | undefined, checked: Checked): Finding {
  if (before?.keyword.endsWith('tems')) {
    return plain('range', path, 'The list has too many items: none is allowed here.')
  }
  if (!before?.keyword.endsWith('roperties')) {
    return plain('schema', path, 'The schema allows no value here.')
  }
  const parentPath = pathOf(before.instanceLocation)
  const object = valueAt(checked.value, parentPath)
  const schema = keywordValue(parentOf(before.keywordLocation), checked.prepared)
  const properties = isJsonObject(schema) ? schema['properties'] : undefined
  const given = Object.keys(isJsonObject(object) ? object : {})
  const key = given.find((name) => childPointer(parentPath, name) === path) ?? ''
  const declared = Object.keys(isJsonObject(properties) ? properties : {})
  return { issue: surplusIssue('error', path, { key, declared, given }) }
}

function parentOf(location: string): string {
  return location.slice(0, location.lastIndexOf('/'))
}

function decode(location: string): readonly string[] {
  return location
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The validator's `#/a%20b` as the plain pointer `/a b`. */
function pathOf(instanceLocation: string): string {
  return pointerOf(decode(instanceLocation))
}

/** What stands in the schema at the end of an evaluation path, through its references. */
function keywordValue(location: string, prepared: PreparedSchema): JsonValue | undefined {
  let value: unknown = prepared.schema
  for (const key of decode(location)) {
    if (key === '$ref') value = prepared.lookup[(value as Schema).__absolute_ref__ ?? '']
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key]
    } else return undefined
  }
  return value as JsonValue | undefined
}
