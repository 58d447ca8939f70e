// Owns: how the lines of groups call, and what all of them refuse.
import type { Group, Person } from '@gatewa/simulator'
import { type Answer, eventually } from '../harness.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

type Fields = Readonly<Record<string, unknown>>
type Call = (world: OperationWorld) => Promise<Answer>

/** A GET for a device. */
export function get(path: string, device = 'main'): Call {
  return ({ gateway }) => gateway.call('GET', path, { device })
}

/** A POST with a JSON body for a device. */
export function post(path: string, body: object, device = 'main'): Call {
  return ({ gateway }) => gateway.call('POST', path, { device, body })
}

/** A group of Ada's with Bo and Cy in it; it has always been there. */
export function newGroup({ world, ada, bo, cy }: OperationWorld, subject = 'Friends'): Group {
  return world.simulator.addGroup({ subject, owner: ada, members: [bo, cy] })
}

/** Whether somebody is in a group. */
export function isMemberOf(group: Group, person: Person): boolean {
  return group.members.has(person.account)
}

const unknownGroup = '120363999999999999@g.us'

/** What a question about a group refuses. */
export function readsRefused(
  path: string,
  { blank }: { blank: Omit<RefusedCall, 'call'> },
): NonNullable<Operation['refuses']> {
  const about = (group: string, device?: string) => get(`${path}?group_id=${group}`, device)
  return {
    'a blank group': { call: about(''), ...blank },
    'no group': { call: get(path), ...blank },
    ...groupRefusals((group, device) => about(encodeURIComponent(group), device)),
  }
}

/** What a change of a group refuses; `isForAdmins`: members may not in a group that is locked. */
export function changesRefused(
  path: string,
  given: Fields | ((world: OperationWorld) => Fields) = {},
  { isForAdmins = false }: { isForAdmins?: boolean } = {},
): NonNullable<Operation['refuses']> {
  const fieldsIn = (world: OperationWorld) => (typeof given === 'function' ? given(world) : given)
  const call =
    (more: object, device?: string): Call =>
    (world) =>
      post(path, { ...fieldsIn(world), ...more }, device)(world)
  return {
    'no group': {
      call: call({}),
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'group_id: cannot be blank.',
    },
    'a group that is no text': {
      call: call({ group_id: 7 }),
      status: 400,
      message: 'group_id: must be a string.',
    },
    ...groupRefusals((group, device) => call({ group_id: group }, device)),
    ...(isForAdmins
      ? {
          'a locked group in which the account is no admin': {
            call: async (world: OperationWorld) => {
              const { world: small, bo, ada } = world
              const group = small.simulator.addGroup({ subject: 'Theirs', owner: bo, members: [ada] })
              group.setSwitch('locked')
              return call({ group_id: group.jid })(world)
            },
            status: 403,
            code: 'GROUP_NOT_ADMIN',
          },
        }
      : {}),
  }
}

function groupRefusals(
  call: (group: string, device?: string) => Call,
): Readonly<Record<string, RefusedCall>> {
  return {
    'a group that WhatsApp does not know': {
      call: call(unknownGroup),
      status: 404,
      code: 'GROUP_NOT_FOUND',
      message: 'that group does not exist',
    },
    'a group that the account is not in': {
      call: (world) => {
        const { world: small, bo, cy } = world
        const group = small.simulator.addGroup({ subject: 'Theirs', owner: bo, members: [cy] })
        return call(group.jid)(world)
      },
      status: 403,
      code: 'GROUP_NOT_MEMBER',
      message: "you're not participating in that group",
    },
    'what is no group': { call: call('6281234567890'), status: 400, code: 'INVALID_JID' },
    'a device that is unknown': { call: call(unknownGroup, 'nobody'), status: 404, code: 'DEVICE_NOT_FOUND' },
    'a device that was never linked': {
      call: call(unknownGroup, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    },
  }
}

/** Waits until the device's chat with the group is called so. */
export async function chatCalled({ gateway }: OperationWorld, group: string, name: string): Promise<void> {
  await eventually(`the chat being called ${name}`, async () => {
    const { json } = await gateway.call('GET', '/chats?limit=100', { device: 'main' })
    const data = (json.results as { data?: { jid: string; name: string }[] } | undefined)?.data ?? []
    return data.some((chat) => chat.jid === group && chat.name === name) || undefined
  })
}
