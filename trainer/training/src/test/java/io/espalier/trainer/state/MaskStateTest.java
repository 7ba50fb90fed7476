package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskStateTest {
  private static final PreparedRun RUN =
      SampleRuns.prepared(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED, 1, 10);
  private static final MaskSet DENSE = MaskSet.dense(RUN.layout(), RUN.prunableIds());

  @Test
  void digest_stepOfACohortDiffers_differs() {
    assertThat(state(5, annealing(5)).digest(6))
        .hasSize(16)
        .isEqualTo(state(5, annealing(5)).digest(6))
        .isNotEqualTo(state(5, annealing(4)).digest(6));
  }

  @Test
  void digest_stepOfTheLastUpdateDiffers_differs() {
    assertThat(state(5, none()).digest(6)).isNotEqualTo(state(4, none()).digest(6));
  }

  @Test
  void digest_cohortThatDied_countsNoMore() {
    long dead = 5 + RUN.plan().annealingSteps();

    assertThat(state(5, annealing(5)).digest(dead)).isEqualTo(state(5, none()).digest(dead));
    assertThat(state(5, annealing(5)).digest(dead - 1))
        .isNotEqualTo(state(5, none()).digest(dead - 1));
  }

  private static MaskState state(long updatedAt, AnnealingState annealing) {
    return MaskState.of(RUN.maskKind(), RUN.plan(), DENSE, updatedAt, annealing);
  }

  private static AnnealingState none() {
    return AnnealingState.none(RUN.temperature());
  }

  private static AnnealingState annealing(long prunedAt) {
    List<Mask> first =
        DENSE.masks().stream().map(mask -> Mask.of(mask.size(), unit -> unit == 0)).toList();
    return none().with(List.of(new AnnealingGroup(new MaskVersion(1), prunedAt, first)));
  }
}
