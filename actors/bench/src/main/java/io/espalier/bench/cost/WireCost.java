package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.masks.MaskSet;
import io.espalier.masks.codec.MaskCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What masks weigh on the wire against their {@link Entropy}, and how long it takes to write and
 * read them.
 */
final class WireCost {
  private static final Budget BUDGET = Budget.atMost(1.1);
  private static final double TIMED = 0.1;
  private static final String READING = "reading";

  private final SampleShapes network;
  private final Optional<Budget> budget;
  private final List<Figure> figures = new ArrayList<>();
  private final AlternatingRounds turns = new AlternatingRounds();
  private final List<String> timed = new ArrayList<>();

  private WireCost(SampleShapes network, Optional<Budget> budget) {
    this.network = network;
    this.budget = budget;
  }

  static List<Figure> sizes(SampleShapes network, List<Double> densities) {
    return new WireCost(network, Optional.of(BUDGET)).sizes(densities).figures;
  }

  /** Bytes of masks so small that frame and counts matter. */
  static List<Figure> sizesOfSmall(SampleShapes network, List<Double> densities) {
    return new WireCost(network, Optional.empty()).sizes(densities).figures;
  }

  static List<Figure> sizesAndTimes(SampleShapes network, List<Double> densities, int rounds) {
    return new WireCost(network, Optional.of(BUDGET)).sizes(densities).times(rounds);
  }

  private WireCost sizes(List<Double> densities) {
    for (double density : densities) {
      SampleUpdate hard = SampleUpdate.hard(network, density);
      full(hard.before(), density);
      update(hard, density);
      update(SampleUpdate.soft(network, density), density);
      update(SampleUpdate.exchange(network, density), density);
    }
    return this;
  }

  private List<Figure> times(int rounds) {
    ScoreArrays scores = ScoreArrays.of(network);
    turns.add(READING, () -> scores.read() + scores.read());
    turns.run(rounds);
    timed.forEach(name -> figures.add(time(name)));
    return figures;
  }

  private void full(MaskSet set, double density) {
    byte[] bytes = MaskCodec.encodeFull(set);
    String name = "full at density " + density;
    size(name, bytes, Entropy.of(set));
    if (density == TIMED) {
      timed("encode " + name, () -> MaskCodec.encodeFull(set).length);
      timed(
          "decode " + name,
          () -> MaskCodec.decodeFull(bytes, set.layout(), set.parameters()).kept());
    }
  }

  private void update(SampleUpdate update, double density) {
    byte[] bytes = MaskCodec.encode(update.before(), update.after());
    String name = update.name() + " at density " + density;
    double delta = Entropy.ofUpdate(update.before(), update.after());
    size(name, bytes, Math.min(delta, Entropy.of(update.after())));
    if (density == TIMED) {
      timed("encode " + name, () -> MaskCodec.encode(update.before(), update.after()).length);
      timed("decode " + name, () -> MaskCodec.decode(bytes, update.before()).kept());
    }
  }

  private void timed(String name, LongSupplier work) {
    timed.add(name);
    turns.add(name, work);
  }

  private void size(String name, byte[] bytes, double entropy) {
    figures.add(
        new Figure(
            "bytes on the wire / entropy (" + name + ")",
            network.name(),
            Measurements.of(List.of(8 * bytes.length / entropy)),
            String.format(Locale.ROOT, "%,d B / %,.0f B", bytes.length, entropy / 8),
            budget));
  }

  private Figure time(String name) {
    return new Figure(
        name + " / reading as many scores twice",
        network.name(),
        Measurements.ofRatios(turns.of(name), turns.of(READING)),
        String.format(
            Locale.ROOT,
            "%.2f ns / %.2f ns per unit",
            1e9 * Measurements.of(turns.of(name)).median() / network.units(),
            1e9 * Measurements.of(turns.of(READING)).median() / network.units()));
  }
}
