package io.espalier.cli.serve;

import io.espalier.cli.console.TextTable;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.notice.DeliveryException;
import io.espalier.service.notice.Notice;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.notice.NoticeSettings.Destination;
import io.espalier.service.notice.NoticeTransport;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "notify",
    description = "Checks the destinations of notices of this home's service.",
    subcommands = NotifyCommand.Test.class,
    synopsisSubcommandLabel = "COMMAND")
final class NotifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  @Command(
      name = "test",
      description = {
        "Sends a test to one destination of notices, or to all, and prints what each answers.",
        "",
        "It is one attempt from this process, whether the service runs or not. The exit code is 0"
            + " if each destination has taken it, else 1."
      },
      sortOptions = false)
  static final class Test implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "NAME",
        arity = "0..1",
        description = "Destination, as its file names it (default: all).")
    private Optional<String> name = Optional.empty();

    @Mixin private NotifyOptions options;

    @Override
    public Integer call() {
      Path home = EspalierHome.path();
      NoticeSettings settings = options.settings(home);
      List<Destination> chosen = chosen(settings, home);
      Notice notice = Notice.ofTest(InstantSource.system().instant());
      TextTable table = TextTable.withHeader(List.of("destination", "host", "outcome"));
      int failures = 0;
      for (Destination each : chosen) {
        Optional<String> failure = failure(each, settings, notice);
        failures += failure.isPresent() ? 1 : 0;
        table.row(
            List.of(
                each.name(),
                each.kind().host(),
                failure.map(cause -> "failed: " + cause).orElse("delivered")));
      }
      spec.commandLine().getOut().println(table.text());
      return failures == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private List<Destination> chosen(NoticeSettings settings, Path home) {
      if (settings.destinations().isEmpty()) {
        throw new CommandRefusedException(
            "notices must have a destination to be tested: file=%s is not there; write it as docs/service.md shows, or name another with --notify"
                .formatted(NotifyOptions.preset(home)));
      }
      List<Destination> chosen =
          settings.destinations().stream()
              .filter(each -> name.map(each.name()::equals).orElse(true))
              .toList();
      if (chosen.isEmpty()) {
        throw new CommandRefusedException(
            "a destination must be one of the file: name=%s; destinations: %s%s"
                .formatted(
                    name.orElse(""),
                    String.join(", ", settings.names()),
                    NameSuggestion.suggestion(name.orElse(""), settings.names())));
      }
      return chosen;
    }

    private static Optional<String> failure(
        Destination destination, NoticeSettings settings, Notice notice) {
      try {
        NoticeTransport.of(destination, settings.publicUrl(), InstantSource.system())
            .send(notice)
            .toCompletableFuture()
            .join();
        return Optional.empty();
      } catch (CompletionException e) {
        return Optional.of(DeliveryException.text(e));
      }
    }
  }
}
