package io.espalier.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "generate-completion",
    description = {
      "Prints a script that completes commands, options, recipes, formats and keys of recipes in"
          + " bash and zsh.",
      "",
      "In bash: source <(espalier generate-completion)"
    })
final class CompletionCommand implements Callable<Integer> {
  /** A key is followed by its value, without a space. */
  private static final String KEYS =
      """

      function _complete_espalier_keys() {
        _complete_espalier
        [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
      }
      complete -F _complete_espalier_keys -o default espalier ./espalier
      """;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("espalier", spec.root().commandLine()));
    out.print(KEYS);
    out.flush();
    return ExitCode.OK;
  }
}
