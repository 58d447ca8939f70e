#!/usr/bin/env node
// Written for any Node: it says in one sentence when this one is too old, before anything newer is loaded.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `gatewa needs Node 22.19 or newer and this is Node ${process.versions.node}; \`npm start\` and \`npm run gatewa\` bring a newer one by themselves.\n`,
  )
  process.exit(1)
}
await import('./start.js')
