package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Units that are pruned for good are 0 to the bit, moments included, under every optimizer. */
class DeadUnitsTest {
  @TempDir private Path directory;

  static Stream<Arguments> optimizersAndMasks() {
    List<OptimizerConfig> optimizers =
        List.of(
            new OptimizerConfig.Sgd(0, 0.01),
            new OptimizerConfig.Sgd(0.9, true, 0.01),
            new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0.01),
            new OptimizerConfig.AdamW(0.9, 0.999, 1e-8, 0.2));
    return optimizers.stream()
        .flatMap(
            optimizer ->
                Stream.of(
                    Arguments.of(optimizer, Kinds.HARD, 5),
                    Arguments.of(optimizer, Kinds.soft(0.1), 5),
                    Arguments.of(
                        optimizer, Kinds.annealed(0.6, Shape.LINEAR, new Span.Steps(13)), 18)));
  }

  @ParameterizedTest
  @MethodSource("optimizersAndMasks")
  void prunedUnits_fromTheirDeathOn_areZeroToTheBit(
      OptimizerConfig optimizer, MaskConfig mask, int death) {
    Trace trace =
        Trace.of(
            Toy.run(directory, mask, Toy.AT_FIVE, 40, 5, optimizer, 0.5, 0.1, Optional.of(0.5)));

    for (Trace.Step step : trace.steps()) {
      for (int unit = 0; unit < 12; unit++) {
        boolean dead = !step.mask().isKept(unit) && step.step() >= death;
        Trace.Held after = step.after();
        for (float[] slot : List.of(after.weight, after.weightMoment, after.weightSecondMoment)) {
          if (slot.length > 0) {
            assertThat(Values.isZero(slot[unit]))
                .as("step %d, unit %d", step.step(), unit)
                .isEqualTo(dead);
          }
        }
      }
    }
  }
}
