package io.espalier.federation.client;

import io.espalier.trainer.federated.LocalData;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What a client works with.
 *
 * @param densityCap largest share of the prunable weights that the device may hold, above 0 and up
 *     to 1
 * @param memoryCap bytes that the device may train in; empty for any number
 * @param software name and version, as the server gets to know it
 * @param jitter of the waits between attempts to connect
 * @param listener is told what happens, on the client's thread
 */
public record ClientSettings(
    ServerAccess access,
    ClientStateDirectory state,
    LocalData data,
    double densityCap,
    OptionalLong memoryCap,
    String software,
    Times times,
    RandomGenerator jitter,
    Consumer<ClientEvent> listener) {
  /**
   * How long.
   *
   * @param firstWait bound of the wait before the second attempt to connect
   * @param longestWait bound of all such waits
   * @param giveUpAfter without a server; empty for never
   * @param progress between two signs of progress
   */
  public record Times(
      Duration firstWait, Duration longestWait, Optional<Duration> giveUpAfter, Duration progress) {
    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(1), Duration.ofMinutes(1), Optional.empty(), Duration.ofSeconds(2));

    public Times givingUpAfter(Optional<Duration> limit) {
      return new Times(firstWait, longestWait, limit, progress);
    }
  }
}
