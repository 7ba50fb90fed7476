package io.espalier.federation.client;

import java.time.Duration;
import java.util.Optional;

/** Access without certificates, to a server on this machine. */
public final class PlainAccess implements ServerAccess {
  private static final int THREADS = 2;

  private final LinkSettings settings;
  private final LinkThreads threads = LinkThreads.start(THREADS);

  public PlainAccess(LinkSettings settings) {
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
