package io.espalier.federation.client;

import java.time.Duration;
import java.util.Optional;

final class PlainAccess implements ServerAccess {
  private final LinkSettings settings;
  private final LinkThreads threads = LinkThreads.start(2);

  PlainAccess(LinkSettings settings) {
    this.settings = settings;
  }

  @Override
  public String client() {
    return settings.client();
  }

  @Override
  public Link open() {
    return Link.of(settings, threads);
  }

  @Override
  public Optional<Duration> untilRenewal() {
    return Optional.empty();
  }

  @Override
  public void renew() {
    throw new IllegalStateException("a client without a certificate has nothing to renew");
  }

  @Override
  public void close() {
    threads.close();
  }
}
