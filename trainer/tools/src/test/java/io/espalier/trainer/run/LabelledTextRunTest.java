package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.data.text.SampleTokenizer;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.Predictor;
import io.espalier.trainer.model.Predictor.Prediction;
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
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small classifiers of sentences by the animal that they name. */
class LabelledTextRunTest {
  private static final String WEIGHTS = "prune { sparsity = 60%, schedule { updates = 4 } }";
  private static final String CUTS =
      "prune { sparsity = 30%, exclude = [\"tokens.*\"], granularity { kind = channel, settle = 2 }, schedule { updates = 3 } }";

  @TempDir private Path directory;

  private Path table() throws IOException {
    Path table = directory.resolve("table.csv");
    if (!Files.exists(table)) {
      Random random = new Random(1);
      StringBuilder rows = new StringBuilder("words,kind\n");
      for (int i = 0; i < 160; i++) {
        boolean fox = i % 2 == 0;
        List<String> words = new ArrayList<>(List.of("the", "quick", "play", fox ? "fox" : "dog"));
        java.util.Collections.shuffle(words, random);
        words.subList(0, random.nextInt(2)).clear();
        rows.append(String.join(" ", words))
            .append(words.contains(fox ? "fox" : "dog") ? "" : " none")
            .append(',')
            .append(words.contains("fox") ? "fox" : words.contains("dog") ? "dog" : "none")
            .append('\n');
      }
      Files.writeString(table, rows);
      Files.writeString(directory.resolve("tokenizer.json"), SampleTokenizer.JSON);
    }
    return table;
  }

  private ResolvedRecipe recipe(String vocabulary, String prune) throws IOException {
    return new RecipeLoader()
        .parse(
            "texts.conf",
            """
            data {
              kind = labelled-text, path = "%s", text = words, label = kind
              vocabulary = "%s", context = 8, batch-size = 8, validation = 10%%
            }
            model { kind = text-classifier, layers = 1, features = 16, heads = 2 }
            train {
              epochs = 12, trainers = 2, sync-every = 2, clip-norm = 1, optimizer = adam
              learning-rate { kind = cosine, initial = 0.02 }
            }
            %s
            """
                .formatted(
                    table(),
                    vocabulary.endsWith(".json") ? directory.resolve(vocabulary) : vocabulary,
                    prune),
            List.of());
  }

  private record Sync(Committed committed, Traffic traffic) {}

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, CUTS, WEIGHTS + ", train.execution = java"})
  void run_ofATokenizer_learnsAndResumesWithTheSameBits(String prune) throws IOException {
    PreparedRun run = SampleRuns.prepare(recipe("tokenizer.json", prune).config());
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

    assertThat(finished.test().accuracy()).isGreaterThan(0.9);
    Sync middle = syncs.get(syncs.size() / 2);
    assertThat(
            TrainingLoop.resume(run, middle.committed(), middle.traffic(), LoopListener.NONE)
                .committed()
                .digest())
        .isEqualTo(finished.committed().digest());
    Network left = finished.committed().run().network();
    assertThat(left.shapeOf("tokens")).hasToString("16×8");
    assertThat(left.macs() < run.network().macs()).isEqualTo(prune.equals(CUTS));
  }

  @Test
  void predict_byAStoredNetwork_needsNoTokenizerFile() throws IOException {
    ResolvedRecipe recipe = recipe("tokenizer.json", WEIGHTS);
    PreparedRun run = SampleRuns.prepare(recipe.config());
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    Files.delete(directory.resolve("tokenizer.json"));

    LoadedModel model = ModelFile.read(file).load(recipe.config());

    assertThat(model.evaluate(run.dataset())).isEqualTo(finished.test());
    Path texts = Files.createDirectory(directory.resolve("texts"));
    Path fox = Files.writeString(texts.resolve("1.txt"), "The quick FOX");
    Files.writeString(texts.resolve("2.txt"), "dog play, the the the the the the quick zebra");
    Path rows = Files.writeString(directory.resolve("new.csv"), "kind,words\ndog,the dog\n");
    assertThat(labels(model, texts, Optional.empty())).containsExactly("fox", "dog");
    assertThat(labels(model, fox, Optional.empty())).containsExactly("fox");
    assertThat(labels(model, rows, Optional.of("kind"))).containsExactly("dog");
    Path folder = directory.resolve("labelled");
    Files.copy(fox, Files.createDirectories(folder.resolve("fox")).resolve("a"));
    assertThat(labels(model, folder, Optional.of("folders"))).containsExactly("fox");
    assertThatThrownBy(() -> labels(model, texts, Optional.of("folders")))
        .hasMessageContaining("must have a class of the network as its label: label='texts'");
    assertThatThrownBy(() -> labels(model, texts, Optional.of("kind")))
        .hasMessageContaining("labels of files must be in the names of their folders");
  }

  private static List<String> labels(LoadedModel model, Path input, Optional<String> labels)
      throws IOException {
    List<Prediction> all = new ArrayList<>();
    Predictor.predict(model, new InputFile(input, "INPUT", labels), 2, all::add);
    return all.stream().map(Prediction::label).toList();
  }

  @Test
  void prepare_whatLabelledTextDoesNotGoTogetherWith_isRefused() throws IOException {
    assertThatThrownBy(
            () -> SampleRuns.prepare(recipe("bytes", "model = null\nmodel = char-lm").config()))
        .hasMessageContaining("model: must give one output per label of an example");
    assertThatThrownBy(
            () ->
                SampleRuns.prepare(recipe("bytes", "model = null\nmodel = lenet-300-100").config()))
        .hasMessageContaining("must read tokens where the data are text")
        .hasMessageContaining("take text-classifier");
    assertThatThrownBy(
            () -> SampleRuns.prepare(recipe("bytes", "data = null\ndata = digits").config()))
        .hasMessageContaining("its input must be the tokens of a text");
    assertThatThrownBy(
            () -> SampleRuns.prepare(recipe("bytes", "data = null\ndata = text").config()))
        .hasMessageContaining("data must have a token that fills texts up, as labelled-text has");
  }
}
