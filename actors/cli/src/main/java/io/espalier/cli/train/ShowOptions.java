package io.espalier.cli.train;

import io.espalier.cli.console.RunOptions;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code train} prints, and whether it only prints. */
final class ShowOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each event, for progress and, last, for the result"
              + " (docs/commands.md).")
  private boolean json;

  @Option(names = "--quiet", description = "Print only errors and the line of the result.")
  private boolean quiet;

  @Option(
      names = "--dry-run",
      description =
          "Check recipe and data, print the plan and where the run would write, and write nothing but"
              + " the home's cache of decoded images, if the data are images of a folder.")
  private boolean rehearsal;

  boolean isRehearsal() {
    return rehearsal;
  }

  /** Refuses options that do not go together. */
  void check(RunOptions options) {
    if (quiet && (json || rehearsal)) {
      throw refused("--quiet leaves nothing for --json or --dry-run to print: give one of them");
    }
    if (rehearsal && options.resumed().isPresent()) {
      throw refused(
          "--dry-run goes with a RECIPE: of a run that has begun, recipe.conf has the settings and"
              + " 'espalier report' the state");
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  TrainOutput output(LongSupplier dropped) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter errors = errors();
    if (json) {
      return new JsonLinesOutput(out, errors, System::nanoTime, dropped);
    }
    return quiet
        ? new QuietOutput(out, errors)
        : new TextOutput(out, errors, spec.usageMessage().width());
  }

  /** The data sets of the home, which is made if it is absent. */
  DataHome data() {
    Path home = CommandHome.create();
    return quiet ? DataHome.of(home) : CommandHome.data(home, errors());
  }

  /** The data sets that are there; nothing is fetched. */
  DataHome dataThatStays() {
    DataHome here = CommandHome.data(EspalierHome.path(), errors());
    DataHome.DataListener shown = here.listener();
    return here.reportingTo(
        new DataHome.DataListener() {
          @Override
          public void progressed(String file, long bytes, OptionalLong total) {
            shown.progressed(file, bytes, total);
          }

          @Override
          public void decoded(Path folder, int images, int total) {
            shown.decoded(folder, images, total);
          }

          @Override
          public void noticed(String notice) {
            shown.noticed(notice);
          }

          @Override
          public void fetching(URI address) {
            throw new CommandRefusedException(
                "data must be here to be checked without a download: data.url=%s; train without --dry-run fetches them"
                    .formatted(address));
          }
        });
  }

  private PrintWriter errors() {
    return spec.commandLine().getErr();
  }
}
