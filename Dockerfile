# One image for every process of the office side and for the simulated institution; the command says which.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements-office.lock ./
RUN python -m venv /opt/fundwatch \
    && /opt/fundwatch/bin/pip install --no-cache-dir --require-hashes --requirement requirements-office.lock
COPY pyproject.toml README.md ./
COPY contract contract
COPY producers producers
COPY models models
COPY detector detector
COPY api api
COPY deploy deploy
RUN /opt/fundwatch/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
COPY --from=build /opt/fundwatch /opt/fundwatch
# Named volumes take the owner of the folder that they are mounted on.
RUN useradd --system --uid 10001 --home-dir /var/lib/fundwatch fundwatch \
    && install -d -o fundwatch -g fundwatch /var/lib/fundwatch /var/lib/fundwatch/checkpoints \
       /var/lib/fundwatch/archive /var/lib/fundwatch/city /var/lib/fundwatch/secret /var/cache/numba
ENV PATH=/opt/fundwatch/bin:$PATH \
    NUMBA_CACHE_DIR=/var/cache/numba \
    PYTHONUNBUFFERED=1
USER fundwatch
WORKDIR /var/lib/fundwatch
ENTRYPOINT ["fundwatch"]
CMD ["--help"]
