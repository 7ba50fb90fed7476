package com.example.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sparse.SparseNetwork;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer of {@code docs/extending.md}, run as a user would. */
final class OwnLayerTest {
  private static final String RECIPE =
      """
      data  { kind = digits, batch-size = 64 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 12, kernel = 3 }, relu
        { kind = squeeze-gate, name = gate }, flatten
        { kind = linear, outputs = classes } ] }
      train { epochs = 3, learning-rate { kind = constant, initial = 0.05 } }
      prune.sparsity = 50%
      """;

  @TempDir Path directory;

  @Test
  void run_onEachBackEnd_learnsAndStoresTheSame() throws IOException {
    Path file = directory.resolve("gate.safetensors");
    FinishedRun engine = train(file, "train.execution = engine");
    FinishedRun sparse = train(directory.resolve("sparse.safetensors"), "train.execution = java");

    assertThat(engine.test().accuracy()).isGreaterThan(0.8);
    assertThat(sparse.test().accuracy()).isCloseTo(engine.test().accuracy(), within(0.02));
    assertThat(load(file, "").evaluate(data())).isEqualTo(engine.test());
    assertThat(load(file, "train.execution = java").evaluate(data()).correct())
        .isEqualTo(engine.test().correct());
  }

  @Test
  void export_ofTheTrainedNetwork_givesTheSameLogits() throws IOException, OrtException {
    Path file = directory.resolve("gate.safetensors");
    FinishedRun unused = train(file, "train.epochs = 1");
    LoadedModel model = load(file, "");
    float[] images = new float[7 * 64];
    Random random = new Random(5);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }

    float[] logits = onnx(OnnxExport.of(model).bytes(), images);

    assertThat(logits).containsExactly(sparse(model, images), within(1e-4f));
  }

  @Test
  void cut_byChannels_takesThemFromTheGateToo() throws IOException {
    FinishedRun cut =
        train(directory.resolve("cut.safetensors"), "prune.granularity { kind = channel }");

    Network network = cut.committed().run().network();
    assertThat(network.shapeOf("gate").channels()).isLessThan(12);
    assertThat(network.shapeOf("gate")).isEqualTo(network.shapeOf("relu1"));
  }

  private FinishedRun train(Path file, String more) throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().parse("gate", RECIPE + more, List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    ModelFile.write(file, run, finished.committed(), recipe.text());
    return finished;
  }

  private static LoadedModel load(Path file, String more) throws IOException {
    return ModelFile.read(file).load(config(more));
  }

  private static RunConfig config(String more) {
    return new RecipeLoader().parse("gate", RECIPE + more, List.of()).config();
  }

  private Dataset data() {
    RunConfig config = config("");
    return Datasets.load(config.data(), config.seed(), DataHome.of(directory));
  }

  private static float[] sparse(LoadedModel model, float[] images) {
    SparseNetwork network = SparseNetwork.inference(model.network(), Map.of(), 7);
    network
        .parameters()
        .forEach(
            each -> {
              float[] values = model.values(each.shape().id());
              System.arraycopy(values, 0, each.values(), 0, values.length);
            });
    float[] logits = new float[7 * 10];
    network.infer(images, 7, logits);
    return logits;
  }

  private static float[] onnx(byte[] file, float[] images) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file);
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(images), new long[] {7, 1, 8, 8});
        OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
      float[] logits = new float[7 * 10];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(logits);
      return logits;
    }
  }
}
