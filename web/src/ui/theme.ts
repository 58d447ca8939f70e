// Owns: light or dark. The choice is kept in this browser; without one the system decides.
import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const key = 'gatewa.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')
const kept = localStorage.getItem(key)

/** What the user wants. */
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')

/** Keeps the page in the wanted theme from now on. */
export function startTheme(): void {
  const apply = () => {
    const isDark = theme.value === 'dark' || (theme.value === 'system' && dark.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  }
  dark.addEventListener('change', apply)
  effect(() => {
    if (theme.value === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, theme.value)
    apply()
  })
}
