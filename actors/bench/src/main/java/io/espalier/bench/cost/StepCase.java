package io.espalier.bench.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/**
 * A network whose steps are timed.
 *
 * @param settings beside those of {@link BenchRecipe}
 * @param inTorch whether {@code torch_step.py} has it
 */
record StepCase(
    String name,
    String model,
    List<String> settings,
    boolean inTorch,
    List<StepContender> contenders) {
  private static final List<String> SPARSITIES = List.of("0%", "80%", "90%", "95%", "98%");

  /** The largest share of the engine's time that a dense step may take in Java with AVX2. */
  private static final double DENSE_AVX2 = 1.3;

  StepCase {
    settings = List.copyOf(settings);
    contenders = List.copyOf(contenders);
  }

  static StepCase of(String name, String model, String... settings) {
    return new StepCase(name, model, List.of(settings), false, List.of());
  }

  StepCase besideTorch() {
    return new StepCase(name, model, settings, true, contenders);
  }

  /** Adds single weights at 0, 80, 90, 95 and 98 %, as many as there are least speed-ups. */
  StepCase weights(double... leastSpeedUps) {
    StepCase with = this;
    for (int i = 0; i < leastSpeedUps.length; i++) {
      with = with.pruned(StepKind.WEIGHTS, SPARSITIES.get(i), leastSpeedUps[i]);
    }
    return with;
  }

  /**
   * Adds single weights, each beside a dense network of as many multiply-accumulates.
   *
   * @param narrowed the same network with fewer channels, of the given share of
   *     multiply-accumulates
   */
  StepCase weights(DoubleFunction<String> narrowed, double... leastSpeedUps) {
    StepCase with = this;
    for (int i = 0; i < leastSpeedUps.length; i++) {
      String sparsity = SPARSITIES.get(i);
      with = with.pruned(StepKind.WEIGHTS, sparsity, leastSpeedUps[i]);
      with =
          with.and(
              new StepContender(
                  StepKind.CHANNELS,
                  sparsity,
                  narrowed.apply(1 - percent(sparsity) / 100.0),
                  List.of("prune.sparsity=0"),
                  0));
    }
    return with;
  }

  /** Adds steps on what is left once pruned at the first step. */
  StepCase pruned(StepKind kind, String sparsity, double leastSpeedUp, String... own) {
    List<String> all = new ArrayList<>(kind.settings());
    all.addAll(
        List.of(
            "train.execution=java",
            "prune.sparsity=" + sparsity,
            "prune.schedule={kind=one-shot,begin=0}"));
    all.addAll(List.of(own));
    return and(new StepContender(kind, sparsity, model, all, leastSpeedUp));
  }

  private StepCase and(StepContender contender) {
    return withContenders(Stream.concat(contenders.stream(), Stream.of(contender)).toList());
  }

  /**
   * The steps and bounds of instructions. With AVX2 only, dense steps alone have a bound, and there
   * are none of fewer channels: at some of their odd counts the engine's convolutions end the
   * process with corrupt memory.
   */
  StepCase with(Instructions instructions) {
    return instructions == Instructions.MACHINE
        ? this
        : withContenders(
            contenders.stream()
                .filter(each -> each.kind() != StepKind.CHANNELS)
                .map(each -> each.withLeastSpeedUp(each.isDense() ? 1 / DENSE_AVX2 : 0))
                .toList());
  }

  private StepCase withContenders(List<StepContender> all) {
    return new StepCase(name, model, settings, inTorch, all);
  }

  private static int percent(String sparsity) {
    return Integer.parseInt(sparsity.replace("%", ""));
  }
}
