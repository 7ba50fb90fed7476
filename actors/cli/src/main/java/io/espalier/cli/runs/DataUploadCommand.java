package io.espalier.cli.runs;

import io.espalier.cli.console.JsonOutput;
import io.espalier.service.client.ServiceClient.Uploaded;
import io.espalier.service.data.DataSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "upload",
    description = {
      "Uploads a file or a folder to a service, as a data set of a new name.",
      "",
      "Recipes can name it once it is whole and its SHA-256 is right: what is cut, or has no room,"
          + " leaves nothing behind. The same upload again does nothing. Needs a token of the role"
          + " manage."
    },
    sortOptions = false)
final class DataUploadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description =
          "Name for recipes: 1 to 100 letters, digits, . _ and -. That of a file keeps its"
              + " ending, such as readings.csv.gz.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "File, or folder with all files below it, without links.")
  private Path path = Path.of("");

  @Mixin private ServerOptions server;

  @Option(names = "--json", description = "Print the data set as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Uploaded uploaded = server.client().upload(name, path);
    DataSet data = uploaded.data().value();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonOutput.text(uploaded.data().json()));
    } else {
      out.printf("%-10s %s%n", uploaded.fresh() ? "uploaded" : "unchanged", data.name());
      out.printf(
          "files      %s, %s bytes%n",
          DataCommand.bytes(data.files()), DataCommand.bytes(data.bytes()));
      out.println("sha256     " + data.sha256());
      out.println("recipe     data.path = " + data.name());
    }
    out.flush();
    return ExitCode.OK;
  }
}
