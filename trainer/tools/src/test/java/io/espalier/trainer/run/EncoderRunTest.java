package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Someone else's encoder of text, with a head, on texts of two classes. */
class EncoderRunTest {
  private static final int EXAMPLES = 10;

  @TempDir private Path directory;

  private ResolvedRecipe recipe(String head) throws IOException {
    Path encoder = directory.resolve("encoder.onnx");
    Path texts = directory.resolve("texts.csv");
    if (!Files.exists(encoder)) {
      try (InputStream in =
          Objects.requireNonNull(
              EncoderRunTest.class.getResourceAsStream("/encoders/bert14.onnx"))) {
        Files.copy(in, encoder);
      }
      StringBuilder rows = new StringBuilder("text,class\n");
      for (int i = 0; i < 120; i++) {
        boolean even = i % 2 == 0;
        rows.append(even ? "ab" : "ef").append("cd".repeat(i % 3));
        rows.append(even ? ",first\n" : ",second\n");
      }
      Files.writeString(texts, rows);
    }
    return new RecipeLoader()
        .parse(
            "encoder.conf",
            """
            name = "encoder"
            data { kind = labelled-text, path = "%s", text = text, label = class, context = 7, batch-size = 16 }
            model { kind = onnx, file = "%s", head = %s }
            train {
              epochs = 6, trainers = 2, sync-every = 2, optimizer = adam
              learning-rate { kind = constant, initial = 0.004 }
            }
            prune {
              sparsity = 30%%, schedule { updates = 3 }
              granularity { kind = channel, budget = macs, cut = live, settle = 2 }
            }
            """
                .formatted(texts, encoder, head),
            List.of());
  }

  private record Sync(Committed committed, Traffic traffic) {}

  @Test
  void run_ofAnEncoderWithAHead_learnsLosesHeadsAndNeuronsAndLeaves() throws IOException {
    // Given
    ResolvedRecipe recipe = InitialValues.pinned(recipe("linear"));
    PreparedRun run = SampleRuns.prepare(recipe.config());
    List<Sync> syncs = new ArrayList<>();

    // When
    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic traffic) {
                syncs.add(new Sync(outcome.committed(), traffic));
              }
            });

    // Then it starts from the file's values, and is cut while it learns
    Network left = finished.committed().run().network();
    assertThat(InitialValues.of(recipe.config(), run.network()).get(0)).hasSize(50 * 12);
    assertThat(left.macs()).isLessThan(run.network().macs() * 3 / 4);
    assertThat(left.shapeOf("tok")).hasToString("12×7");
    assertThat(finished.test().accuracy()).isGreaterThan(0.8);

    // And an interrupted run ends with the same bits, before and after cuts
    for (int i : new int[] {1, syncs.size() * 2 / 3}) {
      FinishedRun resumed =
          TrainingLoop.resume(
              run, syncs.get(i).committed(), syncs.get(i).traffic(), LoopListener.NONE);
      assertThat(resumed.committed().digest()).isEqualTo(finished.committed().digest());
    }

    // And ONNX Runtime agrees with the model file alone
    Path written = directory.resolve("model.safetensors");
    ModelFile.write(written, run, finished.committed(), recipe.text());
    Files.delete(directory.resolve("encoder.onnx"));
    requireSameLogits(ModelFile.read(written).load(recipe.config()), run.dataset().test());
  }

  private static void requireSameLogits(LoadedModel model, Examples test) {
    int[] some = IntStream.range(0, EXAMPLES).toArray();
    Examples examples = test.select(some);
    float[] expected = model.infer(inference -> inference.logits(examples));
    float[] inputs = new float[EXAMPLES * examples.features()];
    examples.fill(some, 0, EXAMPLES, inputs, new int[EXAMPLES]);

    try (OnnxNetwork runtime = OnnxNetwork.load(OnnxExport.of(model).bytes())) {
      assertThat(runtime.run(inputs)).containsExactly(expected, within(1e-4f));
    }
  }

  @Test
  void prepare_aHead_isDrawnAndTheRestIsTheFiles() throws IOException {
    RunSeed one = seeded(1);
    RunSeed other = seeded(2);

    assertThat(one.values("head.weight")).isNotEqualTo(other.values("head.weight"));
    assertThat(one.values("tok.weight")).isEqualTo(other.values("tok.weight"));
  }

  private record RunSeed(Network network, List<float[]> all) {
    float[] values(String name) {
      return all.get(
          IntStream.range(0, all.size())
              .filter(i -> network.parameters().get(i).id().equals(new ParameterId(name)))
              .findFirst()
              .orElseThrow());
    }
  }

  private RunSeed seeded(int seed) throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader().parse("encoder.conf", recipe("linear").text(), List.of("seed=" + seed));
    Network network = SampleRuns.prepare(recipe.config()).network();
    return new RunSeed(network, InitialValues.of(recipe.config(), network));
  }

  @Test
  void prepare_withoutAHead_saysWhatIsMissing() {
    assertThatThrownBy(() -> SampleRuns.prepare(recipe("none").config()))
        .hasMessageContaining("its output must be one value per class of the data: output=[7, 12]")
        .hasMessageContaining("model.head = linear");
  }
}
