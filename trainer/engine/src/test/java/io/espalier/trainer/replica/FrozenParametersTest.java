package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenParametersTest {
  private static final String BASE =
      """
      data { kind = digits, batch-size = 32 }
      model { kind = mlp, hidden = [24] }
      train { epochs = 4, trainers = 2, sync-every = 5, optimizer { kind = %s, weight-decay = 0.1 } }
      prune { sparsity = 60%%, schedule { kind = cubic, begin = 20%%, end = 60%%, updates = 3 } %s }
      """;

  private static PreparedRun run(String optimizer, String prune, String freeze) {
    String recipe = BASE.formatted(optimizer, prune) + "\ntrain.freeze = " + freeze;
    return SampleRuns.prepare(new RecipeLoader().parse("my.conf", recipe, List.of()).config());
  }

  private static List<Committed> states(PreparedRun run) {
    List<Committed> states = new ArrayList<>();
    FinishedRun ignored =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void synced(SyncOutcome outcome) {
                states.add(outcome.committed());
              }
            });
    assertThat(ignored.committed().step()).isEqualTo(run.plan().totalSteps());
    return states;
  }

  private static int entry(PreparedRun run, String name) {
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw"})
  void frozenParameters_keepTheirBits_whileOthersLearn(String optimizer) {
    PreparedRun run = run(optimizer, ", exclude = [\"fc1.*\"]", "[\"fc1.*\"]");
    List<Committed> states = states(run);
    int weight = entry(run, "fc1.weight");
    int bias = entry(run, "fc1.bias");
    int head = entry(run, "output.weight");
    Committed first = states.get(0);
    Committed last = states.get(states.size() - 1);

    assertThat(last.state().values(weight, 0)).isEqualTo(first.state().values(weight, 0));
    assertThat(last.state().values(bias, 0)).isEqualTo(first.state().values(bias, 0));
    assertThat(last.state().values(head, 0)).isNotEqualTo(first.state().values(head, 0));
    assertThat(run.stateLayout().entries().get(weight).slots()).isEqualTo(1);
  }

  @Test
  void frozenWeights_ofAMovementMask_stillTrainTheirScores() {
    PreparedRun run = run("sgd", ", score = movement", "[\"*.weight\"]");
    List<Committed> states = states(run);
    int weight = entry(run, "fc1.weight");
    int scores = entry(run, "fc1.weight.movement");
    Committed first = states.get(0);
    Committed later = states.get(2);

    assertThat(later.masks().mayChange()).isTrue();
    assertThat(later.state().values(weight, 0)).isEqualTo(first.state().values(weight, 0));
    assertThat(later.state().values(scores, 0)).isNotEqualTo(first.state().values(scores, 0));
    assertThat(states.get(states.size() - 1).masks().masks().kept())
        .isEqualTo(run.plan().finalKept());
  }

  @Test
  void taylorScores_ofFrozenWeights_areMeasured() {
    List<Committed> states = states(run("sgd", ", score = taylor", "[\"fc1.*\"]"));

    Committed last = states.get(states.size() - 1);
    assertThat(last.masks().masks().sparsity()).isGreaterThan(.59);
  }

  @Test
  void globs_thatMatchNothingOrLeaveNothing_areRefused() {
    assertThatThrownBy(() -> run("sgd", "", "[\"conv*\"]"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.freeze: each glob must match a parameter: glob=conv*");
    assertThatThrownBy(() -> run("sgd", "", "[\"*\"]"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.freeze: must leave a parameter to train: freeze=[*]");
  }
}
