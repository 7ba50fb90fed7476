package io.espalier.bench.scores;

import io.espalier.bench.scores.ScoreResult.Quality;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Dense networks in files of a directory, each trained when asked for. */
final class TrainedNetworks {
  private final Path directory;
  private final ScoreTrial.Base base;
  private final int epochs;
  private final BenchData data;
  private final Consumer<String> progress;

  TrainedNetworks(
      Path directory, ScoreTrial.Base base, int epochs, BenchData data, Consumer<String> progress) {
    this.directory = directory;
    this.base = base;
    this.epochs = epochs;
    this.data = data;
    this.progress = progress;
  }

  /** A trained network; {@code quality} on the test set. */
  record Trained(Path file, Quality quality) {}

  /** Returns a network that was trained before with the same settings, or trains it. */
  Trained of(String network, long seed) throws IOException {
    ResolvedRecipe recipe = recipe(network, seed);
    String name =
        "dense-%s-%d-%s"
            .formatted(
                network, seed, Sha256.ofText(recipe.text() + data.tested()).substring(0, 16));
    Path file = directory.resolve(name + ".safetensors");
    Path quality = directory.resolve(name + ".json");
    if (!Files.exists(quality)) {
      progress.accept("%s, seed %d: training %d epochs …".formatted(network, seed, epochs));
      PreparedRun run = data.prepare(recipe.config());
      FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
      ModelFile.write(file, finished.committed().run(), finished.committed(), recipe.text());
      byte[] text = Json.LENIENT.writeValueAsBytes(Quality.of(finished));
      AtomicFile.write(quality, out -> out.write(text));
    }
    return new Trained(file, Json.LENIENT.readValue(Files.readString(quality), Quality.class));
  }

  private ResolvedRecipe recipe(String network, long seed) {
    List<String> all = new ArrayList<>(base.overrides());
    all.addAll(
        List.of("model=" + network, "seed=" + seed, "train.trainers=1", "train.epochs=" + epochs));
    return new RecipeLoader().load(base.recipe(), all);
  }
}
