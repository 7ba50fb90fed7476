package io.espalier.trainer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueChangesTest {
  static Stream<Arguments> optimizers() {
    return Stream.of(
        Arguments.of(SampleRuns.SGD, List.of(.5f, .5f)),
        Arguments.of(SampleRuns.ADAM, List.of(.5f, 1f, 1f)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void scaleNorms_scalesValuesAndMomentumOfNormScalesAlone(
      OptimizerConfig optimizer, List<Float> expected) {
    // Given a state of ones
    PreparedRun run =
        SampleRuns.prepare(
            SampleRuns.channels(
                SampleRuns.RESNET, optimizer, SampleRuns.SOFT, SampleRuns.live(5), 1, 1));
    TrainingState state = new TrainingState(run.stateLayout());
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        for (int unit = 0; unit < entries.get(i).size(); unit++) {
          state.array(i, slot).put(unit, 1);
        }
      }
    }
    int norms = ScaledNorm.of(run.network()).size();

    // When
    new ValueChanges(List.of(), Collections.nCopies(norms, .5f)).scaleNorms(run, state);

    // Then
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        boolean scale = entries.get(i).role() == Role.NORM_SCALE;
        assertThat(state.values(i, slot)).containsOnly(scale ? expected.get(slot) : 1f);
      }
    }
  }
}
