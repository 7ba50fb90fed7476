package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A user's objective of blocks, as a recipe names it. */
class PluginBlocksTest {
  /** Draws what blocks give towards 0, or has a fault. */
  public static final class Own implements ObjectiveProvider {
    @Override
    public String name() {
      return "own-blocks";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.text("fault", "none");
    }

    @Override
    public boolean trainsBlocks() {
      return true;
    }

    @Override
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      return new Shrinking(new CrossEntropy(0), settings.text("fault"));
    }
  }

  private record Shrinking(CrossEntropy labels, String fault) implements Objective {
    @Override
    public double gradient(
        float[] logits, int[] of, int classes, ObjectiveInputs taps, float[] gradient) {
      return labels.gradient(logits, of, classes, taps, gradient);
    }

    @Override
    public Optional<OfBlocks> blocks() {
      return fault.equals("none of blocks") ? Optional.empty() : Optional.of(this::shrink);
    }

    private double shrink(List<BlockValues> blocks, ObjectiveInputs taps, List<float[]> gradients) {
      double loss = 0;
      for (int block = 0; block < blocks.size(); block++) {
        float[] given = blocks.get(block).given();
        int last = fault.equals("gap") ? given.length - 1 : given.length;
        for (int i = 0; i < last; i++) {
          loss += (double) given[i] * given[i] / given.length;
          gradients.get(block)[i] = 2 * given[i] / given.length;
        }
      }
      return loss;
    }
  }

  private static PreparedRun prepared(String fault, int epochs) {
    String recipe =
        """
        data { kind = digits, batch-size = 32, validation = 10%% }
        model { kind = tiny-vit, patch = 2, layers = 2, features = 8, heads = 2, hidden = 8 }
        train { epochs = %d, trainers = 2, sync-every = 5 }
        train.optimizer { kind = adam, weight-decay = 0.01 }
        train { learning-rate.initial = 0.01, objective { kind = own-blocks, fault = "%s" } }
        prune { sparsity = 50%%, exclude = ["patches.*", "positions.*", "output.*"], schedule { kind = one-shot } }
        """;
    return PreparedRun.of(
        new RecipeLoader().parse("my.conf", recipe.formatted(epochs, fault), List.of()).config(),
        DataHome.of(Path.of("no-home")));
  }

  private static Committed run(String fault, int epochs) {
    return TrainingLoop.run(prepared(fault, epochs), LoopListener.NONE).committed();
  }

  @Test
  void run_ofOnesOwnObjective_trainsNothingButBlocksAndRepeats() {
    Committed begun = run("none", 0);
    Committed trained = run("none", 2);

    List<ParameterSpec> parameters = prepared("none", 0).network().parameters();
    for (int p = 0; p < parameters.size(); p++) {
      ParameterSpec parameter = parameters.get(p);
      if (parameter.id().name().matches("block.*up.weight")) {
        assertThat(trained.state().values(p, 0)).isNotEqualTo(begun.state().values(p, 0));
      } else if (!parameter.id().name().startsWith("block")) {
        assertThat(trained.state().values(p, 0))
            .as(parameter.id().name())
            .containsExactly(begun.state().values(p, 0));
      }
    }
    assertThat(run("none", 2).digest()).isEqualTo(trained.digest());
  }

  @Test
  void run_valueWithoutASlope_endsAndNamesTheCode() {
    assertThatThrownBy(() -> run("gap", 2))
        .isInstanceOf(PluginException.class)
        .hasMessageStartingWith(
            "objective 'own-blocks' (class %s) must give every value of a block a finite gradient"
                    .formatted(Own.class.getName())
                + " where the loss is finite: value=");
  }

  @Test
  void prepare_objectiveThatTrainsNoBlocks_isRefused() {
    assertThatThrownBy(() -> prepared("none of blocks", 2))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "train.objective: objective 'own-blocks' (class %s) must train blocks where its provider"
                + " says so, and there only: trainsBlocks=true",
            Own.class.getName());
  }
}
