package io.espalier.trainer.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.Mask;
import io.espalier.masks.federated.HalfPrecision;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that run while they are pruned; a run's first update is the oracle. */
class CalibratedPrunerTest {
  private static final String MLP = "mlp, hidden = [16, 12]";
  private static final String RES_NET = "resnet-8, width = 2";

  /** Types of ONNX. */
  private static final int FLOAT = 1;

  private static final int FLOAT16 = 10;

  /** 256 examples are two batches. */
  private static final String REFITTED =
      "prune { score { kind = wanda, batches = 2 }, refit { kind = least-squares, batches = 2 } }";

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void train() throws IOException {
    train("mlp", MLP, 4);
    train("resnet", RES_NET, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { score { kind = wanda, batches = 2 }, selection = per-row, allocation = uniform }",
        "prune { score { kind = taylor, batches = 2 }, refit { kind = mean-folding, batches = 2 } }",
        "prune { score { kind = obs, batches = 1 }, allocation { kind = owl, batches = 2 },"
            + " refit { kind = least-squares, batches = 2 } }",
        "prune { score { kind = variance, batches = 2 }, granularity = column }",
        "prune { score { kind = kfac, batches = 2 }, sparsity = 40%,"
            + " granularity { kind = channel, cut = never } }",
        "prune { allocation { kind = rd, batches = 2, amounts = 10 } }",
        "prune { granularity = \"2:4\", score { kind = fisher, batches = 1 }, sparsity = 50% }",
        "prune { selection = connected, score = random, refit = rescale }"
      })
  void prune_model_keepsAndRefitsWhatTheFirstUpdateOfARunDoes(String keys) throws IOException {
    Path in = shared.resolve("mlp");

    calibrated(keys).prune(in, file("out"));

    assertSame(firstUpdate(MLP + ", weights = \"%s\"".formatted(in), keys), tensors(file("out")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune { score { kind = gblm, batches = 2 }, refit { kind = sparsegpt, batches = 1 } }",
        "prune { score { kind = lrp, batches = 2 }, refit { kind = norms, batches = 2 } }",
        "prune { score { kind = woodfisher, batches = 2 }, refit { kind = chita, batches = 2 },"
            + " allocation { kind = ecoflap, batches = 2, directions = 2 } }",
        "prune.allocation { kind = knapsack, macs = 45% }",
        "prune { score = batch-norm-scale, granularity { kind = channel, norm-scaling = share, cut = never },"
            + " sparsity = 40% }"
      })
  void prune_convolutionsAndNorms_isThatUpdateToo(String keys) throws IOException {
    Path in = shared.resolve("resnet");

    calibrated(keys).prune(in, file("out"));

    assertSame(
        firstUpdate(RES_NET + ", weights = \"%s\"".formatted(in), keys), tensors(file("out")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "resnet"})
  void prune_onnx_isThatUpdate_andNothingElseOfTheFileChanges(String name) throws IOException {
    String keys = REFITTED;
    Path in = file("in.onnx");
    export(shared.resolve(name), in);

    PrunedNetwork pruned = calibrated(keys).prune(in, file("out.onnx"));

    String before = "onnx, file = \"%s\"".formatted(in);
    String after = "onnx, file = \"%s\"".formatted(file("out.onnx"));
    Committed expected = firstUpdate(before, keys);
    Committed found = Committer.start(prepared(after, "prune.sparsity = 0")).committed();
    for (int i = 0; i < expected.run().stateLayout().entries().size(); i++) {
      assertThat(found.state().values(i, 0))
          .as(expected.run().stateLayout().entries().get(i).id().name())
          .isEqualTo(expected.state().values(i, 0));
    }
    assertThat(Files.size(file("out.onnx"))).isEqualTo(Files.size(in));
    assertThat(pruned.kept())
        .isEqualTo(expected.masks().masks().masks().stream().mapToLong(Mask::kept).sum());
  }

  @Test
  void prune_globs_leaveWeightsDense_asExcludeOfARecipe() throws IOException {
    Path in = shared.resolve("mlp");

    PrunedNetwork pruned =
        calibrated(REFITTED).excluding(List.of("output*")).prune(in, file("out"));

    assertSame(
        firstUpdate(
            MLP + ", weights = \"%s\"".formatted(in), REFITTED + ", prune.exclude = [\"output*\"]"),
        tensors(file("out")));
    assertThat(pruned.tensors())
        .extracting(PrunedTensor::name)
        .containsExactly("fc1.weight", "fc2.weight");
    assertThat(pruned.sparsity()).isBetween(.89, .9);
  }

  @Test
  void prune_methodsOfDefaultBatches_measureOnAllExamples_inTheOrderOfTheSeed() throws IOException {
    Path in = shared.resolve("mlp");
    String standard = "prune { score = wanda, refit = least-squares }";

    calibrated(REFITTED).prune(in, file("once"));
    calibrated(standard).prune(in, file("twice"));
    calibrated(standard + ", seed = 3").prune(in, file("other"));

    assertThat(Files.readAllBytes(file("once")))
        .isEqualTo(Files.readAllBytes(file("twice")))
        .isNotEqualTo(Files.readAllBytes(file("other")));
  }

  @Test
  void prune_rowsOfATable_needLabelsForGradientsAlone() throws IOException {
    List<String> rows = new ArrayList<>(List.of("a,b,y"));
    for (int i = 0; i < 300; i++) {
      rows.add("%d,%d,%s".formatted(i % 17, i % 5, i % 17 > 8 ? "up" : "down"));
    }
    Path table = Files.write(file("table.csv"), rows);
    Path unlabelled =
        Files.write(
            file("unlabelled.csv"),
            rows.stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList());
    Path model = file("model");
    train(
        model, "{ kind = csv, path = \"%s\", label = y }".formatted(table), "mlp, hidden = [8]", 1);
    OfflinePruner wanda = rows("prune.score=wanda", unlabelled, Optional.empty());
    OfflinePruner taylor = rows("prune.score=taylor", table, Optional.of("y"));

    assertThat(wanda.prune(model, file("wanda")).sparsity()).isBetween(.75, .8);
    assertThat(taylor.prune(model, file("taylor")).sparsity()).isBetween(.75, .8);
    assertThatThrownBy(
            () -> rows("prune.score=taylor", unlabelled, Optional.empty()).prune(model, file("no")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("labels: must be given");
    assertThat(file("no")).doesNotExist();
  }

  @Test
  void prune_onnxOfHalves_keepsItsTypes_andRefitsToTheNearestHalf() throws IOException {
    Path in = file("in.onnx");
    export(shared.resolve("mlp"), in);
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(in)).toBuilder();
    model.getGraphBuilder().getInitializerBuilderList().forEach(CalibratedPrunerTest::halve);
    Files.write(in, model.build().toByteArray());

    calibrated(REFITTED).prune(in, file("out.onnx"));

    Committed expected = firstUpdate("onnx, file = \"%s\"".formatted(in), REFITTED);
    Committed found =
        Committer.start(
                prepared("onnx, file = \"%s\"".formatted(file("out.onnx")), "prune.sparsity = 0"))
            .committed();
    assertThat(Files.size(file("out.onnx"))).isEqualTo(Files.size(in));
    for (int i = 0; i < expected.run().stateLayout().entries().size(); i++) {
      float[] values = found.state().values(i, 0);
      float[] wanted = expected.state().values(i, 0);
      for (int unit = 0; unit < values.length; unit++) {
        assertThat(values[unit])
            .isEqualTo(HalfPrecision.toFloat(HalfPrecision.ofFloat(wanted[unit])));
      }
    }
  }

  private static void halve(TensorProto.Builder tensor) {
    if (tensor.getDataType() == FLOAT) {
      ByteBuffer floats = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer halves =
          ByteBuffer.allocate(floats.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
      while (floats.hasRemaining()) {
        halves.putShort(HalfPrecision.ofFloat(floats.getFloat()));
      }
      tensor.setDataType(FLOAT16).setRawData(ByteString.copyFrom(halves.flip()));
    }
  }

  @Test
  void prune_networkThatCannotRun_isRefused() throws IOException {
    Path other = new TensorBytes().floats("w", List.of(2, 2), 1, 2, 3, 4).write(file("other"));

    assertThatThrownBy(() -> calibrated("prune.score = wanda").prune(other, file("out")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("a network must run to be calibrated");
    assertThat(file("out")).doesNotExist();
  }

  @Test
  void prune_dataThatDoNotFit_areRefused() throws IOException {
    Path in = shared.resolve("mlp");
    List<String> rows =
        Stream.concat(Stream.of("a,y"), IntStream.range(0, 40).mapToObj(i -> i + "," + i % 2))
            .toList();
    Path table = Files.write(file("table.csv"), rows);
    OfflinePruner pruner =
        OfflinePruner.calibrated(
            Calibration.of("{ kind = csv, path = \"%s\", label = y }".formatted(table), home()),
            "prune.score=wanda");

    assertThatThrownBy(() -> pruner.prune(in, file("out")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("calibrate: must be data with the inputs of the network");
    assertThatThrownBy(
            () -> rows("prune.score=wanda", table, Optional.empty()).prune(in, file("out")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must be an IDX file");
    assertThat(file("out")).doesNotExist();
  }

  @Test
  void prune_activationsThatOverflow_areRefused() throws IOException {
    Path huge = file("huge");
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    read(shared.resolve("mlp"))
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toFloatArray();
              for (int i = 0; i < values.length; i++) {
                values[i] *= 1e30f;
              }
              tensors.put(name, StoredTensor.ofFloats(tensor.dimensions(), values));
            });
    Safetensors.write(huge, tensors, Safetensors.readMetadata(shared.resolve("mlp")));

    assertThatThrownBy(() -> calibrated("prune.score = wanda").prune(huge, file("out")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("calibrate: must be data on which the network stays finite")
        .hasMessageNotContaining("learning rate");
    assertThat(file("out")).doesNotExist();
  }

  @Test
  void of_methodsThatMeasure_nameTheCalibration() {
    assertThatThrownBy(() -> OfflinePruner.of("prune.score=wanda"))
        .hasMessageContaining("prune.score: must look at weights alone")
        .hasMessageContaining("--calibrate DATA");
    assertThatThrownBy(() -> OfflinePruner.of("prune.refit=least-squares"))
        .hasMessageContaining("prune.refit")
        .hasMessageContaining("--calibrate DATA");
    assertThatThrownBy(
            () ->
                OfflinePruner.calibrated(Calibration.of("digitz", home()))
                    .prune(shared.resolve("mlp"), file("out")))
        .hasMessageStartingWith("calibrate: data must be one of")
        .hasMessageEndingWith("did you mean digits?");
    assertThatThrownBy(() -> calibrated("prune.score = movement"))
        .hasMessageContaining("prune.mask: must be left away");
  }

  private OfflinePruner calibrated(String keys) {
    return OfflinePruner.calibrated(new Calibration("digits", Optional.empty(), 256, home()), keys);
  }

  private OfflinePruner rows(String keys, Path file, Optional<String> labels) {
    return OfflinePruner.calibrated(
        new Calibration(file.toString(), labels, 200, home()), keys, "prune.sparsity=80%");
  }

  private static DataHome home() {
    return DataHome.of(shared);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static void train(String name, String model, int epochs) throws IOException {
    train(shared.resolve(name), "digits", model, epochs);
  }

  private static void train(Path to, String data, String model, int epochs) throws IOException {
    String text =
        "name = test, data = %s, model { kind = %s }, train.epochs = %d, prune.sparsity = 0"
            .formatted(data, model, epochs);
    ResolvedRecipe recipe = new RecipeLoader().parse("test", text, List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), home());
    ModelFile.write(to, run, TrainingLoop.run(run, LoopListener.NONE).committed(), recipe.text());
  }

  private static void export(Path model, Path to) throws IOException {
    StoredModel stored = ModelFile.read(model);
    ResolvedRecipe recipe =
        new RecipeLoader().stored("test", stored.description().origin().recipe(), List.of());
    OnnxExport.of(stored.load(recipe.config(), Execution.ENGINE)).write(to);
  }

  private static PreparedRun prepared(String model, String keys) {
    String text =
        "name = test, data { kind = digits, batch-size = 128 }, model { kind = %s }, train.epochs = 1, prune.schedule = constant"
            .formatted(model);
    return PreparedRun.of(new RecipeLoader().parse("test", text, List.of(keys)).config(), home());
  }

  private static Committed firstUpdate(String model, String keys) {
    List<Committed> updates = new ArrayList<>();
    TrainingLoop.run(
        prepared(model, keys),
        new LoopListener() {
          @Override
          public void committed(SyncOutcome outcome, Traffic traffic) {
            outcome.pruning().ifPresent(pruning -> updates.add(outcome.committed()));
          }
        });
    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).step()).isZero();
    return updates.get(0);
  }

  private static void assertSame(Committed expected, Map<String, float[]> found) {
    List<StateLayout.Entry> entries = expected.run().stateLayout().entries();
    assertThat(found).hasSize(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      String name = entries.get(i).id().name();
      assertThat(found.get(name)).as(name).isEqualTo(expected.state().values(i, 0));
    }
  }

  private static Map<String, float[]> tensors(Path file) throws IOException {
    Map<String, float[]> values = new LinkedHashMap<>();
    read(file).forEach((name, tensor) -> values.put(name, tensor.toFloatArray()));
    return values;
  }

  private static Map<String, StoredTensor> read(Path file) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Objects.requireNonNull(Safetensors.read(file, tensors::put));
    return tensors;
  }
}
