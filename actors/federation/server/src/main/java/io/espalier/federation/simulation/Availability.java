package io.espalier.federation.simulation;

import io.espalier.configs.Rules;
import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

sealed interface Availability {
  String HEADER = "client,from,until";

  /** Whether a client is reachable at a look of the round; both count from 0. */
  boolean isThere(int client, String round, int look, long nowMs);

  long leavesMs(int client, long nowMs);

  boolean isOver(long nowMs);

  static Availability of(String option, Path folder, int clients, long seed) throws IOException {
    try {
      return new Chance(Double.parseDouble(option), seed);
    } catch (NumberFormatException e) {
      return Trace.of(folder.resolve(option), clients);
    }
  }

  record Chance(double probability, long seed) implements Availability {
    /** Keeps these draws apart from all others of the same seed. */
    private static final long DOMAIN = 0x7468657265L;

    public Chance {
      new Rules()
          .require(
              "availability",
              probability,
              probability > 0 && probability <= 1,
              "above 0 and up to 1, or the file of a trace")
          .verify();
    }

    @Override
    public boolean isThere(int client, String round, int look, long nowMs) {
      return CounterRandom.of(seed, DOMAIN, round.hashCode(), look).uniform(client) < probability;
    }

    @Override
    public long leavesMs(int client, long nowMs) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean isOver(long nowMs) {
      return false;
    }
  }

  /** Recorded times of presence; a client without any is never present. */
  final class Trace implements Availability {
    private final List<List<Stay>> stays;
    private final long endMs;

    private record Stay(long fromMs, long untilMs) {
      boolean holds(long nowMs) {
        return fromMs <= nowMs && nowMs < untilMs;
      }
    }

    private Trace(List<List<Stay>> stays) {
      this.stays = stays;
      this.endMs = stays.stream().flatMap(List::stream).mapToLong(Stay::untilMs).max().orElse(0);
    }

    private static Trace of(Path file, int clients) throws IOException {
      List<List<Stay>> stays =
          IntStream.range(0, clients).<List<Stay>>mapToObj(client -> new ArrayList<>()).toList();
      for (TraceReader.Fact fact : TraceReader.read(file, HEADER, clients)) {
        Stay stay = new Stay(Math.round(1000 * fact.first()), Math.round(1000 * fact.second()));
        if (stay.fromMs() >= stay.untilMs()) {
          throw new MalformedFileException(
              file,
              "a client must come before it goes: line=%d, from=%s, until=%s"
                  .formatted(fact.line(), fact.first(), fact.second()));
        }
        stays.get(fact.client()).add(stay);
      }
      return new Trace(stays.stream().map(Trace::joined).toList());
    }

    /** Sorts the stays and joins those that touch or overlap. */
    private static List<Stay> joined(List<Stay> stays) {
      List<Stay> joined = new ArrayList<>();
      for (Stay stay : stays.stream().sorted(Comparator.comparingLong(Stay::fromMs)).toList()) {
        int last = joined.size() - 1;
        if (last >= 0 && stay.fromMs() <= joined.get(last).untilMs()) {
          Stay before = joined.get(last);
          joined.set(last, new Stay(before.fromMs(), Math.max(before.untilMs(), stay.untilMs())));
        } else {
          joined.add(stay);
        }
      }
      return List.copyOf(joined);
    }

    @Override
    public boolean isThere(int client, String round, int look, long nowMs) {
      return stays.get(client).stream().anyMatch(stay -> stay.holds(nowMs));
    }

    @Override
    public long leavesMs(int client, long nowMs) {
      return stays.get(client).stream()
          .filter(stay -> stay.holds(nowMs))
          .mapToLong(Stay::untilMs)
          .findFirst()
          .orElse(nowMs);
    }

    @Override
    public boolean isOver(long nowMs) {
      return nowMs >= endMs;
    }
  }
}
