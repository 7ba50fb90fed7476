package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.EvaluationPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SparseModelTest {
  private static final int EXAMPLES = 20;
  private static final int CLASSES = 10;

  @TempDir private Path directory;

  /** A run and its dense file; the sparse one is beside it. */
  private record Trained(PreparedRun run, EvaluationPart tested, Path dense) {
    float[] raw(int from, int count) {
      Examples test = run.dataset().test();
      float[] raw = new float[count * test.features()];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = test.raw(from + i / test.features(), i % test.features());
      }
      return raw;
    }

    LoadedModel load() throws IOException {
      return ModelFile.read(dense).load(run.config());
    }
  }

  private Trained trained(String more) throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "sparse.conf",
                """
                name = sparse, seed = 4
                data { kind = digits, batch-size = 48 }
                train.epochs = 2
                prune { sparsity = 80%, schedule { kind = one-shot, begin = 10% } }
                """
                    + more,
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path dense = directory.resolve("dense.safetensors");
    ModelFile.write(dense, run, finished.committed(), recipe.text());
    Safetensors packed = SparseFile.packed(dense, Safetensors.read(dense));
    Safetensors.write(sparse(), packed.tensors(), packed.metadata());
    return new Trained(run, finished.test(), dense);
  }

  private Path sparse() {
    return directory.resolve("sparse.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model { kind = mlp, hidden = [40, 24] }",
        "model { kind = resnet-8, width = 8 }",
        "model { kind = mobilenet, width = 4 }"
      })
  void predict_ofASparseFile_givesTheLogitsOfTheEngine(String network) throws IOException {
    // given
    Trained trained = trained(network);
    Examples test = trained.run().dataset().test().select(IntStream.range(0, EXAMPLES).toArray());
    float[] expected = trained.load().infer(inference -> inference.logits(test));

    // when
    float[] together = SparseModel.read(sparse(), EXAMPLES).predict(trained.raw(0, EXAMPLES));
    SparseModel single = SparseModel.read(sparse(), 1);

    // then
    double largest = 0;
    for (float logit : expected) {
      largest = Math.max(largest, Math.abs(logit));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(together[i] - (double) expected[i])).isLessThan(1e-5 * largest);
    }
    for (int row = 0; row < EXAMPLES; row++) {
      assertThat(single.predict(trained.raw(row, 1)))
          .isEqualTo(Arrays.copyOfRange(together, row * CLASSES, (row + 1) * CLASSES));
    }
    assertThat(SparseModel.read(trained.dense(), EXAMPLES).predict(trained.raw(0, EXAMPLES)))
        .isEqualTo(together);
  }

  @Test
  void load_ofARunThatTrainedSparse_evaluatesToItsBits() throws IOException {
    String network = "model { kind = mlp, hidden = [40, 24] }\n";
    Trained trained = trained(network + "train.execution = java, prune.schedule.begin = 0");

    LoadedModel ofRun = trained.load();

    assertThat(ofRun.execution()).isEqualTo(Execution.JAVA);
    PreparedRun run = trained.run();
    assertThat(ModelFile.read(sparse()).load(run.config()).evaluate(run.dataset()))
        .isEqualTo(ofRun.evaluate(run.dataset()))
        .isEqualTo(trained.tested());
  }

  @Test
  void load_withoutAChoice_takesKeptWeightsForASparseFileOnly() throws IOException {
    Trained trained = trained("model { kind = mlp, hidden = [40, 24] }");
    LoadedModel sparse = ModelFile.read(sparse()).load(trained.run().config());

    assertThat(trained.load().execution()).isEqualTo(Execution.ENGINE);
    assertThat(sparse.execution()).isEqualTo(Execution.JAVA);
  }

  @Test
  void predict_wrongInputs_areRefused() throws IOException {
    trained("model { kind = mlp, hidden = [40, 24] }");
    SparseModel model = SparseModel.read(sparse(), 2);

    for (int values : new int[] {0, 63, 65, 192}) {
      assertThatThrownBy(() -> model.predict(new float[values]))
          .hasMessage("inputs must be from 1 to 2 whole examples of 64 values: values=%d", values);
    }
    assertThatThrownBy(() -> SparseModel.read(sparse(), 0))
        .hasMessage("a batch must have 1 example or more: batch=0");
  }

  @Test
  void read_filesWithoutTheNetworkOrWithOtherTensors_areRefused() throws IOException {
    trained("model { kind = mlp, hidden = [40, 24] }");
    Safetensors file = Safetensors.read(sparse());
    Map<String, String> old = new HashMap<>(file.metadata());
    old.remove("network");
    Safetensors.write(directory.resolve("old"), file.tensors(), old);
    Map<String, StoredTensor> less = new HashMap<>(file.tensors());
    less.remove("fc1.bias");
    Safetensors.write(directory.resolve("less"), less, file.metadata());

    assertThatThrownBy(() -> SparseModel.read(directory.resolve("old"), 1))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("must describe its network");
    assertThatThrownBy(() -> SparseModel.read(directory.resolve("less"), 1))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("missing fc1.bias [40]");
  }
}
