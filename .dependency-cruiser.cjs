/** The arrows of ARCHITECTURE.md; each comment is the sentence a violation breaks. */
module.exports = {
  forbidden: [
    { name: 'core-imports-nothing', severity: 'error', comment: 'core/ imports nothing of ours.', from: { path: '^src/core/' }, to: { path: '^(src|simulator)/', pathNot: '^src/core/' } },
    { name: 'whatsapp-imports-core-only', severity: 'error', comment: 'whatsapp/ (outside baileys/) imports only core/.', from: { path: '^src/whatsapp/', pathNot: '^src/whatsapp/baileys/' }, to: { path: '^src/', pathNot: '^src/(core|whatsapp)/' } },
    { name: 'port-does-not-know-its-adapter', severity: 'error', comment: 'The WhatsApp port never imports the Baileys adapter; app.ts chooses it.', from: { path: '^src/whatsapp/', pathNot: '^src/whatsapp/baileys/' }, to: { path: '^src/whatsapp/baileys/' } },
    { name: 'one-importer-of-baileys', severity: 'error', comment: 'Within src/, only src/whatsapp/baileys/** imports baileys or libsignal.', from: { path: '^src/', pathNot: '^src/whatsapp/baileys/' }, to: { path: '(^|node_modules/)(baileys|libsignal)(/|$)' } },
    { name: 'kysely-in-stores-only', severity: 'error', comment: 'Only src/db/**, *-store.ts and cluster/postgres-* import kysely.', from: { path: '^src/', pathNot: '^src/db/|-store\\.ts$|^src/cluster/postgres-|\\.test\\.ts$' }, to: { path: '(^|node_modules/)kysely(/|$)' } },
    { name: 'fastify-at-the-edge-only', severity: 'error', comment: 'Only *-routes.ts, src/http/** and src/websocket/** import fastify.', from: { path: '^src/', pathNot: '-routes\\.ts$|^src/http/|^src/websocket/|\\.test\\.ts$' }, to: { path: '(^|node_modules/)(fastify|@fastify|fastify-type-provider-zod)(/|$)' } },
    { name: 'features-know-no-http', severity: 'error', comment: 'A feature outside its routes does not import http/ or websocket/.', from: { path: '^src/features/', pathNot: '-routes\\.ts$|\\.test\\.ts$' }, to: { path: '^src/(http|websocket)/' } },
    { name: 'baileys-adapter-knows-port-and-core', severity: 'error', comment: 'whatsapp/baileys imports whatsapp/ and core/ (and declares the stores it needs as ports).', from: { path: '^src/whatsapp/baileys/', pathNot: '\\.test\\.ts$|-store\\.ts$' }, to: { path: '^src/', pathNot: '^src/(core|whatsapp)/' } },
    { name: 'simulator-imports-nothing-of-src', severity: 'error', comment: 'The simulator imports nothing from src/.', from: { path: '^simulator/' }, to: { path: '^src/' } },
    { name: 'nobody-imports-app', severity: 'error', comment: 'main → app → everything, never back.', from: { path: '^src/', pathNot: '^src/(main|app)\\.ts$|^src/cli/|\\.test\\.ts$' }, to: { path: '^src/(main|app)\\.ts$' } },
    { name: 'no-cycles', severity: 'error', comment: 'No import cycles.', from: { path: '^(src|simulator)/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.node|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
