package io.espalier.cli.console;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.recipe.Recipes;
import io.espalier.configs.recipe.Recipes.EarlierRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What to train before a shipped recipe that takes the network of another run. */
final class EarlierRunAdvice {
  private EarlierRunAdvice() {}

  /** Adds the command to what says that the file of the other run is not there. */
  static InvalidConfigException added(InvalidConfigException refused, String recipe) {
    Optional<EarlierRun> run =
        Recipes.earlierRun(recipe).filter(earlier -> !Files.exists(Path.of(earlier.file())));
    return run.map(
            earlier ->
                new InvalidConfigException(
                    refused.problems().stream().map(problem -> added(problem, earlier)).toList()))
        .orElse(refused);
  }

  private static Problem added(Problem problem, EarlierRun run) {
    boolean isAboutIt = problem.origin().filter(place -> place.endsWith(run.file())).isPresent();
    return isAboutIt
        ? new Problem(
            problem.origin(),
            problem.path(),
            "%s; this recipe needs another run first: %s"
                .formatted(problem.message(), run.command()))
        : problem;
  }
}
