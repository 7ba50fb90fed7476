package io.espalier.actors.run;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The shipped recipe {@code digits} with overrides, ready to run in a directory. */
record DigitsRun(ResolvedRecipe recipe, PreparedRun run) {
  static DigitsRun of(Path home, String... overrides) {
    List<String> all = new ArrayList<>(List.of("train.epochs=4", "train.sync-every=5"));
    all.addAll(List.of(overrides));
    ResolvedRecipe recipe = new RecipeLoader().load("digits", all);
    return new DigitsRun(recipe, PreparedRun.of(recipe.config(), DataHome.of(home)));
  }

  RunSession.Request request(
      RunDirectory directory, Path home, String kafka, Consumer<Event> observer) {
    return new RunSession.Request(
        run,
        recipe.text(),
        directory,
        home,
        Optional.of(BrokerAccess.of(kafka)),
        observer,
        notice -> {},
        warning -> {});
  }

  RunResult execute(Path out, Path home, String kafka) throws IOException {
    try (RunDirectory directory = RunDirectory.create(out, recipe.text());
        RunSession session = RunSession.start(request(directory, home, kafka, event -> {}))) {
      return session.await();
    }
  }

  RunResult resume(Path out, Path home, String kafka) throws IOException {
    try (RunDirectory directory = RunDirectory.resume(out);
        RunSession session = RunSession.start(request(directory, home, kafka, event -> {}))) {
      return session.await();
    }
  }
}
