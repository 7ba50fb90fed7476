package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.configs.recipe.ResumeOverrides;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.LearningRate;
import io.espalier.trainer.prepare.LearningRateProvider;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.update.OptimizerProvider;
import io.espalier.trainer.update.UpdateRule;
import io.espalier.trainer.update.Updated;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimizers and learning rates of a user's: what they may do, and what they must not. */
class PluginOptimizerTest {
  @TempDir private Path directory;

  /** Descent, or what {@code act} says. */
  public static final class Acting implements OptimizerProvider {
    @Override
    public String name() {
      return "acting-optimizer";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.name("act", "descend");
    }

    @Override
    public boolean isElementwise(MemberSettings settings) {
      return !settings.text("act").equals("trust");
    }

    @Override
    public UpdateRule create(MemberSettings settings) {
      return new Rule(settings.text("act"));
    }
  }

  private record Rule(String act) implements UpdateRule {
    @Override
    public int moments() {
      return act.equals("remember") ? 9 : 0;
    }

    @Override
    public UpdateRule withoutMomentum() {
      return this;
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      if (act.equals("throw")) {
        throw new IllegalStateException("no licence");
      }
      double trust = act.equals("trust") ? norm(of.values(), of.count()) : 1;
      double moved = act.equals("revive") ? 1 : 0;
      for (int i = 0; i < of.count(); i++) {
        double step = act.equals("break") ? Float.NaN : trust * of.gradient()[i] * (float) -rate;
        of.values()[i] += (float) (step + moved);
      }
    }

    @Override
    public boolean isElementwise() {
      return !act.equals("hide");
    }

    /** Towards 1 in place of 0. */
    @Override
    public void decay(Updated of, double decay, double rate) {
      if (!act.equals("decay-to-one")) {
        UpdateRule.super.decay(of, decay, rate);
        return;
      }
      for (int i = 0; i < of.count(); i++) {
        of.gradient()[i] += (float) (decay * (of.values()[i] - 1));
      }
    }

    private static double norm(float[] values, int count) {
      double squares = 0;
      for (int i = 0; i < count; i++) {
        squares += (double) values[i] * values[i];
      }
      return Math.sqrt(squares);
    }
  }

  /** One rate, which need be none. */
  public static final class Rate implements LearningRateProvider {
    @Override
    public String name() {
      return "given-rate";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("first", 0.05).number("later", 0.05);
    }

    @Override
    public LearningRate create(MemberSettings settings, long totalSteps, long stepsPerEpoch) {
      return step -> settings.number(step == 0 ? "first" : "later");
    }
  }

  @Test
  void ownDescent_byAnOwnRate_givesTheBitsOfTheBuiltInOnes() {
    String own =
        """
        train.optimizer { kind = acting-optimizer, weight-decay = 1e-3 }
        train.learning-rate = given-rate
        """;
    String builtIn =
        """
        train.optimizer { kind = sgd, momentum = 0, weight-decay = 1e-3 }
        train.learning-rate { kind = constant, initial = 0.05 }
        """;

    assertThat(train(own).state().prunableWeights())
        .usingRecursiveComparison()
        .isEqualTo(train(builtIn).state().prunableWeights());
  }

  @Test
  void ownOptimizer_thatLooksAtWholeTensors_seesAllOfThem() {
    Optimizer optimizer =
        Optimizer.of(
            new OptimizerConfig.Custom(settings("trust"), 0),
            HiddenWeights.PLAIN,
            Optional.empty());
    int size = 2 * ParameterSlice.SIZE + 100;
    float[] weights = new float[size];
    float[] slopes = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = 1 + i % 5;
      slopes[i] = i % 3 - 1;
    }
    double norm = Rule.norm(weights, size);
    float[] before = weights.clone();
    Tensor large = Tensor.of(optimizer, weights);
    Tensor small = Tensor.of(optimizer, 3, 4);

    optimizer.step(List.of(large.with(slopes), small.with(1, 0)), 0, 0.001);

    assertThat(small.weights()).containsExactly(new float[] {2.995f, 4}, within(1e-6f));
    for (int i = 0; i < size; i++) {
      assertThat((double) large.weights()[i])
          .isCloseTo(before[i] - 0.001 * norm * slopes[i], within(1e-5));
    }
  }

  @Test
  void ownOptimizer_thatDecaysInItsOwnWay_doesSo() {
    Optimizer optimizer =
        Optimizer.of(
            new OptimizerConfig.Custom(settings("decay-to-one"), 0.5),
            HiddenWeights.PLAIN,
            Optional.empty());
    Tensor tensor = Tensor.of(optimizer, 3, -1);

    optimizer.step(List.of(tensor.with(0, 1)), 0, 0.1);

    assertThat(tensor.weights()).containsExactly(new float[] {2.9f, -1}, within(1e-6f));
  }

  @Test
  void ownRate_hasNoLargestRate() {
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "own",
                "data.kind = digits\nmodel.kind = mlp\ntrain { epochs = 1, learning-rate = given-rate }",
                List.of());

    assertThat(ResumeOverrides.rate(recipe)).isEmpty();
  }

  @Test
  void ownOptimizer_thatMovesPrunedWeights_leavesThemAtZero() {
    Committed end = train("train.optimizer { kind = acting-optimizer, act = revive }");

    List<float[]> weights = end.state().prunableWeights();
    long zeros = 0;
    for (float[] each : weights) {
      for (float weight : each) {
        zeros += weight == 0 ? 1 : 0;
      }
    }
    assertThat(zeros).isEqualTo(end.masks().masks().total() - end.masks().masks().kept());
  }

  @Test
  void ownOptimizer_thatLooksAtWholeTensors_isRefusedSparse_andAutoStaysOnTheEngine() {
    String trust = "train.optimizer { kind = acting-optimizer, act = trust }\ntrain.execution = ";

    assertThatThrownBy(() -> prepare(trust + "java"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "execution must be engine with train.optimizer = acting-optimizer, because it has kept"
                + " weights only, and this optimizer looks at whole tensors: execution=\"java\";"
                + " leave train.execution away, or name another train.optimizer");
    assertThat(ExecutionDecision.measured(prepare(trust + "auto"), 0).times()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remember | must have from 0 to 8 moments: moments=9",
        "throw | failed to update weights at step 0: java.lang.IllegalStateException: no licence",
        "hide | must say by isElementwise of the provider that it looks at whole tensors, as its rule does: isElementwise=true",
        "break | must leave weights finite, at a lower train.learning-rate perhaps: value=NaN"
      })
  void ownOptimizer_withAMistake_endsTheRunByItsName(String act, String rule) {
    assertThatThrownBy(() -> train("train.optimizer { kind = acting-optimizer, act = " + act + "}"))
        .isInstanceOfAny(InvalidConfigException.class, PluginException.class)
        .hasMessageContaining(
            "optimizer 'acting-optimizer' (class %s) %s".formatted(Acting.class.getName(), rule));
  }

  @Test
  void ownRate_thatIsNone_isRefusedAtOnceOrEndsTheRun() {
    String named = "learning rate 'given-rate' (class %s) ".formatted(Rate.class.getName());

    assertThatThrownBy(() -> prepare("train.learning-rate { kind = given-rate, first = -1 }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(named + "must give a finite rate of 0 or more: step=0, rate=-1.0");
    assertThatThrownBy(() -> train("train.learning-rate { kind = given-rate, later = -1 }"))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(named + "must give a finite rate of 0 or more: step=1, rate=-1.0");
  }

  private static MemberSettings settings(String act) {
    return MemberSettings.of("acting-optimizer").with("act", act);
  }

  private Committed train(String more) {
    return TrainingLoop.run(prepare(more), LoopListener.NONE).committed();
  }

  private PreparedRun prepare(String more) {
    String recipe =
        """
        data  { kind = digits, batch-size = 128 }
        model { kind = mlp, hidden = [16] }
        train { epochs = 1 }
        prune.sparsity = 50%
        """;
    return PreparedRun.of(
        new RecipeLoader().parse("own", recipe + more, List.of()).config(), DataHome.of(directory));
  }
}
