package io.espalier.federation.server;

import java.nio.file.Path;
import java.util.Optional;

/** The payloads that clients may download at present. Thread-safe. */
final class PayloadCatalog {
  private volatile Optional<RoundTasks> offer = Optional.empty();

  public void publish(RoundTasks next) {
    offer = Optional.of(next);
  }

  public void clear() {
    offer = Optional.empty();
  }

  public Optional<Path> payload(String digest) {
    return offer.flatMap(current -> current.payload(digest));
  }
}
