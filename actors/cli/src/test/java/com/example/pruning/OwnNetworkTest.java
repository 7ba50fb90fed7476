package com.example.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.offline.OfflinePruner;
import io.espalier.trainer.offline.PrunedNetwork;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.prepare.StartingNetwork;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sparse.SparseNetwork;
import java.io.IOException;
import java.net.URL;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks of {@code docs/extending.md}, run as a user would. */
final class OwnNetworkTest {
  private static final String RESIDUAL = "{ kind = mish-resnet, width = 8, blocks = 1 }";
  private static final String TRANSFORMER = "{ kind = patch-transformer, features = 12 }";
  private static final int IMAGES = 7;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {RESIDUAL, TRANSFORMER})
  void fewSteps_onEachBackEnd_giveTheSameWeights(String model) throws IOException {
    String few = "train.epochs = 1, data.batch-size = 400, prune.sparsity = 0, ";

    FinishedRun engine = train(model, file("engine"), few + "train.execution = engine");
    FinishedRun sparse = train(model, file("sparse"), few + "train.execution = java");

    List<float[]> weights = engine.committed().state().prunableWeights();
    List<float[]> others = sparse.committed().state().prunableWeights();
    assertThat(others).hasSameSizeAs(weights).hasSizeGreaterThan(3);
    for (int i = 0; i < weights.size(); i++) {
      assertThat(others.get(i)).containsExactly(weights.get(i), within(2e-4f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RESIDUAL, TRANSFORMER})
  void run_pruned_learnsAndIsStoredForEachBackEnd(String model) throws IOException {
    Path file = file("model");

    FinishedRun finished = train(model, file, "");

    assertThat(finished.test().accuracy()).isGreaterThan(0.8);
    assertThat(finished.committed().masks().masks().kept())
        .isEqualTo(finished.committed().run().plan().finalKept());
    for (String execution : List.of("engine", "sparse")) {
      RunConfig config = config(model, "train.execution = " + execution);
      assertThat(ModelFile.read(file).load(config).evaluate(data(config)).correct())
          .isEqualTo(finished.test().correct());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RESIDUAL, TRANSFORMER})
  void cut_byChannels_isSmallerAndGivesItsLogitsInOnnx(String model)
      throws IOException, OrtException {
    Path file = file("cut");

    RunConfig config = config(model, "");

    FinishedRun unused =
        train(model, file, "train.epochs = 2, prune { granularity { kind = channel } }");

    LoadedModel cut = ModelFile.read(file).load(config);
    long whole = StartingNetwork.of(config.model().architecture(), data(config)).macs();
    assertThat(cut.network().macs()).isLessThan(whole * 3 / 4);
    float[] images = images();
    assertThat(onnx(OnnxExport.of(cut).bytes(), images))
        .containsExactly(sparse(cut, images), within(1e-4f));
  }

  @Test
  void storedNetwork_withoutItsClass_isEvaluatedPrunedAndExported()
      throws IOException, OrtException {
    Path file = file("model");
    FinishedRun finished = train(RESIDUAL, file, "train.epochs = 2");
    StoredModel stored = ModelFile.read(file);

    RunConfig config =
        withoutMembers(
                () ->
                    new RecipeLoader()
                        .ofNetwork("stored", stored.description().origin().recipe(), List.of()))
            .config();
    LoadedModel model = withoutMembers(() -> stored.load(config));
    PrunedNetwork pruned =
        withoutMembers(
            () ->
                OfflinePruner.of("prune.score = magnitude", "prune.sparsity = 80%")
                    .prune(file, file("pruned")));

    assertThat(config.model().architecture().kind()).isEqualTo("mish-resnet");
    assertThat(model.evaluate(data(config))).isEqualTo(finished.test());
    assertThat(pruned.sparsity()).isBetween(0.79, 0.81);
    assertThat(onnx(withoutMembers(() -> OnnxExport.of(model).bytes()), images()))
        .containsExactly(sparse(model, images()), within(1e-4f));
    assertThatThrownBy(
            () ->
                withoutMembers(
                    () ->
                        new RecipeLoader()
                            .stored("stored", stored.description().origin().recipe(), List.of())))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model=\"mish-resnet\"");
  }

  @Test
  void settings_outOfRange_areRefusedByKey() {
    assertThatThrownBy(() -> config("{ kind = mish-resnet, width = 0 }", ""))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("width must be from 1 to 1024: width=0");
  }

  /** Runs code as on a class path without members of one's own; layers are there. */
  private static <T> T withoutMembers(Callable<T> code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ClassLoader(before) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            return name.endsWith(Plugin.class.getName())
                ? Collections.emptyEnumeration()
                : super.getResources(name);
          }
        });
    try {
      return code.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Path file(String name) {
    return directory.resolve(name + ".safetensors");
  }

  private FinishedRun train(String model, Path file, String more) throws IOException {
    ResolvedRecipe recipe = recipe(model, more);
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    ModelFile.write(file, run, finished.committed(), recipe.text());
    return finished;
  }

  private static ResolvedRecipe recipe(String model, String more) {
    String text =
        """
        data  { kind = digits, batch-size = 32 }
        model %s
        train { epochs = 6, optimizer = adam, learning-rate { kind = constant, initial = 0.005 } }
        prune.sparsity = 50%%
        %s
        """;
    return new RecipeLoader().parse("own", text.formatted(model, more), List.of());
  }

  private static RunConfig config(String model, String more) {
    return recipe(model, more).config();
  }

  private Dataset data(RunConfig config) {
    return Datasets.load(config.data(), config.seed(), DataHome.of(directory));
  }

  private static float[] images() {
    float[] images = new float[IMAGES * 64];
    Random random = new Random(5);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  private static float[] sparse(LoadedModel model, float[] images) {
    Network network = model.network();
    SparseNetwork computed = SparseNetwork.inference(network, Map.of(), IMAGES);
    computed
        .parameters()
        .forEach(
            each -> {
              float[] values = model.values(each.shape().id());
              System.arraycopy(values, 0, each.values(), 0, values.length);
            });
    float[] logits = new float[IMAGES * 10];
    computed.infer(images, IMAGES, logits);
    return logits;
  }

  private static float[] onnx(byte[] file, float[] images) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file);
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(images), new long[] {IMAGES, 1, 8, 8});
        OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
      float[] logits = new float[IMAGES * 10];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(logits);
      return logits;
    }
  }
}
