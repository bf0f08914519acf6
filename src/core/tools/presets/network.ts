import type { Preset } from './preset.ts'

export const NETWORK: Preset = {
  id: 'network',
  title: 'Network monitor',
  description: 'Six tools that look alike: certificates, ports, DNS, audits.',
  tools: [
    {
      definition: {
        name: 'check_ssl_certificate',
        description: 'Check the SSL certificate of a host.',
        parameters: {
          type: 'object',
          properties: { host: { type: 'string', description: 'Host name, such as example.com' } },
          required: ['host'],
        },
      },
      cannedResults: [
        {
          when: { host: 'expired.example.com' },
          content: '{"status": "expired", "issuer": "Example CA"}',
        },
        {
          when: { host: 'github.com' },
          content: '{"valid": true, "issuer": "Acme CA", "expires": "2027-02-14"}',
        },
        { when: {}, content: '{"valid": true, "issuer": "Example CA", "expires": "2027-03-01"}' },
      ],
    },
    {
      definition: {
        name: 'check_quantum_safety',
        description: 'Check whether a server uses quantum-safe encryption.',
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
      cannedResults: [
        { when: { port: 8443 }, content: '{"quantum_safe": false}' },
        { when: {}, content: '{"quantum_safe": true}' },
      ],
    },
    {
      definition: {
        name: 'run_security_audit',
        description: 'Run a security audit of a target.',
        parameters: {
          type: 'object',
          properties: {
            target: { type: 'string', description: 'Host name or address' },
            depth: {
              type: 'string',
              enum: ['quick', 'standard', 'comprehensive'],
              description: 'How thorough, standard if absent',
            },
          },
          required: ['target'],
        },
      },
      cannedResults: [
        {
          when: { depth: 'comprehensive' },
          content: '{"status": "ok", "open_ports": [80, 443], "quantum_safe": false}',
        },
        { when: {}, content: '{"status": "ok", "open_ports": [443]}' },
      ],
    },
    {
      definition: {
        name: 'scan_ports',
        description: 'Find open ports.',
        parameters: {
          type: 'object',
          properties: {
            target: { type: 'string', description: 'Host name or address' },
            ports: { type: 'string', description: 'Ports, such as 22,80 or 1-1024' },
          },
          required: ['target'],
        },
      },
      cannedResults: [
        { when: { target: '192.168.1.1' }, content: '{"open_ports": [22, 80, 443]}' },
        { when: {}, content: '{"open_ports": [80, 443]}' },
      ],
    },
    {
      definition: {
        name: 'ping_host',
        description: 'Measure the latency to a host.',
        parameters: {
          type: 'object',
          properties: {
            host: { type: 'string', description: 'Host name or address' },
            count: {
              type: 'integer',
              minimum: 1,
              maximum: 100,
              description: 'Number of pings, 4 if absent',
            },
          },
          required: ['host'],
        },
      },
      cannedResults: [
        { when: { host: 'github.com' }, content: '{"status": "ok", "latency_ms": 18}' },
        { when: { host: '8.8.8.8' }, content: '{"latency_ms": 12}' },
        { when: {}, content: '{"error": "timeout"}' },
      ],
    },
    {
      definition: {
        name: 'dns_lookup',
        description: 'Look up the DNS records of a domain.',
        parameters: {
          type: 'object',
          properties: {
            domain: { type: 'string', description: 'Domain, such as example.com' },
            record_type: {
              type: 'string',
              enum: ['A', 'AAAA', 'MX', 'TXT', 'NS'],
              description: 'Kind of record, A if absent',
            },
          },
          required: ['domain'],
        },
      },
      cannedResults: [
        { when: { record_type: 'MX' }, content: '{"records": ["10 mail.example.com"]}' },
        {
          when: { record_type: 'NS' },
          content: '{"records": ["ns1.example.com", "ns2.example.com"]}',
        },
        { when: {}, content: '{"records": ["192.0.2.7"]}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Check the SSL certificate of example.com', expects: 'call' },
    { prompt: 'Does cloudflare.com use quantum-safe encryption on port 8443?', expects: 'call' },
    { prompt: 'Run a comprehensive security audit of example.com', expects: 'call' },
    { prompt: 'Ping 8.8.8.8 and github.com', expects: 'parallel' },
    { prompt: 'Scan the ports', expects: 'clarification' },
    { prompt: 'Good morning!', expects: 'no-call' },
  ],
}
