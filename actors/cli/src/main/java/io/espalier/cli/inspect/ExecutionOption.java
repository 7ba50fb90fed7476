package io.espalier.cli.inspect;

import io.espalier.configs.RunConfig;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.StoredModel;
import picocli.CommandLine.Option;

/** What computes a stored network. */
final class ExecutionOption {
  @Option(
      names = "--execution",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = {
        "engine, with all weights; java, with kept weights only, in plain Java and without the"
            + " engine, to the same labels within rounding; or auto (default): java for a file"
            + " of export --format sparse and for a run of train.execution = java, else engine."
      })
  private String execution = "";

  LoadedModel load(StoredModel stored, RunConfig config) throws MalformedFileException {
    return switch (execution) {
      case "auto" -> stored.load(config);
      case "engine" -> stored.load(config, Execution.ENGINE);
      case "java", "sparse" -> stored.load(config, Execution.JAVA);
      default ->
          throw new CommandRefusedException(
              "execution must be one of engine, java, auto: execution=" + execution);
    };
  }
}
