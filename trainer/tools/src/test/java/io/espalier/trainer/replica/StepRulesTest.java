package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.step.Step;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.step.StepRuleContext;
import io.espalier.trainer.step.StepRuleProvider;
import io.espalier.trainer.step.TrainedParameter;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Step rules of a user's, around real steps. */
class StepRulesTest {
  private static final double RHO = 0.1;

  @TempDir private Path directory;

  /** Rules by name: what a rule may do, and what it must not. */
  public static final class Acting implements StepRuleProvider {
    @Override
    public String name() {
      return "acting";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.text("act", "sharpness").number("rho", RHO);
    }

    @Override
    public StepRule create(MemberSettings settings, StepRuleContext context) {
      return switch (settings.text("act")) {
        case "sharpness" -> new Sharpness(settings.number("rho"));
        case "revive" ->
            new StepRule() {
              @Override
              public void afterUpdate(Step step) {
                FloatBuffer weight = step.parameters().get(0).weight();
                weight.put(0, weight.get(0) + 1);
                weight.put(11, weight.get(11) + 1);
              }
            };
        case "throw" ->
            new StepRule() {
              @Override
              public void afterBackward(Step step) {
                throw new IllegalStateException("no licence");
              }
            };
        default ->
            new StepRule() {
              @Override
              public int passes() {
                return 0;
              }
            };
      };
    }
  }

  /** Climbs to the weights {@code w + ρ g / ‖g‖} of kept units, whose gradient the step takes. */
  private static final class Sharpness implements StepRule {
    private final double rho;
    private final List<float[]> start = new ArrayList<>();

    private Sharpness(double rho) {
      this.rho = rho;
    }

    @Override
    public int passes() {
      return 2;
    }

    @Override
    public void afterBackward(Step step) {
      if (step.pass() == 1) {
        for (int p = 0; p < start.size(); p++) {
          step.parameters().get(p).weight().put(0, start.get(p));
        }
        start.clear();
        return;
      }
      double norm = Math.sqrt(step.parameters().stream().mapToDouble(Sharpness::squares).sum());
      for (TrainedParameter each : step.parameters()) {
        FloatBuffer weight = each.weight();
        float[] before = new float[weight.limit()];
        weight.get(0, before);
        start.add(before);
        for (int unit = 0; unit < before.length; unit++) {
          if (counts(each, unit)) {
            weight.put(unit, (float) (before[unit] + rho / norm * each.gradient().get(unit)));
          }
        }
      }
    }

    private static double squares(TrainedParameter each) {
      double squares = 0;
      for (int unit = 0; unit < each.weight().limit(); unit++) {
        double slope = counts(each, unit) ? each.gradient().get(unit) : 0;
        squares += slope * slope;
      }
      return squares;
    }

    private static boolean counts(TrainedParameter each, int unit) {
      return each.kept().isEmpty() || each.kept().get().isKept(unit);
    }
  }

  private static MemberSettings acting(String act, double rho) {
    return MemberSettings.of("acting").with("act", act).with("rho", rho);
  }

  private PreparedRun toy() {
    return Toy.run(
        directory, SampleRuns.HARD, Toy.AT_FIVE, 12, 4, new OptimizerConfig.Sgd(0, 0), 0.5);
  }

  @Test
  void rule_ofTwoPasses_stepsByTheGradientOfTheWeightsThatItMoved() {
    PreparedRun run = Toy.with(toy(), acting("sharpness", RHO));
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] mask = Values.of(step.mask());
      double[] weight = Regression.product(step.before().weight, mask);
      double[] bias = Values.inDouble(step.before().bias);
      double[] slope = oracle.slope(weight, bias, 0);
      double squares = 0;
      for (int i = 0; i < slope.length; i++) {
        slope[i] *= i < mask.length ? mask[i] : 1;
        squares += slope[i] * slope[i];
      }
      double[] moved = weight.clone();
      double[] movedBias = bias.clone();
      for (int i = 0; i < slope.length; i++) {
        double by = RHO * slope[i] / Math.sqrt(squares);
        (i < mask.length ? moved : movedBias)[i < mask.length ? i : i - mask.length] += by;
      }
      double[] sharp = oracle.slope(moved, movedBias, 0);

      assertThat(step.outcome().loss()).isCloseTo(oracle.loss(weight, bias, 0), within(1e-5));
      for (int i = 0; i < weight.length; i++) {
        assertThat((double) step.after().weight[i])
            .isCloseTo(weight[i] - Toy.RATE * mask[i] * sharp[i], within(1e-5));
      }
      for (int i = 0; i < bias.length; i++) {
        assertThat((double) step.after().bias[i])
            .isCloseTo(bias[i] - Toy.RATE * sharp[mask.length + i], within(1e-5));
      }
    }
  }

  /** Norm statistics, too: they are those of the first pass. */
  @Test
  void rule_ofTwoPassesThatMovesNothing_leavesTheBitsOfARunWithout() {
    PreparedRun plain =
        SampleRuns.prepared(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.SOFT, 2, 2);

    assertThat(digest(Toy.with(plain, acting("sharpness", 0)))).isEqualTo(digest(plain));
    assertThat(digest(Toy.with(plain, acting("sharpness", 0.05)))).isNotEqualTo(digest(plain));
  }

  @Test
  void rule_thatWritesPrunedWeights_doesNotReviveThem() {
    Trace trace = Trace.of(Toy.with(toy(), acting("revive", 0)));

    for (Trace.Step step : trace.steps()) {
      for (int unit = 0; unit < 12; unit++) {
        if (!step.mask().isKept(unit)) {
          assertThat(Values.isZero(step.after().weight[unit])).isTrue();
        }
      }
    }
    assertThat(trace.steps().get(0).after().weight[0])
        .isGreaterThan(trace.steps().get(0).before().weight[0] + .5f);
    assertThat(trace.steps()).anySatisfy(step -> assertThat(step.mask().pruned()).isEqualTo(6));
  }

  @Test
  void rule_thatThrows_endsTheRunAndIsNamed() {
    PreparedRun run = Toy.with(toy(), acting("throw", 0));

    assertThatThrownBy(() -> Trace.of(run))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "step rule 'acting' (class %s) failed to act on gradients at step 0:"
                + " java.lang.IllegalStateException: no licence",
            Acting.class.getName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sharpness, sharpness | rules must be such that one of them takes several passes, because"
            + " each begins with the weights that another moved: rules=[acting, acting]; leave one"
            + " of them",
        "none, sharpness | step rule 'acting' (class %s) must take from 1 to 16 passes: passes=0",
      })
  void prepare_rulesThatCannotRun_areRefused(String acts, String problem) {
    String[] each = acts.split(", ", -1);
    PreparedRun toy = toy();

    assertThatThrownBy(() -> Toy.with(toy, acting(each[0], RHO), acting(each[1], RHO)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("train.rules: " + problem.formatted(Acting.class.getName()));
  }

  private static String digest(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }
}
