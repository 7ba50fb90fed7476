package io.espalier.federation.server;

import io.espalier.masks.random.CounterRandom;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/** Draws the clients of a round: a function of seed, round and who there is. */
public final class CohortChoice {
  /** Keeps these draws apart from all others of the same seed. */
  private static final long DOMAIN = 0x636f686f7274L;

  private CohortChoice() {}

  /** At most {@code count} of those who can be chosen, in the order in which they were drawn. */
  public static List<String> of(Collection<String> clients, int count, long seed, String round) {
    CounterRandom draws = CounterRandom.of(seed, DOMAIN, hash(round));
    return clients.stream()
        .sorted(
            Comparator.comparingLong((String client) -> draws.bits(hash(client)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(count)
        .toList();
  }

  private static long hash(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return checksum.getValue();
  }
}
