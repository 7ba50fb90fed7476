package io.espalier.federation.simulation;

import io.espalier.configs.Rules;
import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

final class SpeedModel {
  public static final String HEADER = "client,seconds-per-step,bytes-per-second";

  private static final long DOMAIN = 0x7370656564L;

  private static final double BYTES_PER_SECOND = 1e6;

  private SpeedModel() {}

  /** Speeds by client: drawn with {@code option} as the spread, or read from that file. */
  public static List<Speed> of(String option, Path folder, int clients, long seed)
      throws IOException {
    double spread;
    try {
      spread = Double.parseDouble(option);
    } catch (NumberFormatException e) {
      return read(folder.resolve(option), clients);
    }
    return drawn(spread, clients, seed);
  }

  /** Log-normal seconds per step with median 1; all links are alike. */
  private static List<Speed> drawn(double spread, int clients, long seed) {
    new Rules()
        .require(
            "speeds", spread, spread >= 0 && spread <= 10, "from 0 to 10, or the file of speeds")
        .verify();
    CounterRandom random = CounterRandom.of(seed, DOMAIN);
    return IntStream.range(0, clients)
        .mapToObj(
            client -> new Speed(StrictMath.exp(spread * normal(random, client)), BYTES_PER_SECOND))
        .toList();
  }

  /** By Box and Muller (1958). */
  private static double normal(CounterRandom random, int index) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.uniform(2L * index)));
    return radius * StrictMath.cos(2 * StrictMath.PI * random.uniform(2L * index + 1));
  }

  private static List<Speed> read(Path file, int clients) throws IOException {
    List<Optional<Speed>> speeds = new ArrayList<>(Collections.nCopies(clients, Optional.empty()));
    for (TraceReader.Fact fact : TraceReader.read(file, HEADER, clients)) {
      if (!(fact.second() > 0)) {
        throw new MalformedFileException(
            file,
            "a link must have some bandwidth: line=%d, bytes-per-second=%s"
                .formatted(fact.line(), fact.second()));
      }
      if (speeds.get(fact.client()).isPresent()) {
        throw new MalformedFileException(
            file,
            "a client must have one line: line=%d, client=%d"
                .formatted(fact.line(), fact.client() + 1));
      }
      speeds.set(fact.client(), Optional.of(new Speed(fact.first(), fact.second())));
    }
    int missing = speeds.indexOf(Optional.<Speed>empty());
    if (missing >= 0) {
      throw new MalformedFileException(
          file,
          "each client must have a line: client=%d has none, clients=%d"
              .formatted(missing + 1, clients));
    }
    return speeds.stream().map(Optional::orElseThrow).toList();
  }
}
