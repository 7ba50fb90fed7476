package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.DataFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final String RECIPE =
      """
      name = "small"
      data { kind = digits, batch-size = 32 }
      model { kind = resnet-8, width = 4 }
      train { epochs = 3, trainers = 2, sync-every = 5, learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 0.9, schedule { kind = one-shot, begin = 50% }, mask { kind = hard } }
      """;
  private static ResolvedRecipe recipe;
  private static PreparedRun run;
  private static FinishedRun finished;

  @TempDir private Path directory;

  @BeforeAll
  static void train() {
    recipe = new RecipeLoader().parse("small.conf", RECIPE, List.of());
    run = SampleRuns.prepare(recipe.config());
    finished = TrainingLoop.run(run, LoopListener.NONE);
  }

  @Test
  void write_normalization_isInAFixedOrder() throws IOException {
    Map<String, String> metadata = Safetensors.read(written()).metadata();

    assertThat(metadata.get("normalization")).startsWith("{\"mean\":[").contains("],\"standard");
  }

  @Test
  void evaluate_fileAlone_givesTheBitsOfTheRunsOwnEvaluation() throws IOException {
    StoredModel stored = ModelFile.read(written());
    RunConfig config =
        new RecipeLoader()
            .parse("stored", stored.description().origin().recipe(), List.of())
            .config();

    LoadedModel model = stored.load(config);

    assertThat(model.evaluate(run.dataset())).isEqualTo(finished.test());
    assertThat(finished.test().accuracy()).isGreaterThan(0.2);
  }

  @Test
  void read_afterWrite_describesRunDataAndMasks() throws IOException {
    ModelDescription description = ModelFile.read(written()).description();

    assertThat(description.origin().codeVersion()).isEqualTo(CodeVersion.current());
    assertThat(description.origin().recipe()).isEqualTo(recipe.text());
    assertThat(description.origin().model()).isEqualTo("resnet-8");
    assertThat(description.origin().data()).isEqualTo("digits");
    assertThat(description.origin().dataDigest()).isEqualTo(run.dataset().digest());
    assertThat(description.format().columns()).isEmpty();
    assertThat(description.format().classNames()).isEqualTo(run.dataset().classNames()).hasSize(10);
    assertThat(description.format().normalization()).isEqualTo(run.dataset().normalization());
    assertThat(description.format().input()).isEqualTo(new ImageShape(1, 8, 8));
    assertThat(description.maskVersion()).isEqualTo(1);
    assertThat(description.sparsity()).isEqualTo(masks().sparsity());
  }

  @Test
  void write_ofPrunedNetwork_storesEveryParameterWithExactZeros() throws IOException {
    Safetensors file = Safetensors.read(written());

    assertThat(file.tensors().keySet())
        .containsExactlyElementsOf(
            run.network().parameters().stream().map(each -> each.id().name()).toList());
    for (ParameterId id : masks().parameters()) {
      float[] values = file.tensor(id.name()).orElseThrow().toFloatArray();
      for (int unit = 0; unit < values.length; unit++) {
        boolean stored = Float.floatToRawIntBits(values[unit]) != 0;
        assertThat(stored).as(id + " " + unit).isEqualTo(masks().mask(id).isKept(unit));
      }
    }
  }

  @Test
  void summaries_ofModel_countZerosPerParameter() throws IOException {
    List<TensorSummary> summaries = TensorSummary.of(Safetensors.read(written()));

    assertThat(summaries).hasSameSizeAs(run.network().parameters());
    for (ParameterId id : masks().parameters()) {
      TensorSummary summary =
          summaries.stream()
              .filter(each -> each.name().equals(id.name()))
              .findFirst()
              .orElseThrow();
      assertThat(summary.zeros()).isEqualTo(masks().mask(id).pruned());
      assertThat(summary.bytes()).isEqualTo(4L * masks().mask(id).size());
    }
  }

  @Test
  void load_ofTensorsThatDoNotFit_listsAllAtOnce() throws IOException {
    Path path =
        rewritten(
            tensors -> {
              tensors.remove("output.bias");
              tensors.put("output.weight", StoredTensor.ofFloats(List.of(2, 3), new float[6]));
              tensors.put("extra", StoredTensor.ofFloats(List.of(1), new float[1]));
            });

    assertThatThrownBy(() -> ModelFile.read(path).load(recipe.config()))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("tensors must be those of resnet-8")
        .hasMessageContaining("missing output.bias [10]")
        .hasMessageContaining("output.weight is F32 [2, 3], not F32 [10, 16]")
        .hasMessageContaining("unknown extra [1]");
  }

  @Test
  void read_ofForeignFile_saysSoAndItsTensorsCanBeInspected() throws IOException {
    Path path = directory.resolve("foreign.safetensors");
    StoredTensor tensor = StoredTensor.ofFloats(List.of(2, 2), new float[] {0, 1, -0f, 2});
    Safetensors.write(path, Map.of("w", tensor), Map.of("format", "pt"));

    assertThatThrownBy(() -> ModelFile.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("must have the metadata of an Espalier model")
        .hasMessageContaining("format=pt");
    assertThat(TensorSummary.of(Safetensors.read(path)))
        .containsExactly(new TensorSummary("w", StoredTensor.Type.F32, List.of(2, 2), 4, 2, 16));
  }

  @Test
  void read_ofBrokenMetadata_namesIt() throws IOException {
    Path path = directory.resolve("broken.safetensors");
    Safetensors file = Safetensors.read(written());
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("classNames", "[1, ");
    Safetensors.write(path, file.tensors(), metadata);

    assertThatThrownBy(() -> ModelFile.read(path))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("name=classNames");
  }

  @Test
  void load_weightThatIsNotANumber_namesItsTensor() throws IOException {
    Path path = directory.resolve("nan.safetensors");
    Safetensors file = Safetensors.read(written());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
    StoredTensor weight = Objects.requireNonNull(tensors.get("output.weight"));
    float[] values = weight.toFloatArray();
    values[3] = Float.NaN;
    tensors.put("output.weight", StoredTensor.ofFloats(weight.dimensions(), values));
    Safetensors.write(path, tensors, file.metadata());
    StoredModel stored = ModelFile.read(path);

    assertThatThrownBy(() -> stored.load(recipe.config()))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("output.weight has values that are not finite numbers");
  }

  @Test
  void evaluate_dataNormalisedOtherwise_usesTheStoredNormalization() throws IOException {
    Dataset data = run.dataset();
    Examples skewed = data.test().normalisedBy(new Normalization(List.of(5.0), List.of(0.1)));
    Dataset elsewhere =
        new Dataset(
            data.name(),
            data.train(),
            skewed,
            new DataFormat(data.input(), data.columns(), data.classNames(), data.normalization()),
            data.digest());

    assertThat(ModelFile.read(written()).load(recipe.config()).evaluate(elsewhere))
        .isEqualTo(finished.test());
  }

  @Test
  void evaluate_dataOfOtherClasses_isRefused() throws IOException {
    Dataset data = run.dataset();
    Dataset other =
        new Dataset(
            data.name(),
            data.train(),
            data.test(),
            new DataFormat(
                data.input(),
                data.columns(),
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
                data.normalization()),
            data.digest());
    LoadedModel model = ModelFile.read(written()).load(recipe.config());

    assertThatThrownBy(() -> model.evaluate(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, b, c");
  }

  private static MaskSet masks() {
    return finished.committed().masks().masks();
  }

  private Path written() throws IOException {
    Path path = directory.resolve("model.safetensors");
    ModelFile.write(path, run, finished.committed(), recipe.text());
    return path;
  }

  private Path rewritten(Consumer<Map<String, StoredTensor>> change) throws IOException {
    Safetensors file = Safetensors.read(written());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
    change.accept(tensors);
    Path path = directory.resolve("changed.safetensors");
    Safetensors.write(path, tensors, file.metadata());
    return path;
  }
}
