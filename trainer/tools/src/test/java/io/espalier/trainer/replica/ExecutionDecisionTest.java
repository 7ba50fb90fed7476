package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutionDecisionTest {
  private static final String RECIPE =
      """
      name = auto, seed = 5
      data { kind = digits, batch-size = 32 }
      model { kind = mlp, hidden = [32, 16] }
      train { epochs = 6, sync-every = 5, execution = auto }
      prune { sparsity = 90%, schedule { kind = cubic, begin = 10%, end = 50%, updates = 5 } }
      """;

  private static PreparedRun run(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("auto.conf", RECIPE + more, List.of()).config());
  }

  /** 2,720 multiply-adds are dense; a nanosecond each, the engine takes 1,000. */
  @Test
  void of_timesByHand_switchesAtTheFirstUpdateThatPays() {
    PreparedRun run = run("");
    assertThat(run.network().macs()).isEqualTo(64 * 32 + 32 * 16 + 16 * 10);

    ExecutionDecision decision = ExecutionDecision.of(run, times(1000), 0);

    long expected =
        run.plan().updates().stream()
            .filter(update -> update.kept() + 100 < 950)
            .mapToLong(PlannedUpdate::step)
            .findFirst()
            .orElseThrow();
    assertThat(expected).isGreaterThan(run.plan().updates().get(0).step());
    assertThat(decision.sparseFrom()).contains(expected);
    assertThat(decision.of(run).execution(expected - 1)).isEqualTo(Execution.ENGINE);
    assertThat(decision.of(run).execution(expected)).isEqualTo(Execution.JAVA);
    assertThat(ExecutionDecision.of(run, times(1000), 5000).sparseFrom()).contains(5000L);
  }

  @Test
  void of_engineAlwaysOrNeverFaster_staysOrBeginsSparse() {
    PreparedRun run = run("");

    assertThat(ExecutionDecision.of(run, times(300), 0).sparseFrom()).isEmpty();
    assertThat(ExecutionDecision.of(run, times(9000), 0).sparseFrom()).contains(0L);
  }

  @Test
  void of_timesOfDenseSteps_decideWhetherTheRunBeginsInJava() {
    PreparedRun run = run("");
    StepTimes fast = new StepTimes(1000, 100, 1, Optional.of(100.0));
    StepTimes slow = new StepTimes(1000, 100, 1, Optional.of(4000.0));

    assertThat(ExecutionDecision.of(run, fast, 0).sparseFrom()).contains(0L);
    assertThat(ExecutionDecision.of(run, slow, 0).sparseFrom())
        .isEqualTo(ExecutionDecision.of(run, times(1000), 0).sparseFrom());
  }

  @Test
  void masks_thatAreTimed_keepWholeUnitsOfTheRecipe() {
    Mask blocks =
        StepTimes.masks(run("prune.granularity = \"block 16x1\""), 0.4).masks().masks().get(0);
    Mask single = StepTimes.masks(run(""), 0.4).masks().masks().get(0);

    assertThat(inBlocks(blocks)).isTrue();
    assertThat(inBlocks(single)).isFalse();
    assertThat((double) blocks.kept() / blocks.size()).isBetween(0.3, 0.5);
  }

  /** Whether each 16 rows of a weight of 64 inputs are alike. */
  private static boolean inBlocks(Mask mask) {
    return IntStream.range(0, mask.size())
        .allMatch(unit -> mask.isKept(unit) == mask.isKept(unit / (16 * 64) * 16 * 64 + unit % 64));
  }

  @Test
  void parse_fileOfAVersionWithoutTimesOfDenseSteps_isRead() {
    ExecutionDecision read =
        ExecutionDecision.parse(
            "{\"times\":{\"engine\":3.0,\"overhead\":1.0,\"perMac\":2.0},\"sparseFrom\":7}");

    assertThat(read.times()).contains(new StepTimes(3, 1, 2, Optional.empty()));
    assertThat(read.sparseFrom()).contains(7L);
  }

  /** Of a version that did not measure dense steps. */
  private static StepTimes times(double engine) {
    return new StepTimes(engine, 100, 1, Optional.empty());
  }

  @Test
  void measured_hasPlausibleTimes_andIsReadBack() {
    ExecutionDecision measured = ExecutionDecision.measured(run(""), 0);

    StepTimes times = measured.times().orElseThrow();
    assertThat(times.engine()).isPositive();
    assertThat(times.dense()).hasValueSatisfying(each -> assertThat(each).isPositive());
    assertThat(times.java(2720, false)).isPositive();
    assertThat(ExecutionDecision.parse(measured.json())).isEqualTo(measured);
  }

  /** Their steps cost what all weights cost, until masks are final or channels are cut. */
  @Test
  void of_softMasksOrChannels_isByTimesOfDenseSteps() {
    for (String other :
        List.of("prune.mask = soft", "prune { granularity = channel, sparsity = 40% }")) {
      PreparedRun run = run(other);

      assertThat(ExecutionDecision.measured(run, 0).times()).isPresent();
      assertThat(
              ExecutionDecision.of(run, new StepTimes(1000, 1, 1, Optional.of(999.0)), 0)
                  .sparseFrom())
          .contains(0L);
      assertThat(
              ExecutionDecision.of(run, new StepTimes(1000, 1, 1, Optional.of(1001.0)), 0)
                  .sparseFrom())
          .isEmpty();
    }
  }

  @Test
  void parse_damagedFile_isRefusedWithAWayOut() {
    assertThatThrownBy(() -> ExecutionDecision.parse("{"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("file=execution.json")
        .hasMessageContaining("delete it to decide anew");
  }

  @Test
  void sparse_withWhatItCannotCompute_isRefusedAtLoadTime() {
    assertThatThrownBy(
            () ->
                run(
                    "train.execution = java, federation { kind = fedavg, widths = [100%, 50%], scaler = true }"))
        .hasMessageContaining("execution must be engine with federation.scaler = true");
  }
}
