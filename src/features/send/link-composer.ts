import type { MessageContext, OutgoingLink } from '../../whatsapp/outgoing-message.ts'
import type { LinkPreview } from '../media/link-previews.ts'
import type { Scratch } from './send-service.ts'

/** Looks at pages that messages link to; null when there is nothing to show, for whatever reason. */
export interface LinkPreviewSource {
  fetch(url: string, signal?: AbortSignal): Promise<LinkPreview | null>
}

/** What is asked to be sent. */
export interface LinkWish {
  readonly link: string
  readonly caption: string
  readonly context: MessageContext
}

/** Makes a message of a link and what its page shows of itself; a page that shows nothing is linked to all the same. */
export async function composeLink(
  previews: LinkPreviewSource,
  { link, caption, context }: LinkWish,
  scratch: Scratch,
): Promise<OutgoingLink> {
  const preview = await previews.fetch(/^[a-z][a-z\d+.-]*:\/\//i.test(link) ? link : `https://${link}`)
  if (preview !== null) scratch.defer(() => preview.dispose())
  return {
    kind: 'link',
    link,
    caption,
    text: `${caption}\n${link}`,
    ...(preview === null ? {} : { preview: toPreview(preview) }),
    context,
  }
}

function toPreview({ title, description, image }: LinkPreview): NonNullable<OutgoingLink['preview']> {
  if (image === undefined) return { title, description }
  const { path, mimeType, sizeBytes, width, height, thumbnail } = image
  return {
    title,
    description,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    ...(width === undefined || height === undefined
      ? {}
      : { picture: { path, mimeType, sizeBytes, width, height } }),
  }
}
