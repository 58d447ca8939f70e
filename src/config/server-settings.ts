// The rows of the settings table about who is served, and where.
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { setting } from './setting.ts'
import { basePathText, booleanText, credentialsText, integerText, isUrl, listOf } from './setting-forms.ts'

export const serverSettings = {
  port: setting({
    group: 'Server',
    env: 'APP_PORT',
    flag: 'port',
    short: 'p',
    type: 'integer',
    default: '3000',
    description: 'Port to listen on; 0 takes any free one.',
    schema: integerText(0, 65_535),
  }),
  host: setting({
    group: 'Server',
    env: 'APP_HOST',
    flag: 'host',
    short: 'H',
    type: 'text',
    default: '127.0.0.1',
    description:
      'Address to listen on. Anything but a loopback address needs APP_BASIC_AUTH (or APP_ALLOW_NO_AUTH).',
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'write an IP address or a host name'),
  }),
  basicAuth: setting({
    group: 'Server',
    env: 'APP_BASIC_AUTH',
    flag: 'basic-auth',
    short: 'b',
    type: 'list',
    default: '',
    secret: true,
    description: 'Who may call the gateway: user:password, several with commas.',
    schema: credentialsText,
  }),
  allowNoAuth: setting({
    group: 'Server',
    env: 'APP_ALLOW_NO_AUTH',
    flag: 'allow-no-auth',
    type: 'boolean',
    default: 'false',
    description:
      'Serve on an address others can reach although there are no credentials. Everybody who reaches it then owns your WhatsApp accounts.',
    schema: booleanText,
  }),
  deviceSendsPerMinute: setting({
    group: 'Server',
    env: 'APP_DEVICE_SENDS_PER_MINUTE',
    flag: 'device-sends-per-minute',
    type: 'integer',
    default: '0',
    unit: 'requests',
    description:
      'Most requests a minute that send or change messages through one device, whoever makes them; 0 is any number. A limit of your own before WhatsApp’s.',
    schema: integerText(0, 1_000_000),
  }),
  wrongCredentialDelay: setting({
    group: 'Server',
    env: 'APP_WRONG_CREDENTIAL_DELAY',
    flag: 'wrong-credential-delay',
    type: 'integer',
    default: '5000',
    unit: 'ms',
    description:
      'Longest time that an address which tries one wrong credential after another waits for each answer. 0 slows nobody down.',
    schema: integerText(0, 60_000),
  }),
  metricsPublic: setting({
    group: 'Server',
    env: 'APP_METRICS_PUBLIC',
    flag: 'metrics-public',
    type: 'boolean',
    default: 'false',
    description:
      'Answer /metrics without credentials. Otherwise a scrape needs a basic credential or a key with the scope read.',
    schema: booleanText,
  }),
  metricsDevices: setting({
    group: 'Server',
    env: 'APP_METRICS_DEVICES',
    flag: 'metrics-devices',
    type: 'boolean',
    default: 'false',
    description:
      'Tell at /metrics of each device whether it is connected, by its device id. Leave it off where ids are phone numbers.',
    schema: booleanText,
  }),
  mcpEnabled: setting({
    group: 'Server',
    env: 'MCP_ENABLED',
    flag: 'mcp-enabled',
    type: 'boolean',
    default: 'true',
    description: 'Offer tools for models at /mcp (Model Context Protocol, streamable HTTP).',
    schema: booleanText,
  }),
  basePath: setting({
    group: 'Server',
    env: 'APP_BASE_PATH',
    flag: 'base-path',
    type: 'text',
    default: '',
    description: 'Path in front of every route, as in /gatewa.',
    schema: basePathText,
  }),
  trustedProxies: setting({
    group: 'Server',
    env: 'APP_TRUSTED_PROXIES',
    flag: 'trusted-proxies',
    type: 'list',
    default: '',
    description: 'Addresses or ranges (CIDR) of reverse proxies whose X-Forwarded-* headers count.',
    schema: listOf(
      (entry) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry),
      'write IP addresses or ranges such as 10.0.0.0/8',
    ),
  }),
  corsAllowedOrigins: setting({
    group: 'Server',
    env: 'APP_CORS_ALLOWED_ORIGINS',
    flag: 'cors-allowed-origins',
    type: 'list',
    default: '*',
    description:
      'Web origins that may call the gateway from a browser, as in https://dash.example; * is any.',
    schema: listOf(
      (entry) => entry === '*' || isUrl(entry, ['http', 'https']),
      'write * or origins such as https://dash.example',
    ),
  }),
  dashboard: setting({
    group: 'Server',
    env: 'APP_UI_ENABLED',
    flag: 'ui-enabled',
    type: 'boolean',
    default: 'true',
    description: 'Serve the dashboard at /; without it / only says who answers.',
    schema: booleanText,
  }),
} as const
