package io.espalier.federation.server;

import java.nio.file.Path;
import java.util.Optional;

/** The payloads that clients may download at present. Thread-safe. */
final class PayloadCatalog {
  private volatile Optional<RoundTasks> tasks = Optional.empty();

  public void publish(RoundTasks next) {
    tasks = Optional.of(next);
  }

  public void clear() {
    tasks = Optional.empty();
  }

  public Optional<Path> payload(String digest) {
    return tasks.flatMap(current -> current.payload(digest));
  }
}
