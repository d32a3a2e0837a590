ARG NODE=24-bookworm

# The full image has the compiler that a native module without a prebuilt binary falls back to.
FROM node:${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/scaffold scripts/scaffold
RUN npm ci
COPY . .
# TypeScript stays behind as somebody's optional peer: at run time nobody wants it.
RUN npm run build && npm prune --omit=dev && rm -r node_modules/typescript

FROM node:${NODE}-slim
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Watchlist" \
      org.opencontainers.image.description="The open, self-hosted watchlist service" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN install -d -o node -g node -m 0700 /data
# 1000 is the image's "node", as a number so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
