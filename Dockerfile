# planwise in a container: docker build -t planwise . && docker run --network host -v planwise:/var/lib/planwise planwise
# (it listens on loopback, so it shares the host's network).
FROM debian:12 AS build
WORKDIR /src
COPY .ci/ .ci/
RUN .ci/install build web
COPY . .
RUN cmake --preset release && cmake --build --preset release --target planwise && strip build/release/planwise

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libcpp-httplib0.11 libdate-tz3 libfmt9 \
      libmariadb3 libpg-query1504.0 libpq5 libsimdjson14 libspdlog1.10 libsqlite3-0 libxxhash0 libzstd1 tzdata && rm -rf /var/lib/apt/lists/* && \
    useradd --system --home-dir /var/lib/planwise --create-home planwise
COPY --from=build /src/build/release/planwise /usr/local/bin/planwise
USER planwise
WORKDIR /var/lib/planwise
EXPOSE 8080
ENTRYPOINT ["planwise"]
CMD ["serve"]
