package io.espalier.cli;

import io.espalier.cli.console.Candidates;
import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.cli.console.WrappedLine;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.configs.recipe.Recipes;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.ProgramName;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "recipes",
    description = {
      "Lists the shipped recipes, prints one, or explains the keys of all recipes.",
      "",
      "A recipe of your own starts as a copy: espalier recipes quickstart > mine.conf",
      "The keys of schedules, as an example: espalier recipes --reference schedule"
    },
    sortOptions = false)
final class RecipesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = Candidates.RecipeNames.class,
      description = "Recipe to print.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--reference",
      arity = "0..1",
      paramLabel = "FAMILY",
      completionCandidates = Candidates.Families.class,
      fallbackValue = "",
      description =
          "Print every key with its default, its unit and what it means: all keys, or those of a"
              + " block or family such as train or prune.schedule.")
  private Optional<String> reference = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (reference.isPresent() && name.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--reference prints keys, not a recipe: leave NAME or it away");
    }
    if (reference.isPresent()) {
      ReferencePage.of(reference.get()).print(out, json);
    } else if (name.isPresent()) {
      printOne(out, name.get());
    } else {
      printAll(out);
    }
    return ExitCode.OK;
  }

  private void printOne(PrintWriter out, String wanted) {
    String text =
        Recipes.text(wanted)
            .orElseThrow(
                () ->
                    new CommandRefusedException(
                        "recipe must be a shipped one: recipe=%s%s"
                            .formatted(wanted, nearestOrAll(wanted))));
    if (json) {
      Map<String, Object> recipe = described(wanted);
      recipe.put("text", text);
      out.println(JsonOutput.text(recipe));
    } else {
      out.print(text);
    }
    out.flush();
  }

  private static String nearestOrAll(String wanted) {
    String suggestion = NameSuggestion.suggestion(wanted, Recipes.names());
    return suggestion.isEmpty() ? "; shipped: " + String.join(", ", Recipes.names()) : suggestion;
  }

  private void printAll(PrintWriter out) {
    if (json) {
      out.println(
          JsonOutput.text(Recipes.names().stream().map(RecipesCommand::described).toList()));
      return;
    }
    int width = Recipes.names().stream().mapToInt(String::length).max().orElse(0) + 2;
    TextTable table = TextTable.withoutHeader();
    for (String each : Recipes.names()) {
      String label = each;
      for (String line : WrappedLine.words(summary(each), WrappedLine.WIDTH - width)) {
        table.row(List.of(label, line));
        label = "";
      }
      Recipes.earlierRun(each)
          .ifPresent(run -> table.row(List.of("", ProgramName.inHints("first: " + run.command()))));
    }
    out.println(table.text());
  }

  private static Map<String, Object> described(String name) {
    Map<String, Object> recipe = new LinkedHashMap<>();
    recipe.put("name", name);
    recipe.put("summary", summary(name));
    Recipes.earlierRun(name).ifPresent(run -> recipe.put("first", run.command()));
    return recipe;
  }

  private static String summary(String name) {
    return Recipes.summary(name).orElseThrow();
  }
}
