package io.espalier.cli.console;

import io.espalier.configs.recipe.ResolvedRecipe;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code -D}, which overrides keys of a recipe. */
public final class RecipeOverrides {
  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      completionCandidates = Candidates.Assignments.class,
      description =
          "Override a recipe key, such as -D data.batch-size=64; KEY=null unsets it; may be"
              + " repeated.")
  private List<String> values = new ArrayList<>();

  /** Returns the overrides as HOCON snippets. */
  public List<String> values() {
    return List.copyOf(values);
  }

  /** Prints what a recipe leaves out once they lie over it. */
  public static void notice(ResolvedRecipe recipe, PrintWriter errors) {
    recipe.notices().forEach(notice -> errors.println("notice: " + notice));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }
}
