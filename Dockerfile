# The dashboard in one image. Exports, mappings and builds live in the volume /app/data.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN python -m babel.messages.frontend --quiet compile -D tandem -d locales \
    && python -m compileall -q . \
    && useradd --uid 1000 --home-dir /app tandem \
    && mkdir -p data/exports data/mappings data/builds \
    && chown -R tandem data
USER tandem
VOLUME /app/data
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/_stcore/health')"]
CMD ["python", "-m", "pipeline", "run", "--address", "0.0.0.0", "--port", "8501"]
