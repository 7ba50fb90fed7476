package io.espalier.bench.cost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Contenders that take turns, round by round, so that what disturbs the machine disturbs all alike.
 * Timed in {@link ThreadTime}.
 */
final class AlternatingRounds {
  private static final int WARM_UPS = 4;

  private final Map<String, LongSupplier> contenders = new LinkedHashMap<>();
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private long consumed;

  /** Adds a contender; its result stands for its work, which is thus not optimised away. */
  AlternatingRounds add(String name, LongSupplier contender) {
    contenders.put(name, contender);
    seconds.put(name, new ArrayList<>());
    return this;
  }

  AlternatingRounds run(int rounds) {
    for (int round = -WARM_UPS; round < rounds; round++) {
      for (Map.Entry<String, LongSupplier> contender : contenders.entrySet()) {
        long start = ThreadTime.now();
        consumed += contender.getValue().getAsLong();
        double taken = (ThreadTime.now() - start) / 1e9;
        if (round >= 0) {
          of(contender.getKey()).add(taken);
        }
      }
    }
    return this;
  }

  List<Double> of(String name) {
    return Objects.requireNonNull(seconds.get(name));
  }

  long consumed() {
    return consumed;
  }
}
