package io.espalier.cli.prune;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.OutputPath;
import io.espalier.cli.console.ProgressLine;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.offline.OfflinePruner;
import io.espalier.trainer.offline.PrunedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prunes the weights of a stored network in one cut. */
@Command(
    name = "prune",
    description = {
      "Prunes a stored network in one cut, without training or data.",
      "",
      "Takes a safetensors file of any program, model.safetensors.index.json with its shards, an"
          + " ONNX file, or a directory that holds model.safetensors or that index. Pruned are"
          + " tensors of two or more axes of F32, F16 or BF16; a pruned weight is +0, and all other"
          + " bytes stay as they are. The output appears whole or not at all; the same input and"
          + " options give the same bytes.",
      "",
      "Options take what recipes have under prune: a name, or a name with settings, such as"
          + " \"{ kind = er, power = 2 }\". Members of your own are found as in training."
    },
    sortOptions = false)
public final class PruneCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "IN", description = "File or directory to read.")
  private Path in = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "File to write; of an index with shards, a new directory.")
  private Path out = Path.of("");

  @Option(
      names = "--sparsity",
      paramLabel = "SHARE",
      description = "Share of the weights to prune, as 90%% or 0.9 (default: 90%%).")
  private Optional<String> sparsity = Optional.empty();

  @Option(
      names = "--score",
      paramLabel = "SCORE",
      description =
          "What ranks weights: magnitude (default), lamp, random, geometric-median of rows and"
              + " filters, or one of your own that asks for no data.")
  private Optional<String> score = Optional.empty();

  @Option(
      names = "--allocation",
      paramLabel = "ALLOCATION",
      description =
          "How tensors share what is kept: global (default), uniform, uniform-plus, lamp, er, erk,"
              + " erk-plus, balanced, pyramidal, or one of your own.")
  private Optional<String> allocation = Optional.empty();

  @Option(
      names = "--pattern",
      paramLabel = "UNITS",
      description =
          "What is kept or pruned as a whole: weight (default), row, column, filter, \"block 4x4\","
              + " or 2:4, which is any N:M along the inputs and has its own sparsity.")
  private Optional<String> pattern = Optional.empty();

  @Option(
      names = "--selection",
      paramLabel = "SELECTION",
      description = "Which weights of a tensor: free (default), or per-row.")
  private Optional<String> selection = Optional.empty();

  @Option(
      names = "--min-keep",
      paramLabel = "SHARE",
      description =
          "Share of each tensor that is kept in any case, at least one weight (default: 0.5%%).")
  private Optional<String> minKeep = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Seed of scores that are drawn (default: 1).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Prune only tensors of such names, as \"*.mlp.*\"; may be repeated.")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave tensors of such names dense, as \"lm_head*\"; may be repeated.")
  private List<String> exclude = List.of();

  @Option(
      names = "--masks",
      paramLabel = "FILE",
      description = "Also write the masks, one bit per weight.")
  private Optional<Path> masks = Optional.empty();

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    OfflinePruner pruner =
        OfflinePruner.of(keys().toArray(String[]::new)).including(include).excluding(exclude);
    Path source = OfflinePruner.source(in);
    requireOutputs(source);
    OfflinePruner complete = masks.map(pruner::writingMasks).orElse(pruner);
    try (InterruptibleOutput output = InterruptibleOutput.of(out, masks)) {
      ProgressLine line = ProgressLine.of(spec.commandLine().getErr());
      PrunedNetwork pruned = complete.prune(source, out, output.stopping(new PruneLine(line)));
      line.clear();
      spec.commandLine()
          .getOut()
          .println(
              json
                  ? JsonOutput.text(PrunedText.json(source, out, masks, pruned))
                  : PrunedText.table(out, pruned));
      return 0;
    } catch (CancellationException e) {
      return INTERRUPTED;
    }
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    sparsity.ifPresent(text -> keys.add(key("prune.sparsity", text)));
    score.ifPresent(text -> keys.add(key("prune.score", text)));
    allocation.ifPresent(text -> keys.add(key("prune.allocation", text)));
    pattern.ifPresent(text -> keys.add(key("prune.granularity", text)));
    selection.ifPresent(text -> keys.add(key("prune.selection", text)));
    minKeep.ifPresent(text -> keys.add(key("prune.min-keep", text)));
    seed.ifPresent(number -> keys.add("seed=" + number));
    return keys;
  }

  private static String key(String path, String text) {
    return path + "=" + (text.strip().startsWith("{") ? text : JsonOutput.line(text));
  }

  private void requireOutputs(Path source) throws IOException {
    if (OfflinePruner.isIndex(source)) {
      if (Files.exists(out)) {
        throw new CommandRefusedException(
            "the directory to write must not exist yet: directory=%s; choose another, or remove it"
                .formatted(out));
      }
      OutputPath.directory(out, "-o");
    } else {
      OutputPath.file(out, source, force);
    }
    if (masks.isPresent()) {
      OutputPath.file(masks.get(), source, force);
      if (masks.get().toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize())) {
        throw new CommandRefusedException(
            "masks and network must be two files: file=%s; choose another for --masks"
                .formatted(out));
      }
    }
  }
}
