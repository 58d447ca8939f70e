import { spawnSync } from 'node:child_process'
import { SetupError } from './paths.mjs'

/** Runs npm in `cwd`, quietly; on failure its output is part of the error. */
export function runNpm(args, cwd) {
  const own = process.env.npm_execpath
  const isNpm = own !== undefined && /npm(-cli)?\.[cm]?js$/.test(own)
  const command = isNpm ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(command, [...(isNpm ? [own] : []), ...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    env: npmEnvironment(),
    shell: command.endsWith('.cmd'),
  })
  if (result.error !== undefined) throw new SetupError(`npm could not be started: ${result.error.message}`)
  if (result.status !== 0)
    throw new SetupError(`npm ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`)
}

/** Without what the npm that started us says about itself and this folder: it would be taken for command line options. */
function npmEnvironment() {
  const inherited =
    /^npm_(config_(local_prefix|prefix|global_prefix|workspace|omit|include|production)$|package_|lifecycle_)/i
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !inherited.test(name) && name !== 'NODE_ENV'),
  )
}
