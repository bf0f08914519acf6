import type { Preset } from './preset.ts'

export const NETWORK: Preset = {
  id: 'network',
  title: 'Network monitor',
  description: 'Six tools that look alike: certificates, ports, DNS, audits.',
  tools: [
    {
      definition: {
        name: 'check_ssl_certificate',
        description: 'Check the SSL certificate of a host',
        parameters: {
          type: 'object',
          properties: { host: { type: 'string', description: 'Host name, such as example.com' } },
          required: ['host'],
        },
      },
      cannedResults: [
        {
          when: { host: 'expired.example.com' },
          content: '{"valid": false, "issuer": "Example CA", "days_left": -12}',
        },
        { when: {}, content: '{"valid": true, "issuer": "Example CA", "days_left": 73}' },
      ],
    },
    {
      definition: {
        name: 'check_quantum_safety',
        description: 'Check if the encryption of a host is quantum-safe',
        parameters: {
          type: 'object',
          properties: {
            host: { type: 'string', description: 'Host name' },
            port: {
              type: 'integer',
              minimum: 1,
              maximum: 65535,
              description: 'Port, 443 if absent',
            },
          },
          required: ['host'],
        },
      },
      cannedResults: [{ when: {}, content: '{"quantum_safe": false, "key_exchange": "X25519"}' }],
    },
    {
      definition: {
        name: 'run_security_audit',
        description: 'Run a security audit of a target',
        parameters: {
          type: 'object',
          properties: {
            target: { type: 'string', description: 'Host name or address' },
            depth: { type: 'string', enum: ['quick', 'full'], description: 'How thorough' },
          },
          required: ['target'],
        },
      },
      cannedResults: [
        { when: { depth: 'full' }, content: '{"score": 81, "findings": 7}' },
        { when: {}, content: '{"score": 88, "findings": 2}' },
      ],
    },
    {
      definition: {
        name: 'scan_ports',
        description: 'Scan the open ports of a target',
        parameters: {
          type: 'object',
          properties: {
            target: { type: 'string', description: 'Host name or address' },
            ports: { type: 'string', description: 'Range, such as 1-1024' },
          },
          required: ['target'],
        },
      },
      cannedResults: [{ when: {}, content: '{"open": [22, 80, 443]}' }],
    },
    {
      definition: {
        name: 'ping_host',
        description: 'Ping a host',
        parameters: {
          type: 'object',
          properties: {
            host: { type: 'string', description: 'Host name or address' },
            count: { type: 'integer', minimum: 1, description: 'Number of pings' },
          },
          required: ['host'],
        },
      },
      cannedResults: [{ when: {}, content: '{"reachable": true, "average_ms": 18}' }],
    },
    {
      definition: {
        name: 'dns_lookup',
        description: 'Look up the DNS records of a domain',
        parameters: {
          type: 'object',
          properties: {
            domain: { type: 'string', description: 'Domain, such as example.com' },
            record_type: {
              type: 'string',
              enum: ['A', 'AAAA', 'MX', 'TXT', 'NS', 'CNAME'],
              description: 'Kind of record, A if absent',
            },
          },
          required: ['domain'],
        },
      },
      cannedResults: [
        { when: { record_type: 'MX' }, content: '{"records": ["10 mail.example.com"]}' },
        { when: {}, content: '{"records": ["192.0.2.7"]}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Check the SSL certificate of example.com', expects: 'call' },
    { prompt: 'Is the encryption of bank.example.org quantum-safe on port 8443?', expects: 'call' },
    { prompt: 'Ping 192.0.2.1 four times', expects: 'call' },
    { prompt: 'Look up the MX records of example.com and ping example.com', expects: 'parallel' },
    { prompt: 'Run a security audit', expects: 'clarification' },
    { prompt: 'Hello!', expects: 'no-call' },
  ],
}
