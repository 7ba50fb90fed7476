package io.espalier.cli.console;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments that start or resume a run in a directory: RECIPE, -D, --out and --resume. */
public final class RunOptions {
  private static final Path RUNS = Path.of("runs");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      completionCandidates = Candidates.RecipeNames.class,
      description = "Recipe file or shipped name.")
  private Optional<String> recipe = Optional.empty();

  @Mixin private RecipeOverrides overrides;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Run directory, new or empty (default: runs/<name>-<time>, with -2 and so on where that"
              + " exists).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in DIR from its last checkpoint.")
  private Optional<Path> resume = Optional.empty();

  @FunctionalInterface
  public interface Preparation<T> {
    T of(RunConfig config) throws IOException;
  }

  /** Executes a prepared run and returns the exit code. */
  @FunctionalInterface
  public interface Execution<T> {
    int run(T prepared, ResolvedRecipe recipe, RunDirectory directory) throws IOException;
  }

  /** Shows a prepared run and the directory that it would have; returns the exit code. */
  @FunctionalInterface
  public interface Rehearsal<T> {
    int run(T prepared, Path directory);
  }

  public Optional<Path> resumed() {
    return resume;
  }

  /** Overrides of recipe keys, as HOCON snippets. */
  public List<String> overrides() {
    return overrides.values();
  }

  /** Refuses RECIPE beside --resume, and neither. */
  public void requireOne(String orElse) {
    if (recipe.isPresent() == resume.isPresent()) {
      throw refused("give either a RECIPE to start or --resume DIR to go on with" + orElse);
    }
  }

  /** Refuses options that a resumed run takes from its directory, and RECIPE beside --resume. */
  public void check(String orElse) {
    requireOne(orElse);
    if (resume.isPresent() && (!overrides.isEmpty() || out.isPresent())) {
      throw refused("--resume takes recipe and place from its directory: leave -D and --out away");
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Starts or resumes a run, which holds its directory until {@code execution} returns. */
  public <T> int run(Preparation<T> start, Preparation<T> resumption, Execution<T> execution)
      throws IOException {
    if (resume.isPresent()) {
      try (RunDirectory directory = RunDirectory.resume(resume.get())) {
        String file = resume.get().resolve("recipe.conf").toString();
        ResolvedRecipe resolved = new RecipeLoader().stored(file, directory.recipe(), List.of());
        return execution.run(resumption.of(resolved.config()), resolved, directory);
      }
    }
    String source = recipe.orElseThrow();
    ResolvedRecipe resolved = loaded(source);
    T prepared = located(source, start, resolved.config());
    try (RunDirectory directory = newDirectory(resolved)) {
      return execution.run(prepared, resolved, directory);
    }
  }

  /**
   * Prepares a new run and passes it on without a directory, which stays unwritten.
   *
   * @throws InvalidConfigException if the recipe is refused
   */
  public <T> int rehearse(Preparation<T> start, Rehearsal<T> rehearsal) throws IOException {
    String source = recipe.orElseThrow();
    ResolvedRecipe resolved = loaded(source);
    T prepared = located(source, start, resolved.config());
    out.ifPresent(RunDirectory::requireUnused);
    Path place =
        out.orElseGet(
            () ->
                RUNS.resolve(
                    RunDirectory.defaultName(
                        resolved.config().name(), LocalDateTime.now(ZoneId.systemDefault()))));
    return rehearsal.run(prepared, place);
  }

  private ResolvedRecipe loaded(String source) {
    ResolvedRecipe recipe = new RecipeLoader().load(source, overrides.values());
    notice(recipe);
    try {
      return InitialValues.pinned(recipe);
    } catch (InvalidConfigException e) {
      throw EarlierRunAdvice.added(e, source);
    }
  }

  /** Prints what a recipe leaves out. */
  public void notice(ResolvedRecipe recipe) {
    RecipeOverrides.notice(recipe, spec.commandLine().getErr());
  }

  /** Makes the directory of a new run, which belongs to the caller. */
  public RunDirectory newDirectory(ResolvedRecipe recipe) {
    return out.map(place -> RunDirectory.create(place, recipe.text()))
        .orElseGet(
            () ->
                RunDirectory.createNamed(
                    RUNS,
                    recipe.config().name(),
                    LocalDateTime.now(ZoneId.systemDefault()),
                    recipe.text()));
  }

  /** Adds the lines of the user's recipe to what a preparation refuses. */
  private <T> T located(String source, Preparation<T> start, RunConfig config) throws IOException {
    try {
      return start.of(config);
    } catch (InvalidConfigException e) {
      throw new RecipeLoader().located(e, source, overrides.values());
    }
  }
}
