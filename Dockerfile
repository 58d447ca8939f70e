# syntax=docker/dockerfile:1
# docs/deploy.md tells how to run it.

FROM node:24-bookworm-slim AS build
WORKDIR /app
# Packages first: they change less often than the code.
COPY package.json package-lock.json .npmrc ./
COPY packages packages
COPY simulator/package.json simulator/package.json
COPY web/package.json web/package.json
COPY sdk/package.json sdk/package.json
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY bin bin
COPY simulator simulator
COPY src src
COPY web web
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
# ffmpeg for sound and video, pdftoppm for thumbnails of documents.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg poppler-utils \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages packages
COPY --from=build /app/dist dist
COPY --from=build /app/package.json package.json
COPY simulator/package.json simulator/package.json
COPY bin bin
COPY LICENSE NOTICE ./
# The code belongs to root, so that what runs cannot change it; the data belongs to the user.
RUN install -d -o node -g node -m 700 /data
ENV NODE_ENV=production \
  NODE_COMPILE_CACHE=/tmp/gatewa-compile-cache \
  APP_HOST=0.0.0.0 \
  APP_PORT=3000 \
  APP_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
# Set-up, migrations included, may take its time; after that no answer for a minute and a half is trouble.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.APP_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/gatewa.js"]
CMD ["serve"]
