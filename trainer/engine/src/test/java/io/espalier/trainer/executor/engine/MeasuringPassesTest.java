package io.espalier.trainer.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The passes over a batch that the statistics of an update take. */
class MeasuringPassesTest {
  @TempDir private Path directory;

  /** What one update of a small language model runs. */
  private List<MeasuringPass> passes(String prune) throws IOException {
    Path text = directory.resolve("text");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(12));
    String recipe =
        """
        name = "passes", data { kind = text, path = "%s", context = 8, batch-size = 8 }
        model { kind = char-lm, layers = 2, features = 8, heads = 2 }
        train { epochs = 1 }
        prune { sparsity = 20%%, schedule { kind = one-shot, begin = 50%% }, %s }
        """
            .formatted(text, prune);
    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("p.conf", recipe, List.of()).config());
    List<StatisticRequest> requests =
        StatisticRequests.of(run.config().prune(), run.config().seed())
            .of(run.plan().updates().get(0), run.denseMasks().masks());
    Counted counted = new Counted();
    try (NDManager manager = TensorEngine.newManager()) {
      Batch batch = new Batch(run.network().input(), 1);
      new Measurement(
              new EngineNetwork(run, manager, Map.of()),
              run.observedLayers(),
              counted,
              (of, how) -> {
                counted.passes.add(how);
                return new float[0];
              },
              () -> {})
          .measure(
              requests,
              IntStream.range(0, run.prunable().size()).boxed().toList(),
              step -> batch,
              0);
    }
    return counted.passes;
  }

  private static final class Counted implements MeasuringPass.Runner {
    private final List<MeasuringPass> passes = new ArrayList<>();

    @Override
    public void run(Batch batch, MeasuringPass how, Consumer<MeasuringPass.Copies> read) {
      passes.add(how);
    }

    @Override
    public void flow(Runnable read) {
      passes.add(MeasuringPass.GRADIENTS);
    }

    @Override
    public List<float[]> relevance(Batch batch) {
      passes.add(MeasuringPass.GRADIENTS);
      return List.of();
    }
  }

  @Test
  void measure_forCfsp_takesOneForwardPassOfEachBatch() throws IOException {
    List<MeasuringPass> passes =
        passes(
            "granularity = channel, exclude = [\"tokens.*\"],"
                + " score { kind = attention-maps, batches = 5 },"
                + " allocation { kind = cfsp, batches = 5 }");

    assertThat(passes).hasSize(5);
    assertThat(passes)
        .allSatisfy(
            pass -> {
              assertThat(pass.gradients()).isFalse();
              assertThat(pass.inputs()).isTrue();
              assertThat(pass.nodes()).hasSize(3);
            });
  }

  /** One for the inputs, and one for the gradients of both blocks. */
  @Test
  void measure_forGradientsOfBlocks_takesOnePassMoreOfEachBatch() throws IOException {
    List<MeasuringPass> passes = passes("score { kind = wanda-regional, batches = 2 }");

    assertThat(passes.stream().map(pass -> pass.units().size())).containsExactly(0, 2, 0, 2);
    assertThat(passes("score { kind = wanda-regional, batches = 2, region = layer }")).hasSize(2);
  }
}
