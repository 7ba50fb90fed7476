package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.model.TextGenerator;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small language models on a text that repeats itself. */
class TextRunTest {
  private static final String WEIGHTS = "prune { sparsity = 80%, schedule { updates = 4 } }";
  private static final String HEADS =
      "prune { sparsity = 10%, granularity { kind = head, settle = 2 }, schedule { updates = 2 } }";
  private static final String CHANNELS =
      "prune { sparsity = 40%, granularity { kind = channel, settle = 2 }, schedule { updates = 4 } }";

  private static final String SPARSE = WEIGHTS + ", train.execution = java";

  @TempDir private Path directory;

  private ResolvedRecipe recipe(String prune, String model) throws IOException {
    Path text = directory.resolve("text");
    if (!Files.exists(text)) {
      Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(30));
    }
    return new RecipeLoader()
        .parse(
            "text.conf",
            """
            name = "text"
            data { kind = text, path = "%s", context = 8, batch-size = 16, validation = 10%% }
            model { kind = char-lm, layers = 1, features = 16, heads = 4, %s }
            train {
              epochs = 8, trainers = 2, sync-every = 2, clip-norm = 1, optimizer = adam
              learning-rate { kind = cosine, initial = 0.02 }
            }
            %s
            """
                .formatted(text, model, prune),
            List.of());
  }

  private PreparedRun prepared(String prune, String model) throws IOException {
    return SampleRuns.prepare(recipe(prune, model).config());
  }

  private record Sync(Committed committed, Traffic traffic) {}

  @Test
  void run_ofWeights_learnsTheTextAndKeepsWhatIsPlanned() throws IOException {
    PreparedRun run = prepared(WEIGHTS, "positions = learned");

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    MaskSet masks = finished.committed().masks().masks();
    assertThat(masks.kept()).isEqualTo(run.plan().finalKept());
    assertThat(finished.test().examples()).isEqualTo(run.dataset().test().count() * 8L);
    double bits = run.dataset().metric().bits(finished.test().loss()).orElseThrow();
    assertThat(bits).isLessThan(3.5).isGreaterThan(0);
    assertThat(finished.test().perplexity()).isEqualTo(Math.pow(2, bits), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, HEADS, CHANNELS, SPARSE})
  void resume_fromAnySync_endsWithTheSameBits(String prune) throws IOException {
    PreparedRun run = prepared(prune, "positions = rotary, norm = rms, feed-forward = gated");
    List<Sync> syncs = new ArrayList<>();
    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic traffic) {
                syncs.add(new Sync(outcome.committed(), traffic));
              }
            });

    for (int i : new int[] {1, syncs.size() * 2 / 3}) {
      FinishedRun resumed =
          TrainingLoop.resume(
              run, syncs.get(i).committed(), syncs.get(i).traffic(), LoopListener.NONE);
      assertThat(resumed.committed().digest()).isEqualTo(finished.committed().digest());
      assertThat(resumed.test()).isEqualTo(finished.test());
    }
  }

  /** Sums differ in their order. */
  @Test
  void run_onKeptWeights_learnsAsOnTheEngine_andSoDoesOneThatBecomesSparse() throws IOException {
    for (String model : List.of("positions = learned", "norm = rms, feed-forward = gated")) {
      PreparedRun run = prepared(WEIGHTS, model);
      FinishedRun engine = TrainingLoop.run(run, LoopListener.NONE);

      FinishedRun sparse = TrainingLoop.run(prepared(SPARSE, model), LoopListener.NONE);
      FinishedRun switching = TrainingLoop.run(run.sparseFrom(20), LoopListener.NONE);

      for (FinishedRun each : List.of(sparse, switching)) {
        assertThat(each.committed().digest()).isNotEqualTo(engine.committed().digest());
        assertThat(each.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
        assertThat(each.test().loss()).isCloseTo(engine.test().loss(), within(0.1));
      }
    }
  }

  @Test
  void evaluate_ofAStoredNetworkOfARunOnKeptWeights_givesTheBitsOfTheRun() throws IOException {
    ResolvedRecipe recipe = recipe(SPARSE, "positions = learned");
    PreparedRun run = SampleRuns.prepare(recipe.config());
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());

    LoadedModel model = ModelFile.read(file).load(recipe.config());

    assertThat(model.evaluate(run.dataset())).isEqualTo(finished.test());
    LoadedModel engine = ModelFile.read(file).load(recipe.config(), Execution.ENGINE);
    assertThat(TextGenerator.continued(model, "the quick ", 40, 0, 0))
        .isEqualTo(TextGenerator.continued(engine, "the quick ", 40, 0, 0));
  }

  @Test
  void run_ofHeads_cutsThemAndNothingElse() throws IOException {
    PreparedRun run = prepared(HEADS, "key-value-heads = 2");

    Network left = TrainingLoop.run(run, LoopListener.NONE).committed().run().network();

    assertThat(left.shapeOf("block1.attention.key")).hasToString("4×8");
    assertThat(left.shapeOf("block1.attention.query")).hasToString("8×8");
    assertThat(left.shapeOf("block1.ffn.up")).hasToString("64×8");
    assertThat(left.shapeOf("tokens")).hasToString("16×8");
  }

  @Test
  void evaluate_ofAStoredNetworkThatWasCut_givesTheBitsOfTheRun() throws IOException {
    ResolvedRecipe recipe = recipe(CHANNELS, "positions = learned");
    PreparedRun run = SampleRuns.prepare(recipe.config());
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());

    StoredModel stored = ModelFile.read(file);
    LoadedModel model = stored.load(recipe.config());

    assertThat(model.evaluate(run.dataset())).isEqualTo(finished.test());
    assertThat(stored.description().format().encoding()).isEqualTo(run.dataset().encoding());
    assertThat(finished.committed().run().network().macs()).isLessThan(run.network().macs());
    String text = TextGenerator.continued(model, "the quick", 40, 0, 1);
    assertThat(text).hasSize(40);
    assertThat(TextGenerator.continued(model, "the quick", 40, 1, 1))
        .isEqualTo(TextGenerator.continued(model, "the quick", 40, 1, 1))
        .isNotEqualTo(TextGenerator.continued(model, "the quick", 40, 1, 2));
    assertThatThrownBy(() -> TextGenerator.continued(model, "THE", 40, 1, 1))
        .hasMessageContaining("character=T, characters=28");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wanda", "kfac", "fisher", "hessian-trace"})
  void run_byAScoreThatReadsLayers_prunesEmbeddingsToo(String score) throws IOException {
    PreparedRun run =
        prepared(
            "prune { sparsity = 50%%, score { kind = %s, batches = 1 }, schedule { kind = one-shot, begin = 20%% } }"
                .formatted(score),
            "positions = learned");

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
  }

  @Test
  void prepare_whatTextDoesNotGoTogetherWith_isRefused() throws IOException {
    assertThatThrownBy(() -> prepared("prune.score = synflow", "hidden = 8"))
        .hasMessageContaining("prune.score: must not be synflow")
        .hasMessageContaining("tokens");
    assertThatThrownBy(() -> prepared("prune.granularity = head", "heads = 1"))
        .hasMessageContaining("prune.granularity: must not be head where no layer of attention");
    assertThatThrownBy(() -> prepared("model = lenet-300-100", "hidden = 8"))
        .hasMessageContaining("model: must read tokens where the data are text");
    assertThatThrownBy(() -> prepared("data = digits", "hidden = 8"))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void prepare_aSpelledOutNetwork_isLaidOut() throws IOException {
    PreparedRun run =
        prepared(
            """
            model = null
            model { kind = layers, layers = [
              { kind = token-embedding, name = tokens, features = 8 }
              rms-norm
              { kind = linear, name = q, outputs = 8, from = norm1 }
              { kind = linear, name = k, outputs = 4, from = norm1 }
              { kind = linear, name = v, outputs = 4, from = norm1 }
              { kind = rotary-embedding, head-size = 4, name = q.rotary, from = q }
              { kind = rotary-embedding, head-size = 4, name = k.rotary, from = k }
              { kind = attention, head-size = 4, name = heads, from = [q.rotary, k.rotary, v] }
              { kind = linear, outputs = classes }
            ] }
            """,
            "hidden = 8");

    assertThat(run.network().positions()).isEqualTo(8);
    assertThat(run.network().outputs()).isEqualTo(run.dataset().classes());
    assertThat(run.network().shapeOf("heads")).hasToString("8×8");
  }
}
