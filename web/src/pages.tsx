import type { ComponentChildren } from 'preact'
import { AccountPage } from './account/account-page.tsx'
import type { AppInfo } from './api/shapes.ts'
import { ChannelsPage } from './channels/channels-page.tsx'
import { ChatsPage } from './chats/chats-page.tsx'
import { ContactsPage } from './contacts/contacts-page.tsx'
import { DevicePage } from './devices/device-page.tsx'
import { DevicesPage } from './devices/devices-page.tsx'
import { EventsPage } from './events/events-page.tsx'
import { GroupsPage } from './groups/groups-page.tsx'
import { KeysPage } from './keys/keys-page.tsx'
import { PlaygroundPage } from './playground/playground-page.tsx'
import { SettingsPage } from './settings-page.tsx'
import type { IconName } from './ui/icons.tsx'
import { Empty } from './ui/parts.tsx'

interface Section {
  /** First part of the address. */
  readonly name: string
  readonly title: string
  readonly icon: IconName
  /** The page at the rest of the address. */
  readonly page: (rest: readonly string[], info: AppInfo) => ComponentChildren
}

/** What the navigation offers, in its order. */
export const sections: readonly Section[] = [
  {
    name: 'devices',
    title: 'Devices',
    icon: 'devices',
    page: ([id]) => (id === undefined ? <DevicesPage /> : <DevicePage key={id} id={id} />),
  },
  {
    name: 'chats',
    title: 'Chats',
    icon: 'chats',
    page: ([device, jid, message, at]) => (
      <ChatsPage
        device={device}
        jid={jid}
        sought={message === undefined ? null : { id: message, at: at ?? '' }}
      />
    ),
  },
  {
    name: 'groups',
    title: 'Groups',
    icon: 'groups',
    page: ([device, jid, tab]) => <GroupsPage device={device} jid={jid} tab={tab} />,
  },
  {
    name: 'contacts',
    title: 'Contacts',
    icon: 'contacts',
    page: ([device, jid]) => <ContactsPage device={device} jid={jid} />,
  },
  {
    name: 'channels',
    title: 'Channels',
    icon: 'channels',
    page: ([device, jid]) => <ChannelsPage device={device} jid={jid} />,
  },
  {
    name: 'account',
    title: 'Account',
    icon: 'account',
    page: ([device]) => <AccountPage device={device} />,
  },
  { name: 'events', title: 'Events', icon: 'events', page: ([view]) => <EventsPage view={view} /> },
  { name: 'playground', title: 'Playground', icon: 'try', page: ([id]) => <PlaygroundPage id={id} /> },
  { name: 'keys', title: 'API keys', icon: 'key', page: () => <KeysPage /> },
  { name: 'settings', title: 'Settings', icon: 'settings', page: (_, info) => <SettingsPage info={info} /> },
]

const nowhere: Omit<Section, 'name' | 'icon'> = {
  title: 'Not found',
  page: () => (
    <Empty icon="search" title="There is no such page">
      <a href="#/devices">Go to the devices</a>
    </Empty>
  ),
}

/** The section of that name, or the page that says there is none. */
export function pageOf(name: string): Omit<Section, 'name' | 'icon'> {
  return sections.find((section) => section.name === name) ?? nowhere
}
