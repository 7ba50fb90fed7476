package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A user's objective that is cross-entropy, as a recipe names it. */
class PluginCrossEntropyTest {
  /** Says that it is cross-entropy, and has no gradient of its own. */
  public static final class Own implements ObjectiveProvider {
    @Override
    public String name() {
      return "own-cross-entropy";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("smoothing", -1).flag("says-so", true);
    }

    @Override
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      double own = settings.number("smoothing");
      return new Declared(settings.flag("says-so"), own < 0 ? context.labelSmoothing() : own);
    }
  }

  private record Declared(boolean saysSo, double smoothing) implements Objective {
    @Override
    public double gradient(
        float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
      throw new IllegalStateException("the gradient was computed in plain Java");
    }

    @Override
    public Optional<CrossEntropy> crossEntropy() {
      return saysSo ? Optional.of(new CrossEntropy(smoothing)) : Optional.empty();
    }
  }

  private static PreparedRun prepared(String objective) {
    String recipe =
        """
        data { kind = digits, batch-size = 32, validation = 10%% }
        model { kind = mlp, hidden = [8] }
        train { epochs = 1, trainers = 2, sync-every = 5, label-smoothing = 0.1, objective = %s }
        prune { sparsity = 50%%, score = taylor, schedule { kind = one-shot } }
        """;
    return PreparedRun.of(
        new RecipeLoader().parse("my.conf", recipe.formatted(objective), List.of()).config(),
        DataHome.of(Path.of("no-home")));
  }

  private static String digest(String objective) {
    return TrainingLoop.run(prepared(objective), LoopListener.NONE).committed().digest();
  }

  @Test
  void run_objectiveThatIsCrossEntropy_takesTheOperationsOfTheEngineAndItsBits() {
    assertThat(digest("own-cross-entropy")).isEqualTo(digest("cross-entropy"));
  }

  @Test
  void run_objectiveThatDoesNotSaySo_takesItsGradient() {
    assertThatThrownBy(() -> digest("{ kind = own-cross-entropy, says-so = false }"))
        .isInstanceOf(PluginException.class)
        .hasMessageEndingWith("the gradient was computed in plain Java");
  }

  @Test
  void prepare_smoothingOutOfRange_isRefusedAndNamesTheClass() {
    assertThatThrownBy(() -> prepared("{ kind = own-cross-entropy, smoothing = 1 }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("objective 'own-cross-entropy' (class %s)", Own.class.getName())
        .hasMessageContaining("must be at least 0 and below 1: smoothing=1.0");
  }
}
