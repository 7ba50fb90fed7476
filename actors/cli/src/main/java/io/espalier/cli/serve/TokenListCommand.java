package io.espalier.cli.serve;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.service.http.Tokens.Token;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code espalier serve token list}: who may call. */
@Command(name = "list", description = "List the tokens of this home's service, not their secrets.")
final class TokenListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Token> tokens = TokensCommand.open().list();
    if (json) {
      spec.commandLine()
          .getOut()
          .println(JsonOutput.text(tokens.stream().map(TokenListCommand::facts).toList()));
    } else if (tokens.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "no token yet; the first 'espalier serve' makes one, as does 'serve token create'");
    } else {
      TextTable table = TextTable.withHeader(List.of("name", "role", "created"));
      tokens.forEach(
          each ->
              table.row(List.of(each.name(), each.role().spelling(), each.created().toString())));
      spec.commandLine().getOut().println(table.text());
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> facts(Token token) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", token.name());
    facts.put("role", token.role().spelling());
    facts.put("created", token.created().toString());
    return facts;
  }
}
