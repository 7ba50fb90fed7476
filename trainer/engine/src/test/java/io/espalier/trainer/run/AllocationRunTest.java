package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Counts;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.network.Macs;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Allocations and scores that need more than a ranking, on two trainers. */
class AllocationRunTest {
  private static final String RECIPE =
      """
      name = test, data { kind = digits, batch-size = 32, validation = 10% }
      model { kind = mlp, hidden = [32, 16] }
      train { epochs = 4, trainers = 2, sync-every = 5 }
      prune { sparsity = 60%, schedule { kind = cubic, updates = 3 } }
      """;

  /** The commits of a run, with the traffic before each. */
  private static final class Course implements LoopListener {
    private final List<SyncOutcome> syncs = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();

    @Override
    public void committed(SyncOutcome outcome, Traffic soFar) {
      syncs.add(outcome);
      traffic.add(soFar);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.allocation = owl",
        "prune.allocation { kind = dlp, batches = 2 }",
        "prune { allocation { kind = rd, batches = 1, amounts = 10 }, mask = soft }",
        "prune { allocation = uniform-plus, sparsity = 20% }",
        "prune { granularity = channel, allocation = owl, sparsity = 40% }",
        "prune { allocation { kind = ecoflap, batches = 1, directions = 2 } }",
        "prune { granularity = channel, allocation = precropping, score = geometric-median,"
            + " sparsity = 40% }",
        "prune { score = batch-norm-scale, sparsity = 40% }, train.epochs = 2, model = null,"
            + " model { kind = resnet-8, width = 4 }",
        "prune { score = random, selection = connected, allocation = balanced }, train.epochs = 2,"
            + " model = null, model { kind = resnet-8, width = 4 }",
        "prune.allocation { kind = knapsack, macs = 25% }, train.epochs = 2, model = null,"
            + " model { kind = resnet-8, width = 4 }",
        "prune { allocation { kind = knapsack, macs = 60% }, score = taylor, mask = soft },"
            + " train.epochs = 2, model = null, model { kind = resnet-8, width = 4 }",
        "prune { granularity { kind = n-of-m, n = 2, m = 4, axis = outputs }, sparsity = null,"
            + " sparsity = 50% }",
      })
  void resume_fromTheLastUpdate_endsWithTheSameBits(String variant) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader().parse("test.conf", RECIPE + variant, List.of()).config());
    Course course = new Course();
    FinishedRun whole = TrainingLoop.run(run, course);
    int last = 0;
    for (int sync = 0; sync < course.syncs.size(); sync++) {
      last = course.syncs.get(sync).pruning().isPresent() ? sync : last;
    }

    FinishedRun resumed =
        TrainingLoop.resume(
            run,
            course.syncs.get(last - 1).committed(),
            course.traffic.get(last - 1),
            LoopListener.NONE);

    assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
    assertThat(resumed.test()).isEqualTo(whole.test());
    assertThat(whole.test().accuracy()).isGreaterThan(.2);
  }

  /** Trainers end with one mask, of exactly so many weights, that takes what it may. */
  @ParameterizedTest
  @ValueSource(strings = {"25%", "36%"})
  void weights_underALimitOfMultiplyAccumulates_areAsManyAsPlanned_andMeetIt(String share) {
    String variant =
        "prune.allocation { kind = knapsack, macs = %s }, train.epochs = 2, model = null,"
            + " model { kind = resnet-8, width = 4 }";
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader()
                .parse("test.conf", RECIPE + variant.formatted(share), List.of())
                .config());

    MaskSet masks = TrainingLoop.run(run, LoopListener.NONE).committed().masks().masks();

    assertThat(masks.kept()).isEqualTo(Counts.kept(.6, run.plan().prunable()));
    long dense = run.prunableIds().stream().mapToLong(run.network()::macsOf).sum();
    long beside = run.network().macs() - dense;
    double left = (double) (Macs.of(run.network(), masks).effective() - beside) / dense;
    double limit = Double.parseDouble(share.replace("%", "")) / 100;
    assertThat(left).isLessThanOrEqualTo(limit).isGreaterThan(limit - .01);
  }

  @Test
  void limitOfMultiplyAccumulates_belowWhatAnyChoiceTakes_isRefusedBeforeTheRun() {
    String variant =
        "prune.allocation { kind = knapsack, macs = 1% }, model = null,"
            + " model { kind = resnet-8, width = 4 }";

    assertThatThrownBy(
            () ->
                SampleRuns.prepare(
                    new RecipeLoader().parse("test.conf", RECIPE + variant, List.of()).config()))
        .hasMessageContaining("prune.allocation.macs: must not be less than what")
        .hasMessageContaining("macs=0.01, least=0.1");
  }

  @Test
  void normScales_ofANetworkWithoutNorms_areRefusedBeforeTheRun() {
    String variant = "prune { score = batch-norm-scale, sparsity = 40% }";

    assertThatThrownBy(
            () ->
                SampleRuns.prepare(
                    new RecipeLoader().parse("test.conf", RECIPE + variant, List.of()).config()))
        .hasMessageContaining("prune.score: must not rank by norms where channels have none")
        .hasMessageContaining("fc1.weight axis 0");
  }
}
