package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.MaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = {
      "Shows what a stored network holds: parameters, shapes, densities, sizes; the first 500"
          + " parameters, or with --json all.",
      "",
      "Takes a run directory, a model file, dense or sparse, a mask file, or any safetensors file.",
      "Of a model whose channels were cut out it also shows what the whole network had: widths of"
          + " layers, multiply-accumulates, parameters, and with --latency the time in ONNX"
          + " Runtime.",
      "",
      "With --groups: which channels can only be cut together, from which axes of which"
          + " parameters, what one of them costs, and why some must stay. Takes a run directory, a"
          + " model file, or a recipe: a file or a shipped name, whose data are read."
    })
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR|FILE|RECIPE",
      description = "Run directory or safetensors file; with --groups also a recipe.")
  private String named = "";

  @Option(names = "--groups", description = "Show the groups of channels instead.")
  private boolean groups;

  @Option(
      names = "--latency",
      description = "Also measure a model and its whole network in ONNX Runtime, on one thread.")
  private boolean latency;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    spec.commandLine().getOut().println(groups ? groups() : tensors());
    return ExitCode.OK;
  }

  private String tensors() throws IOException {
    if (NamedRecipe.is(named)) {
      throw new CommandRefusedException(
          "a recipe has no values to show: recipe=%s; inspect %s --groups shows its channels"
              .formatted(named, named));
    }
    NamedFile file = NamedFile.of(Path.of(named));
    Inspection inspection = Inspection.of(file);
    Optional<NetworkChange> change =
        inspection.isModel() ? NetworkChange.of(file.path(), latency) : Optional.empty();
    if (latency && change.isEmpty()) {
      throw new CommandRefusedException(
          "--latency must be asked of a model file that describes its network, whose recipe names"
              + " the whole one: file="
              + file.path());
    }
    if (change.isPresent() && change.get().isCut() && file.masks().isPresent()) {
      inspection = inspection.beforeCuts(MaskFile.read(file.masks().get()), change.get().whole());
    }
    return json ? json(inspection, change) : table(inspection, change);
  }

  private String table(Inspection inspection, Optional<NetworkChange> change) {
    return InspectionText.table(inspection)
        + change
            .filter(each -> each.isCut() || latency)
            .map(each -> "\n\n" + NetworkChangeText.table(each, inspection.fileBytes()))
            .orElse("");
  }

  private static String json(Inspection inspection, Optional<NetworkChange> change) {
    Map<String, Object> all = InspectionText.json(inspection);
    change.ifPresent(
        each -> all.put("network", NetworkChangeText.json(each, inspection.fileBytes())));
    return JsonOutput.text(all);
  }

  private String groups() throws IOException {
    Optional<String> recipe = NamedRecipe.of(named);
    GroupsText text =
        new GroupsText(
            recipe.isPresent()
                ? NamedNetwork.ofRecipe(recipe.get(), dataHome())
                : NamedNetwork.ofModel(NamedFile.of(Path.of(named)).path()));
    return json ? JsonOutput.text(text.json()) : text.table();
  }

  private DataHome dataHome() {
    return CommandHome.data(EspalierHome.path(), spec.commandLine().getErr());
  }
}
