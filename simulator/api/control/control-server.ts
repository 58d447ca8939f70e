import swagger from '@fastify/swagger'
import { fastify } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Simulator } from '../../simulator.ts'
import { Finder } from './control-app.ts'
import { faultRoutes } from './fault-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { newsletterRoutes } from './newsletter-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { phoneRoutes } from './phone-routes.ts'

/** The running control API. */
export interface ControlServer {
  readonly url: string
  close(): Promise<void>
}

const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/

/** Serves the control API on loopback. Requests that another web site's page makes are refused. */
export async function startControlServer(
  simulator: Simulator,
  options: { host: string; port: number },
): Promise<ControlServer> {
  const app = fastify().withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin
    const isForeign = origin !== undefined && !loopbackHost.test(origin.replace(/^https?:\/\//, ''))
    if (isForeign || !loopbackHost.test(request.headers.host ?? '')) {
      await reply.code(403).send({ error: 'the simulator answers only requests from this machine' })
    }
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      info: {
        title: 'Gatewa simulator',
        version: '0.1.0',
        description: 'Drives the people, groups and faults of a simulated WhatsApp.',
      },
    },
    transform: jsonSchemaTransform,
  })
  app.register(async (scope) => {
    const typed = scope.withTypeProvider<ZodTypeProvider>()
    const find = new Finder(simulator)
    peopleRoutes(typed, simulator, find)
    messageRoutes(typed, simulator, find)
    phoneRoutes(typed, simulator, find)
    newsletterRoutes(typed, simulator, find)
    faultRoutes(typed, simulator, find)
    typed.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  })
  const url = await app.listen({ host: options.host, port: options.port })
  return { url, close: () => app.close() }
}
