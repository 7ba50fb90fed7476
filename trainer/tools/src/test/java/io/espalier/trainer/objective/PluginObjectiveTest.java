package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.replica.StepTimes;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's objective, as a recipe names it. */
class PluginObjectiveTest {
  /** Cross-entropy as a user would write it, or a fault. */
  public static final class Own implements ObjectiveProvider {
    @Override
    public String name() {
      return "own-entropy";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.text("fault", "none");
    }

    @Override
    @SuppressWarnings("NullAway") // what a user's compiler lets pass
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      String fault = settings.text("fault");
      CrossEntropy plain = new CrossEntropy(context.labelSmoothing());
      return switch (fault) {
        case "null" -> null;
        case "slow start" -> new SlowAtFirst(plain);
        default -> new Faulty(plain, fault);
      };
    }
  }

  /** Takes more than a second once. */
  private static final class SlowAtFirst implements Objective {
    private final Objective plain;
    private boolean begun;

    SlowAtFirst(Objective plain) {
      this.plain = plain;
    }

    @Override
    public double gradient(
        float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
      if (!begun) {
        begun = true;
        LockSupport.parkNanos(1_200_000_000L);
      }
      return plain.gradient(logits, labels, classes, taps, gradient);
    }
  }

  private record Faulty(Objective plain, String fault) implements Objective {
    @Override
    public double gradient(
        float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
      double loss = plain.gradient(logits, labels, classes, taps, gradient);
      switch (fault) {
        case "throw" -> throw new IllegalStateException("no licence");
        case "gap" -> gradient[classes + 1] = Float.NaN;
        case "overwrite" -> logits[0] = 1e9f;
        default -> {}
      }
      return loss;
    }

    @Override
    public int answer(float[] logits, int row, int classes) {
      return fault.equals("answer") ? classes : plain.answer(logits, row, classes);
    }
  }

  private static PreparedRun prepared(String objective) {
    String recipe =
        """
        data { kind = digits, batch-size = 32, validation = 10%% }
        model { kind = mlp, hidden = [16] }
        train { epochs = 2, trainers = 2, sync-every = 5, label-smoothing = 0.1, objective = %s }
        prune { sparsity = 50%%, schedule { kind = one-shot } }
        """;
    return PreparedRun.of(
        new RecipeLoader().parse("my.conf", recipe.formatted(objective), List.of()).config(),
        DataHome.of(Path.of("no-home")));
  }

  /** Nothing can be said of steps yet when a second is over. */
  @Test
  void measured_firstStepTakesMoreThanASecond_measuresOn() {
    PreparedRun run = prepared("{ kind = own-entropy, fault = \"slow start\" }, execution = auto");

    StepTimes times = ExecutionDecision.measured(run, 0).times().orElseThrow();

    assertThat(times.engine()).isPositive();
    assertThat(times.overhead() + times.perMac()).isPositive();
  }

  private static FinishedRun run(String objective) {
    return TrainingLoop.run(prepared(objective), LoopListener.NONE);
  }

  @Test
  void run_ofOnesOwnCrossEntropy_trainsLikeTheEnginesAndRepeats() {
    FinishedRun own = run("own-entropy");
    FinishedRun built = run("cross-entropy");

    assertThat(own.committed().state().values(0, 0))
        .containsExactly(built.committed().state().values(0, 0), within(2e-4f));
    assertThat(own.test().lossSum()).isCloseTo(built.test().lossSum(), within(0.1));
    assertThat(own.test().accuracy()).isGreaterThan(0.5);
    assertThat(run("own-entropy").committed().digest()).isEqualTo(own.committed().digest());
    assertThat(run("{ kind = own-entropy, fault = overwrite }").committed().digest())
        .isEqualTo(own.committed().digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throw | failed to compute the gradient of a batch: java.lang.IllegalStateException: no"
            + " licence",
        "gap | must give every logit a finite gradient where the loss is finite: row=1, class=1,"
            + " gradient=NaN, loss=",
        "answer | must answer with a class: answer=10, classes=10",
      })
  void run_codeThatFails_endsAndNamesIt(String fault, String problem) {
    assertThatThrownBy(() -> run("{ kind = own-entropy, fault = " + fault + " }"))
        .isInstanceOf(PluginException.class)
        .hasMessageStartingWith(
            "objective 'own-entropy' (class %s) %s".formatted(Own.class.getName(), problem));
  }

  @Test
  void prepare_anObjectiveThatCannotBeMade_isRefused() {
    assertThatThrownBy(() -> prepared("{ kind = own-entropy, fault = \"null\" }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "train.objective: objective 'own-entropy' (class %s) must not give null when asked to"
                + " be created",
            Own.class.getName());
  }
}
