import { existsSync, readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const pointer = new URL('dist/current', root)
if (!existsSync(pointer)) {
  process.stderr.write('gatewa is not built yet: run `npm run build` first.\n')
  process.exit(1)
}
// Set through the environment as well, so that processes we start have it too.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('.cache/compile', root))
enableCompileCache(process.env.NODE_COMPILE_CACHE)
await import(new URL(`dist/${readFileSync(pointer, 'utf8')}/main.js`, root).href)
