import { z } from 'zod'
import type {
  Newsletter,
  NewsletterPicture,
  NewsletterPost,
  NewsletterText,
} from '../../whatsapp/newsletter-actions.ts'

const text = z.object({ text: z.string(), id: z.string(), update_time: z.string() })
const picture = z.object({ url: z.string(), id: z.string(), type: z.string(), direct_path: z.string() })

/** Results of `GET /user/my/newsletters`. */
export const newslettersResults = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      state: z.object({ type: z.string() }),
      thread_metadata: z.object({
        creation_time: z.string(),
        invite: z.string(),
        name: text,
        description: text,
        subscribers_count: z.string(),
        verification: z.string(),
        picture: picture.optional(),
        preview: picture,
        settings: z.object({ reaction_codes: z.object({ value: z.string() }) }),
      }),
      viewer_metadata: z.object({ mute: z.string(), role: z.string() }).optional(),
    }),
  ),
})

export function toWireNewsletter(newsletter: Newsletter): z.infer<typeof newslettersResults>['data'][number] {
  const { picture: image, viewer } = newsletter
  return {
    id: newsletter.jid,
    state: { type: newsletter.state },
    thread_metadata: {
      creation_time: newsletter.createdAt,
      invite: newsletter.invite,
      name: toWireText(newsletter.name),
      description: toWireText(newsletter.description),
      subscribers_count: newsletter.subscribers,
      verification: newsletter.verification,
      ...(image === null ? {} : { picture: toWirePicture(image) }),
      preview: toWirePicture(newsletter.preview),
      settings: { reaction_codes: { value: newsletter.reactionCodes } },
    },
    ...(viewer === null ? {} : { viewer_metadata: { mute: viewer.mute, role: viewer.role } }),
  }
}

function toWireText({ text: value, id, updatedAt }: NewsletterText): z.infer<typeof text> {
  return { text: value, id, update_time: updatedAt }
}

function toWirePicture({ url, id, type, directPath }: NewsletterPicture): z.infer<typeof picture> {
  return { url, id, type, direct_path: directPath }
}

const newsletterId = z
  .string()
  .trim()
  .min(1)
  .refine((id) => id === '' || /^\w{1,64}@newsletter$/.test(id), 'must be a valid newsletter JID')

/** Body of `POST /newsletter/unfollow`. */
export const unfollowBody = z.object({ newsletter_id: newsletterId })

/** Query of `GET /newsletter/messages`. */
export const postsQuery = z.object({
  newsletter_id: newsletterId,
  count: z.coerce.number().int().min(1).max(100).default(50),
  before: z.coerce.number().int().min(0).default(0).describe('Server id; only older posts. 0: the newest.'),
})

/** Results of `GET /newsletter/messages`. */
export const postsResults = z.object({
  data: z.array(
    z.object({
      server_id: z.int(),
      message_id: z.string(),
      type: z.string(),
      timestamp: z.string(),
      views_count: z.int(),
      reaction_counts: z.record(z.string(), z.int()).optional(),
      text: z.string().optional(),
    }),
  ),
})

export function toWirePost(post: NewsletterPost): z.infer<typeof postsResults>['data'][number] {
  return {
    server_id: post.serverId,
    message_id: post.id,
    type: post.type,
    timestamp: post.postedAt.toISOString().replace('.000Z', 'Z'),
    views_count: post.views,
    ...(Object.keys(post.reactions).length === 0 ? {} : { reaction_counts: { ...post.reactions } }),
    ...(post.text === '' ? {} : { text: post.text }),
  }
}
