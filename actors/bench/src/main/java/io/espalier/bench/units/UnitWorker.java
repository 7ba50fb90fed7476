package io.espalier.bench.units;

import io.espalier.bench.cost.ThreadTime;
import io.espalier.bench.cost.TimedReplica;
import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.Macs;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process of one run. It answers {@link #TRAIN} by the run's outcome as JSON, and a number of
 * steps by the seconds that one of them takes with the masks of the trained network, or with
 * initial weights where nothing was trained.
 */
final class UnitWorker {
  static final String TRAIN = "train";
  static final String RECIPE = "recipe.conf";

  private final Path directory;
  private final List<String> timed;
  private final DataHome home = DataHome.of(EspalierHome.path());
  private Optional<Committed> trained = Optional.empty();

  private UnitWorker(Path directory, List<String> timed) {
    this.directory = directory;
    this.timed = timed;
  }

  /** Arguments: the run's directory with its recipe, then settings of timed steps. */
  public static void main(String[] arguments) throws IOException {
    NativeExit.install();
    List<String> timed = List.of(arguments).subList(1, arguments.length);
    new UnitWorker(Path.of(arguments[0]), timed).answer();
    System.exit(0);
  }

  private void answer() throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String order = orders.readLine();
    if (TRAIN.equals(order)) {
      out.println(JsonOutput.line(train()));
      order = orders.readLine();
    }
    if (order == null) {
      return;
    }
    try (TimedReplica replica = new TimedReplica(timedRun())) {
      for (String line = order; line != null; line = orders.readLine()) {
        int steps = Integer.parseInt(line);
        long start = ThreadTime.now();
        replica.stepSeconds(steps);
        out.println((ThreadTime.now() - start) / 1e9 / steps);
      }
    }
  }

  private UnitOutcome train() throws IOException {
    ResolvedRecipe recipe = recipe(List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), home);
    FinishedRun finished = TrainingLoop.run(run, new LoopListener() {});
    Committed end = finished.committed();
    trained = Optional.of(end);
    ModelFile.write(model(), end.run(), end, recipe.text());
    return new UnitOutcome(
        end.run()
            .dataset()
            .metric()
            .bits(finished.test().loss())
            .orElse(100 * finished.test().accuracy()),
        Macs.of(end.run().network(), end.masks().masks()).effective());
  }

  /** Magnitude finds the masks of the trained network again, whose pruned weights are 0. */
  private PreparedRun timedRun() throws IOException {
    List<String> settings = new ArrayList<>(timed);
    settings.add("train.epochs=1000");
    settings.add("train.threads=1");
    settings.add("train.learning-rate=null");
    settings.add("train.learning-rate={kind=constant,initial=1e-6}");
    if (trained.isEmpty()) {
      return PreparedRun.of(recipe(settings).config(), home);
    }
    PreparedRun end = trained.get().run();
    if (end.wholeNetwork().macs() != end.network().macs()) {
      return PreparedRun.ofNetwork(recipe(settings).config(), end.dataset(), end.network(), home);
    }
    settings.add("model.weights=\"%s\"".formatted(model().toAbsolutePath()));
    return PreparedRun.of(recipe(settings).config(), home);
  }

  private ResolvedRecipe recipe(List<String> settings) throws IOException {
    return new RecipeLoader().load(directory.resolve(RECIPE).toString(), settings);
  }

  private Path model() {
    return directory.resolve("model.safetensors");
  }
}
