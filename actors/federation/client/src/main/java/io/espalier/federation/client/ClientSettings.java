package io.espalier.federation.client;

import io.espalier.trainer.federated.LocalData;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Settings of a client.
 *
 * @param densityCap largest share of the prunable weights that the device may hold, above 0 and up
 *     to 1
 * @param memoryCap bytes that training may take; empty for any number
 * @param jitter random numbers for the waits between attempts to connect
 * @param listener receives events on the client's thread
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
   * Time limits.
   *
   * @param firstWait bound of the wait before the second attempt to connect
   * @param longestWait bound of all such waits
   * @param giveUpAfter time without a server after which the client ends; empty for never
   * @param progress between two progress messages
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
