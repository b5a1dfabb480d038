FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /jixiao
COPY pyproject.toml README.md requirements-build.lock requirements.lock Makefile ./
COPY normalizers normalizers
COPY extractors extractors
COPY pipeline pipeline
RUN make .venv/.ready
VOLUME ["/jixiao/data"]
ENTRYPOINT ["/jixiao/.venv/bin/jixiao"]
CMD ["extract"]
