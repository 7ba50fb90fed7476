package io.espalier.cli.runs;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.OutputPath;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.client.RunFile;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "fetch",
    description = {
      "Downloads files of a run of a service, or lists them.",
      "",
      "Without FILE and --out it lists what the run has written. Each file is checked by its"
          + " SHA-256; a download that broke goes on where it ended."
    },
    sortOptions = false)
final class FetchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "Id of a run, or as much of its beginning as makes it clear.")
  private String run = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Names, or patterns such as '*.safetensors' (default with --out: all).")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Where the files go (default: a directory with the id of the run).")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replace files that differ.")
  private boolean force;

  @Mixin private ServerOptions server;

  @Option(names = "--json", description = "Print the files as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServiceClient client = server.client();
    String id = client.find(run);
    Response<List<RunFile>> files = client.files(id);
    if (wanted.isEmpty() && out.isEmpty()) {
      list(files);
    } else {
      fetch(client, id, chosen(files.value()));
    }
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private void list(Response<List<RunFile>> files) {
    if (json) {
      print(JsonOutput.text(files.json()));
      return;
    }
    TextTable table = TextTable.withHeader(List.of("file", "bytes"));
    files
        .value()
        .forEach(
            file ->
                table.row(List.of(file.name(), String.format(Locale.ROOT, "%,d", file.bytes()))));
    print(table.text());
  }

  private void fetch(ServiceClient client, String id, Set<RunFile> chosen)
      throws IOException, InterruptedException {
    Path directory =
        Files.createDirectories(OutputPath.directory(out.orElseGet(() -> Path.of(id)), "--out"));
    List<Map<String, Object>> fetched = new ArrayList<>();
    for (RunFile file : chosen) {
      boolean fresh = client.fetch(id, file, directory, force);
      Path path = directory.resolve(file.name());
      fetched.add(Map.of("name", file.name(), "file", path.toString(), "fetched", fresh));
      if (!json) {
        print("%-9s %s".formatted(fresh ? "fetched" : "unchanged", path));
      }
    }
    if (json) {
      print(JsonOutput.text(fetched));
    }
  }

  private Set<RunFile> chosen(List<RunFile> files) {
    Set<RunFile> chosen = new LinkedHashSet<>(wanted.isEmpty() ? files : List.of());
    for (String pattern : wanted) {
      List<RunFile> matching = files.stream().filter(matching(pattern)::matches).toList();
      if (matching.isEmpty()) {
        throw none(pattern, files);
      }
      chosen.addAll(matching);
    }
    return chosen;
  }

  private interface FileFilter {
    boolean matches(RunFile file);
  }

  private static FileFilter matching(String pattern) {
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return file -> matcher.matches(Path.of(file.name()));
    } catch (PatternSyntaxException e) {
      throw new CommandRefusedException(
          "FILE must be a name or a pattern: FILE=%s, cause=%s"
              .formatted(pattern, e.getDescription()));
    }
  }

  private CommandRefusedException none(String pattern, List<RunFile> files) {
    Set<String> names = files.stream().map(RunFile::name).collect(Collectors.toSet());
    return new CommandRefusedException(
        "FILE must be one that the run has written: FILE=%s%s; 'espalier fetch %s' lists them"
            .formatted(pattern, NameSuggestion.suggestion(pattern, names), run));
  }

  private void print(String text) {
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(text);
  }
}
