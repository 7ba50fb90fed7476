package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork.Kind;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FederatedCourseTest {
  private static final String FEDAVG =
      """
      prune { sparsity = 80%, schedule { kind = cubic, begin = 10%, end = 75%, updates = 3 } }
      federation { kind = fedavg, rounds = 6, server-examples = 100, server-epochs = 2 }
      """;
  private static final String FEDTINY =
      """
      prune.sparsity = 80%
      federation { kind = fedtiny, rounds = 7, candidates = 4, adjust-every = 2, adjust-until = 6
                   blocks = 3, server-examples = 100, server-epochs = 2 }
      """;

  @Test
  void fedavg_withSchedule_prunesExactlyAndLearns() {
    try (SampleFederation sample = new SampleFederation(FEDAVG, List.of(1.0, 1.0, 1.0))) {
      double before = sample.accuracy();
      while (sample.course.next().isPresent()) {
        sample.round();
        assertDeadIsZero(sample);
      }

      MaskSet masks = sample.course.model().masks().masks();
      assertThat(masks.kept()).isEqualTo(sample.federation.run().plan().finalKept());
      assertThat(sample.accuracy()).isGreaterThan(before);
    }
  }

  /** What the server decides from weights and shapes alone is as in any other run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { score = lamp, selection = per-row }",
        "prune { sparsity = 50%, granularity = \"2:4\" }",
        "prune { granularity = row, allocation = erk }",
        "prune.allocation { kind = knapsack, macs = 40% }",
        "prune.regrowth { kind = set, every = 1 }"
      })
  void fedavg_withOtherRankingsUnitsAndRegrowth_prunesExactlyAndRepeats(String choice) {
    String recipe = FEDAVG + choice + "\n";
    long returned = 0;
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, .1))) {
      Plan plan = sample.federation.run().plan();
      while (sample.course.next().isPresent()) {
        Optional<MaskUpdate> update = sample.round().update();
        for (ParameterChange change : update.map(MaskUpdate::changes).orElse(List.of())) {
          returned += change.regrown();
        }
        assertDeadIsZero(sample);
        update.ifPresent(each -> assertRestartsAtZero(sample, each.restarted()));
      }

      MaskSet masks = sample.course.model().masks().masks();
      PlannedUpdate last = plan.updates().get(plan.updates().size() - 1);
      if (!choice.contains("row,")) { // whose counts are in rows
        assertThat(masks.kept()).isEqualTo(last.kept());
      }
      assertThat(sample.course.model().digest()).isEqualTo(digestAfter(recipe, 6));
    }
    assertThat(returned > 0).isEqualTo(choice.contains("regrowth"));
  }

  private static void assertRestartsAtZero(SampleFederation sample, List<Mask> restarted) {
    for (int p = 0; p < restarted.size(); p++) {
      float[] weights = sample.weights().get(p);
      restarted.get(p).forEachKept(unit -> assertThat(weights[unit]).isZero());
    }
  }

  @Test
  void fedtiny_rounds_chooseAdjustAndKeepTheDensity() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, 1.0))) {
      List<Kind> kinds = new ArrayList<>();
      long kept = sample.federation.run().plan().finalKept();
      while (sample.course.next().isPresent()) {
        kinds.add(sample.course.next().get().kind());
        RoundMerge merge = sample.round();
        MaskSet masks = sample.course.model().masks().masks();
        assertThat(masks.kept()).isEqualTo(kinds.size() == 1 ? masks.total() : kept);
        merge
            .update()
            .filter(update -> merge.choice().isEmpty())
            .ifPresent(
                update ->
                    assertThat(update.changes())
                        .allSatisfy(each -> assertThat(each.pruned()).isEqualTo(each.regrown()))
                        .anySatisfy(each -> assertThat(each.regrown()).isPositive()));
        assertDeadIsZero(sample);
      }

      assertThat(kinds)
          .containsExactly(
              Kind.MEASURE_NORMS,
              Kind.MEASURE_LOSSES,
              Kind.TRAIN,
              Kind.TRAIN_AND_PROPOSE,
              Kind.TRAIN,
              Kind.TRAIN_AND_PROPOSE,
              Kind.TRAIN,
              Kind.TRAIN,
              Kind.TRAIN);
      assertThat(sample.course.model().masks().masks().version().number()).isEqualTo(3);
      assertThat(sample.accuracy()).isGreaterThan(0.5);
    }
  }

  @Test
  void course_repeated_givesTheSameBits() {
    assertThat(digestAfter(FEDTINY, 4)).isEqualTo(digestAfter(FEDTINY, 4));
  }

  /** Steps of clients are those of trainers: the same rules and objectives act in them. */
  @Test
  void course_withStepRulesAndAnObjective_actsOnClientsAndRepeats() {
    String ruled = FEDAVG + "train.rules = [{ kind = group-lasso, strength = 0.03 }]\n";
    String own = FEDAVG + "train.objective = own-entropy\n";

    assertThat(List.of(digestAfter(FEDAVG, 2), digestAfter(ruled, 2), digestAfter(own, 2)))
        .doesNotHaveDuplicates()
        .element(1)
        .isEqualTo(digestAfter(ruled, 2));
    try (SampleFederation sample = new SampleFederation(ruled, List.of(1.0, 1.0))) {
      while (sample.course.next().isPresent()) {
        sample.round();
        assertDeadIsZero(sample);
      }
      assertThat(sample.course.model().masks().masks().kept())
          .isEqualTo(sample.federation.run().plan().finalKept());
    }
  }

  @Test
  void course_resumedFromItsModel_goesOnToTheSameBits() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, .1))) {
      for (int i = 0; i < 4; i++) {
        sample.round();
      }
      sample.course = FederatedCourse.resume(sample.federation, sample.course.model());
      sample.round();

      assertThat(sample.course.model().digest()).isEqualTo(digestAfter(FEDTINY, 5));
    }
  }

  /** The step that a mask must stop is the last one before the upload. */
  @Test
  void contribution_trained_changesOnlyWhatItsMasksKeep() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, .1))) {
      sample.round();
      sample.round();

      Contribution small = sample.contribution(1);

      assertThat(small.holds().kept()).isEqualTo((long) (.1 * small.holds().total() + 1e-9));
      ClientResult.Trained trained = (ClientResult.Trained) small.result();
      List<StateLayout.Entry> entries = sample.federation.values().stateLayout().entries();
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).mask().isPresent()) {
          Mask holds = small.holds().masks().get(entries.get(i).mask().get());
          float[] changes = trained.changes().get(i);
          assertThat(changes).hasSize(holds.size());
          for (int unit = 0; unit < changes.length; unit++) {
            assertThat(holds.isKept(unit) || changes[unit] == 0).isTrue();
          }
        }
      }
    }
  }

  @Test
  void merge_oneClientHoldsLess_othersMoveTheRest() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, .1))) {
      sample.round();
      sample.round();
      MaskSet global = sample.course.model().masks().masks();
      Mask large = global.masks().get(1);
      Mask small = sample.masks(1).masks().get(1);
      float[] before = sample.weights().get(1).clone();
      sample.round();
      float[] after = sample.weights().get(1);

      Mask rest = large.andNot(small);
      assertThat(rest.kept()).isPositive();
      List<Boolean> moved = new ArrayList<>();
      rest.forEachKept(unit -> moved.add(before[unit] != after[unit]));
      assertThat(moved).contains(true);
    }
  }

  private static String digestAfter(String recipe, int rounds) {
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, .1))) {
      for (int i = 0; i < rounds; i++) {
        sample.round();
      }
      return sample.course.model().digest();
    }
  }

  private static void assertDeadIsZero(SampleFederation sample) {
    List<float[]> weights = sample.weights();
    List<Mask> masks = sample.course.model().masks().masks().masks();
    for (int p = 0; p < masks.size(); p++) {
      float[] values = weights.get(p);
      Mask.allKept(values.length)
          .andNot(masks.get(p))
          .forEachKept(unit -> assertThat(values[unit]).isZero());
    }
  }
}
