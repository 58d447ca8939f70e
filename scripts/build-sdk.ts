/** Writes the SDK as a package of plain JavaScript with declarations to sdk/dist, ready for `npm publish sdk/dist`. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'sdk', 'dist')

rmSync(dist, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: ['sdk/index.ts'],
  outfile: join(dist, 'index.js'),
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'silent',
})
writeDeclarations()
const {
  private: _private,
  exports: _exports,
  ...described
} = JSON.parse(readFileSync(join(root, 'sdk', 'package.json'), 'utf8')) as Record<string, unknown> // a package.json
const published = { ...described, exports: { types: './index.d.ts', default: './index.js' } }
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
for (const [from, to] of [
  ['sdk/README.md', 'README.md'],
  ['LICENSE', 'LICENSE'],
] as const) {
  cpSync(join(root, from), join(dist, to))
}

function writeDeclarations(): void {
  const options: ts.CompilerOptions = {
    rootDir: join(root, 'sdk'),
    outDir: dist,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    strict: true,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
  }
  const program = ts.createProgram([join(root, 'sdk', 'index.ts')], options)
  // TypeScript leaves the `.ts` of imports in declarations; those who use the package have none of these files.
  const write: ts.WriteFileCallback = (path, text) =>
    ts.sys.writeFile(path, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  const { diagnostics } = program.emit(undefined, write)
  const wrong = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (wrong.length > 0) {
    throw new Error(
      wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'),
    )
  }
}
