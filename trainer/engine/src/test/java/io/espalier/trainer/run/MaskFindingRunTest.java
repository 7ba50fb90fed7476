package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.MaskFinding;
import io.espalier.trainer.sync.MaskFinding.DeadUnits;
import io.espalier.trainer.sync.MaskFinding.HiddenGrowth;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What mask updates report of weights that grow unseen, and of outputs that read nothing. */
class MaskFindingRunTest {
  private static final String RECIPE =
      """
      name = test, data { kind = digits, batch-size = 32 }
      model { kind = mlp, hidden = [32, 16] }
      train { epochs = 6, optimizer { kind = sgd, momentum = 0.9, weight-decay = 0 }
              learning-rate { kind = constant, initial = 0.1 } }
      prune { sparsity = 98%, schedule { kind = cubic, begin = 10%, end = 90%, updates = 4 } }
      """;

  private record Sync(SyncOutcome outcome, Traffic traffic) {}

  private static PreparedRun prepared(String variant) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("f.conf", RECIPE + variant, List.of()).config());
  }

  private static List<Sync> synced(PreparedRun run) {
    List<Sync> syncs = new ArrayList<>();
    TrainingLoop.run(run, into(syncs));
    return syncs;
  }

  private static LoopListener into(List<Sync> syncs) {
    return new LoopListener() {
      @Override
      public void committed(SyncOutcome outcome, Traffic traffic) {
        syncs.add(new Sync(outcome, traffic));
      }
    };
  }

  /** The findings of each update. */
  private static List<List<MaskFinding>> findings(List<Sync> syncs) {
    return syncs.stream()
        .flatMap(sync -> sync.outcome().pruning().stream())
        .map(SyncOutcome.Pruning::findings)
        .toList();
  }

  private static <F> List<F> of(List<List<MaskFinding>> findings, Class<F> kind) {
    return findings.stream()
        .flatMap(List::stream)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Test
  void update_ofASoftMaskWhoseHiddenWeightsRun_saysHowFarTheyGrew() {
    List<HiddenGrowth> grown =
        of(findings(synced(prepared("prune.mask = soft"))), HiddenGrowth.class);

    assertThat(grown).isNotEmpty();
    assertThat(grown)
        .allMatch(
            each ->
                each.largestHidden() > 4 * each.meanKept() || each.meanHidden() > each.meanKept())
        .allSatisfy(
            each ->
                assertThat(each.text())
                    .startsWith(each.parameter().name() + ": hidden weights outgrow")
                    .contains(
                        "prune.mask.masked-decay",
                        "prune.mask.hidden-gradient",
                        "prune.schedule.updates"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.mask { kind = soft, masked-decay = 5e-2 }, prune.schedule.updates = 40,"
            + " train.learning-rate.initial = 0.02",
        "prune.mask = hard",
        "prune { mask { kind = annealed, over = 10% }, schedule.end = 60% }",
        "prune { score = movement, mask { kind = movement } }",
      })
  void update_ofMasksWhoseHiddenWeightsStaySmallOrAreNotRankedBySize_reportsNone(String variant) {
    assertThat(of(findings(synced(prepared(variant))), HiddenGrowth.class)).isEmpty();
  }

  @Test
  void update_thatLeavesMostOutputsNoWeight_countsThem() {
    List<Sync> syncs = synced(prepared("prune.mask = hard"));

    DeadUnits last = of(findings(syncs), DeadUnits.class).get(0);
    assertThat(last.dead()).isGreaterThan(last.units() / 2);
    assertThat(last.text())
        .startsWith(last.parameter().name())
        .contains(last.dead() + " of " + last.units() + " outputs", "prune.min-keep");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { granularity = row, sparsity = null, sparsity = 60% }",
        "prune { granularity = channel, sparsity = null, sparsity = 60% }",
        "prune { sparsity = null, sparsity = 50%, allocation = uniform }",
      })
  void update_thatPrunesWholeOutputsOrFewWeights_reportsNoDeadOnes(String variant) {
    assertThat(of(findings(synced(prepared(variant))), DeadUnits.class)).isEmpty();
  }

  @Test
  void findings_ofAResumedRunWithTwoTrainers_areThoseOfTheWhole() {
    PreparedRun run = prepared("prune.mask = soft, train { trainers = 2, epochs = 12 }");
    List<Sync> whole = synced(run);
    int middle = whole.size() / 2;
    List<Sync> resumed = new ArrayList<>();
    TrainingLoop.resume(
        run, whole.get(middle).outcome().committed(), whole.get(middle).traffic(), into(resumed));

    List<List<MaskFinding>> rest = findings(whole.subList(middle + 1, whole.size()));
    assertThat(of(rest, MaskFinding.class)).isNotEmpty();
    assertThat(findings(resumed)).isEqualTo(rest);
  }
}
