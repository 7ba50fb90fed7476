package io.espalier.training;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The runs of this node's hosted trainers: their data are loaded once. Thread-safe. */
final class HostedRuns {
  private final DataHome data;
  private final Map<HostedRun, Use> uses = new HashMap<>();

  private static final class Use {
    private final CompletableFuture<PreparedRun> run = new CompletableFuture<>();
    private int trainers;
    private boolean loading;
  }

  HostedRuns(DataHome data) {
    this.data = data;
  }

  synchronized void enter(HostedRun run) {
    uses.computeIfAbsent(run, key -> new Use()).trainers++;
  }

  /** Removes a trainer; the data go with the last one. */
  synchronized void leave(HostedRun run) {
    Use use = uses.get(run);
    if (use != null && --use.trainers == 0) {
      uses.remove(run);
    }
  }

  /**
   * The run on this node; waits for its data.
   *
   * @throws RuntimeException naming a difference from the coordinator's node, or missing data
   */
  PreparedRun prepare(HostedRun run) {
    Use use = use(run);
    if (isFirst(use)) {
      try {
        use.run.complete(load(run));
      } catch (RuntimeException e) {
        use.run.completeExceptionally(e);
      }
    }
    return use.run.join();
  }

  private synchronized Use use(HostedRun run) {
    return uses.computeIfAbsent(run, key -> new Use());
  }

  private synchronized boolean isFirst(Use use) {
    boolean first = !use.loading;
    use.loading = true;
    return first;
  }

  private PreparedRun load(HostedRun run) {
    Path directory = Path.of(run.directory());
    Path recipe = directory.resolve("recipe.conf");
    try {
      String text = Files.readString(recipe);
      PreparedRun prepared =
          PreparedRun.toResume(
              new RecipeLoader().stored(recipe.toString(), text, List.of()).config(),
              data.ofRun(directory));
      run.fingerprint()
          .differenceTo(HostedRun.Fingerprint.of(prepared, text))
          .ifPresent(
              difference -> {
                throw new IllegalStateException(difference);
              });
      return prepared;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a node that trains must see the run's directory: file=%s; mount it there, as on the other nodes"
              .formatted(recipe),
          e);
    }
  }
}
