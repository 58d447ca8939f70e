import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './exclusive.mjs'
import { contentHash, root, SetupError, say } from './paths.mjs'

const dist = join(root, 'dist')
const pointer = join(dist, 'current')
const buildsKept = 3

/**
 * Bundles src/ into `dist/<hash of the sources>/`, unless that is there already, and points `dist/current` at it.
 * Each build has its own folder, because a running gateway still loads parts of the build it was started from.
 */
export async function ensureBuild({ force = false } = {}) {
  const name = contentHash(
    ['src', 'simulator', 'web', 'package.json', 'package-lock.json', 'scripts/setup/build.mjs'],
    (path) => !path.endsWith('.md') && !path.endsWith('.test.ts'),
  )
  if (!force && isCurrent(name)) return
  await exclusively(async () => {
    if (!force && isCurrent(name)) return
    if (force || !existsSync(join(dist, name, 'main.js'))) await bundle(name)
    const now = new Date()
    utimesSync(join(dist, name), now, now)
    writeFileSync(`${pointer}.new`, name)
    renameSync(`${pointer}.new`, pointer)
    removeOldBuilds(name)
  })
}

function isCurrent(name) {
  return (
    existsSync(pointer) && readFileSync(pointer, 'utf8') === name && existsSync(join(dist, name, 'main.js'))
  )
}

async function bundle(name) {
  say('building')
  const unfinished = join(dist, `.${name}.${process.pid}`)
  mkdirSync(unfinished, { recursive: true })
  const { build, stop } = await import('esbuild')
  const failed = (error) => {
    rmSync(unfinished, { recursive: true, force: true })
    throw new SetupError(`the build failed: ${error.message}`)
  }
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: unfinished,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    // Ours, in TypeScript: bundled, and so loaded only by the command that needs it.
    alias: { '@gatewa/simulator': './simulator/index.ts' },
    splitting: true,
    sourcemap: 'linked',
    chunkNames: '[name]-[hash]',
    logLevel: 'silent',
  })
    .then(() => bundleDashboard(build, join(unfinished, 'web')))
    .catch(failed)
    .finally(stop)
  rmSync(join(dist, name), { recursive: true, force: true })
  renameSync(unfinished, join(dist, name))
}

/** The dashboard: one script, one stylesheet, and the page that names them, each named after its content. */
async function bundleDashboard(build, folder) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { app: 'web/src/main.tsx', icon: 'web/icon.svg' },
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  })
  const names = Object.keys(metafile.outputs).map((path) => path.slice(path.lastIndexOf('/') + 1))
  const page = readFileSync(join(root, 'web', 'index.html'), 'utf8').replace(
    /assets\/(app|icon)\.(\w+)/g,
    (_, name, ending) =>
      `assets/${names.find((each) => each.startsWith(`${name}-`) && each.endsWith(`.${ending}`))}`,
  )
  writeFileSync(join(folder, 'index.html'), page)
}

function removeOldBuilds(current) {
  const builds = readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== current)
    .map((entry) => ({ path: join(dist, entry.name), time: statSync(join(dist, entry.name)).mtimeMs }))
    .sort((a, b) => b.time - a.time)
  for (const build of builds.slice(buildsKept - 1)) rmSync(build.path, { recursive: true, force: true })
}
