# One stateless replica: any number of these run behind any load balancer over one read-only dataset.
# The base is Python 3.11.16; to renew it take the digest that `docker pull python:3.11-slim-bookworm` prints.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --create-home --uid 10001 pursuit
USER 10001
EXPOSE 8050
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8050/healthz').read()"]
CMD ["pursuit", "serve", "--host", "0.0.0.0", "--port", "8050"]
