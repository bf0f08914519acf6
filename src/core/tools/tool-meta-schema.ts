// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import type { JsonObject, JsonValue } from '../lib/json.ts'

/**
 * JSON Schema (draft-07) of a tool document, for completion and hover in the editor.
 *
 * It only says what fits where: `readTools` does the checking and says it better, so nothing is required or forbidden here.
 * `defaultSnippets` and `markdownDescription` are the extensions of VS Code's JSON language service.
 */
export const TOOL_META_SCHEMA: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $ref: '#/definitions/document',
  definitions: {
    document: {
      defaultSnippets: [
        snippet('Tool', 'A tool with one argument', definitionBody('parameters')),
        snippet('Tool (OpenAI)', 'Wrapped in "type" and "function"', {
          type: 'function',
          function: definitionBody('parameters'),
        }),
        snippet(
          'Tool (Anthropic)',
          'The schema is called "input_schema"',
          definitionBody('input_schema'),
        ),
      ],
      if: { type: 'array' },
      then: { items: { $ref: '#/definitions/tool' } },
      else: { $ref: '#/definitions/toolOrBody' },
    },
    toolOrBody: {
      allOf: [{ $ref: '#/definitions/tool' }],
      properties: {
        tools: list('Several tools, as in a request to an API.', { $ref: '#/definitions/tool' }),
        functions: list('Several tools, as in older requests.', { $ref: '#/definitions/tool' }),
      },
    },
    tool: {
      allOf: [{ $ref: '#/definitions/definition' }],
      properties: {
        type: text('"function" in the OpenAI notation.', { enum: ['function', 'custom'] }),
        function: {
          description: 'The definition, in the OpenAI notation.',
          allOf: [{ $ref: '#/definitions/definition' }],
        },
      },
    },
    definition: {
      type: 'object',
      properties: {
        name: text('What the model calls. Letters, digits, _ and -, at most 64: `get_weather`.'),
        description: text(
          'What the tool does and when to use it. The model decides by this sentence, so it is worth the most care.',
        ),
        parameters: parameters('JSON Schema of the arguments.'),
        input_schema: parameters('JSON Schema of the arguments (Anthropic).'),
        inputSchema: parameters('JSON Schema of the arguments (MCP).'),
        strict: { type: 'boolean', description: 'OpenAI: follow the schema to the letter.' },
        title: text('MCP: the name for people.'),
      },
    },
    parameters: {
      allOf: [{ $ref: '#/definitions/schema' }],
      properties: {
        type: text('Arguments are always an object.', { enum: ['object'] }),
      },
    },
    schema: {
      type: ['object', 'boolean'],
      properties: {
        type: {
          description: 'Which kind of value it is. A list allows several.',
          anyOf: [
            { $ref: '#/definitions/type' },
            { type: 'array', items: { $ref: '#/definitions/type' } },
          ],
        },
        description: text(
          'What the value means, for the model. Short: every word is read each time.',
        ),
        title: text('A name for people.'),
        enum: list('The values that are allowed.', {}, ['${1:first}', '${2:second}']),
        const: { description: 'The only value that is allowed.' },
        default: { description: 'What is taken when the value is left out.' },
        examples: list('Values that fit.', {}),
        properties: schemas('The members of the object: name and schema.', {
          '${1:name}': { type: '${2:string}', description: '$3' },
        }),
        required: list('The names of the properties that may not be left out.', { type: 'string' }),
        additionalProperties: schema('false: no other properties than those named.'),
        patternProperties: schemas('Schemas for the properties whose name matches a pattern.'),
        propertyNames: schema('A schema for the names.'),
        items: schema('The schema of every item of the list.'),
        prefixItems: list('A schema for each of the first items.', {
          $ref: '#/definitions/schema',
        }),
        contains: schema('At least one item fits this.'),
        uniqueItems: { type: 'boolean', description: 'No item stands in the list twice.' },
        minItems: count('The fewest items.'),
        maxItems: count('The most items.'),
        minimum: number('The smallest number.'),
        maximum: number('The largest number.'),
        exclusiveMinimum: number('The number must be greater than this.'),
        exclusiveMaximum: number('The number must be less than this.'),
        multipleOf: number('The number is a multiple of this.'),
        minLength: count('The fewest characters.'),
        maxLength: count('The most characters.'),
        pattern: text('A regular expression that the text matches: `^[A-Z]{3}$`.'),
        format: text('A kind of text.', {
          examples: [
            'date',
            'time',
            'date-time',
            'duration',
            'email',
            'hostname',
            'ipv4',
            'ipv6',
            'uri',
            'uuid',
          ],
        }),
        anyOf: list('At least one of these fits.', { $ref: '#/definitions/schema' }),
        oneOf: list('Exactly one of these fits.', { $ref: '#/definitions/schema' }),
        allOf: list('All of these fit.', { $ref: '#/definitions/schema' }),
        not: schema('This does not fit.'),
        if: schema('A condition for "then" and "else".'),
        ['then']: schema('Must fit when "if" does.'),
        else: schema('Must fit when "if" does not.'),
        $ref: text('Another schema of these parameters: `#/$defs/Name`.'),
        $defs: schemas('Schemas to refer to with "$ref".'),
      },
    },
    type: {
      enum: ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'],
      enumDescriptions: [
        'Text',
        'Any number',
        'A whole number',
        'true or false',
        'A list: say what it holds with "items"',
        'Named values: list them in "properties"',
        'null',
      ],
    },
  },
}

function snippet(label: string, description: string, body: JsonObject): JsonObject {
  return { label, description, body }
}

function definitionBody(schemaKey: string): JsonObject {
  return {
    name: '${1:get_weather}',
    description: '${2:Get the current weather of a city}',
    [schemaKey]: {
      type: 'object',
      properties: { '${3:city}': { type: 'string', description: '${4:Name of the city}' } },
      required: ['${3:city}'],
    },
  }
}

function text(description: string, more: JsonObject = {}): JsonObject {
  return { type: 'string', description, markdownDescription: description, ...more }
}

function number(description: string): JsonObject {
  return { type: 'number', description }
}

function count(description: string): JsonObject {
  return { type: 'integer', minimum: 0, description }
}

function list(description: string, items: JsonObject, body?: JsonValue): JsonObject {
  const snippets = body === undefined ? {} : { defaultSnippets: [{ label: '[ … ]', body }] }
  return { type: 'array', description, items, ...snippets }
}

function schema(description: string): JsonObject {
  return { description, allOf: [{ $ref: '#/definitions/schema' }] }
}

function schemas(description: string, body?: JsonObject): JsonObject {
  const snippets = body === undefined ? {} : { defaultSnippets: [{ label: '{ … }', body }] }
  return {
    type: 'object',
    description,
    additionalProperties: { $ref: '#/definitions/schema' },
    ...snippets,
  }
}

function parameters(description: string): JsonObject {
  return {
    description,
    allOf: [{ $ref: '#/definitions/parameters' }],
    defaultSnippets: [
      {
        label: '{ type: "object", … }',
        body: {
          type: 'object',
          properties: { '${1:name}': { type: '${2:string}', description: '$3' } },
          required: ['${1:name}'],
        },
      },
    ],
  }
}
