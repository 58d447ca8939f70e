import { z } from 'zod'
import type { Simulator } from '../../simulator.ts'
import type { Newsletter } from '../newsletter.ts'
import type { ControlApp, Finder } from './control-app.ts'

const byJid = z.object({ jid: z.string() })

/** Routes about newsletters and their posts. */
export function newsletterRoutes(app: ControlApp, simulator: Simulator, find: Finder): void {
  app.get('/newsletters', { schema: { summary: 'All newsletters' } }, () => simulator.newsletters.map(show))

  app.post(
    '/newsletters',
    {
      schema: {
        summary: 'Add a newsletter; the owner and the followers get its posts',
        body: z.object({
          name: z.string().min(1).max(100),
          owner: z.string(),
          description: z.string().default(''),
          followers: z.array(z.string()).default([]),
        }),
      },
    },
    (request) => {
      const { name, owner, description, followers } = request.body
      const people = followers.map((phone) => find.person(phone))
      return show(
        simulator.addNewsletter({ name, owner: find.person(owner), description, followers: people }),
      )
    },
  )

  app.get(
    '/newsletters/:jid/posts',
    { schema: { summary: 'Posts of a newsletter, oldest first', params: byJid } },
    (request) =>
      find.newsletter(request.params.jid).posts.map((post) => ({
        server_id: post.serverId,
        message_id: post.id,
        author: post.author.phone,
        message: post.message,
        views: post.viewers.size,
        reactions: [...post.reactions].map(([account, emoji]) => ({ phone: account.phone, emoji })),
      })),
  )

  app.post(
    '/newsletters/:jid/posts',
    {
      schema: {
        summary: 'Post a text as the owner',
        params: byJid,
        body: z.object({ text: z.string().min(1) }),
      },
    },
    (request) => {
      const { id, serverId } = find.newsletter(request.params.jid).post(request.body.text)
      return { message_id: id, server_id: serverId }
    },
  )
}

function show({ jid, name, members, state }: Newsletter): object {
  return {
    jid,
    name,
    invite: state.invite,
    members: [...members].map(([account, role]) => ({ phone: account.phone, role })),
  }
}
