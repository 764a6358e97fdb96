# One recipe for every app:  docker build --build-arg APP=pricing --tag rookery/pricing:dev .
# FOLDER=tools builds a tool the same way. What needs no APP is built once and shared by all images.
ARG NODE=node:24-bookworm-slim

# The manifests alone: as long as they stay the same, no package is installed again. Here and below, chmod lets any user
# read what comes from a checkout, whatever its umask was.
FROM ${NODE} AS manifests
WORKDIR /rookery
COPY .npmrc package.json package-lock.json ./
COPY libs libs
RUN find libs -mindepth 2 ! -name package.json -delete && chmod -R a+rX .

# What runs. The optional packages are Node itself, for machines without containers.
FROM ${NODE} AS packages
WORKDIR /rookery
COPY --from=manifests /rookery ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

FROM ${NODE} AS libraries
WORKDIR /rookery
COPY --from=manifests /rookery ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY nx.json tsconfig.base.json ./
COPY libs libs
RUN npx nx run-many -t build --projects 'libs/*'

FROM libraries AS app
ARG APP
ARG FOLDER=apps
COPY ${FOLDER}/${APP} ${FOLDER}/${APP}
RUN npx nx build "${APP}"

# Sources, types and maps are of no use to what runs.
RUN mv "${FOLDER}/${APP}" /app && rm -r /app/src && chmod -R a+rX /app && \
    find /app \( -name '*.d.ts' -o -name '*.map' -o -name .tsbuildinfo \) -delete

FROM libraries AS compiled
RUN find libs -mindepth 2 -maxdepth 2 ! -name dist ! -name package.json -exec rm -r {} + && chmod -R a+rX libs && \
    find libs \( -name '*.d.ts' -o -name '*.map' -o -name .tsbuildinfo \) -delete

FROM ${NODE}
ENV NODE_ENV=production BIND_HOST=0.0.0.0 GRPC_PORT=50051 HTTP_PORT=8081
WORKDIR /rookery
COPY LICENSE ./
COPY --from=packages /rookery ./
COPY --from=compiled /rookery/libs libs
COPY --from=app /app app
EXPOSE 50051 8081
# The user `node` by number, which is how Kubernetes sees that it is not root.
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=2s --retries=3 \
  CMD ["node", "libs/service-kit/dist/check-health.js"]
ENTRYPOINT ["node", "--import=./libs/service-kit/dist/first-signal.js"]
CMD ["app/dist/main.js"]
