package io.espalier.cli.runs;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.ProgramName;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Response;
import io.espalier.service.data.DataSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "data",
    description = {
      "Uploads, lists and deletes the data sets of a service.",
      "",
      "A recipe that is submitted names one by data.path = NAME, or a file of a folder by"
          + " NAME/FILE."
    },
    subcommands = {DataUploadCommand.class, DataCommand.ListAll.class, DataCommand.Delete.class},
    synopsisSubcommandLabel = "COMMAND")
final class DataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%,d", bytes);
  }

  @Command(
      name = "list",
      description = "Lists the uploaded data sets of a service.",
      sortOptions = false)
  static final class ListAll implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private ServerOptions server;

    @Option(names = "--json", description = "Print the data sets as a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Response<List<DataSet>> all = server.client().dataSets();
      if (json) {
        spec.commandLine().getOut().println(JsonOutput.text(all.json()));
      } else if (all.value().isEmpty()) {
        spec.commandLine()
            .getErr()
            .println(ProgramName.inHints("no data sets; upload one with 'espalier data upload'"));
      } else {
        spec.commandLine().getOut().println(table(all.value()));
      }
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }

    private static String table(List<DataSet> all) {
      TextTable table =
          TextTable.withHeader(List.of("name", "kind", "files", "bytes", "uploaded", "by"));
      all.forEach(
          each ->
              table.row(
                  List.of(
                      each.name(),
                      each.kind().name().toLowerCase(Locale.ROOT),
                      bytes(each.files()),
                      bytes(each.bytes()),
                      each.uploaded().toString(),
                      each.by())));
      return table.text();
    }
  }

  @Command(
      name = "delete",
      description = {
        "Deletes an uploaded data set of a service for good.",
        "",
        "One that a run uses which has not ended is refused. Needs a token of the role manage."
      },
      sortOptions = false)
  static final class Delete implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        arity = "1..*",
        paramLabel = "NAME",
        description = "Names, as 'espalier data list' shows them.")
    private List<String> names = new ArrayList<>();

    @Mixin private ServerOptions server;

    @Override
    public Integer call() throws IOException, InterruptedException {
      ServiceClient client = server.client();
      List<String> known = client.dataSets().value().stream().map(DataSet::name).toList();
      for (String name : names) {
        if (!known.contains(name)) {
          throw new CommandRefusedException(
              "NAME must be that of an uploaded data set: NAME=%s%s; 'espalier data list' shows them"
                  .formatted(name, NameSuggestion.suggestion(name, known)));
        }
      }
      for (String name : names) {
        client.deleteData(name);
        spec.commandLine().getOut().println("deleted    " + name);
      }
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }
  }
}
