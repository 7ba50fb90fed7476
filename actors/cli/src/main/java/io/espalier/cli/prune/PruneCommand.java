package io.espalier.cli.prune;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.OutputPath;
import io.espalier.cli.console.ProgressLine;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.offline.Calibration;
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
      "Prunes a stored network in one cut, without training.",
      "",
      "Takes a safetensors file of any program, model.safetensors.index.json with its shards, an"
          + " ONNX file, or a directory that holds model.safetensors or that index. Pruned are"
          + " tensors of two or more axes of F32, F16 or BF16; a pruned weight is +0, and all other"
          + " bytes stay as they are, but where a refit changes them. The output appears whole or not"
          + " at all; the same input and options give the same bytes.",
      "",
      "With --calibrate, a model that Espalier wrote or an ONNX file of operators that it knows runs"
          + " on examples: for scores and allocations that look at activations or gradients, for"
          + " --refit and for --pattern channel. What is kept is that of a run whose only update"
          + " comes before its first step.",
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
              + " filters, or one of your own; with --calibrate any, as wanda, taylor or obs.")
  private Optional<String> score = Optional.empty();

  @Option(
      names = "--allocation",
      paramLabel = "ALLOCATION",
      description =
          "How tensors share what is kept: global (default), uniform, uniform-plus, lamp, er, erk,"
              + " erk-plus, balanced, pyramidal, or one of your own; with --calibrate any, as owl.")
  private Optional<String> allocation = Optional.empty();

  @Option(
      names = "--pattern",
      paramLabel = "UNITS",
      description =
          "What is kept or pruned as a whole: weight (default), row, column, filter, \"block 4x4\","
              + " or 2:4, which is any N:M along the inputs and has its own sparsity; with --calibrate"
              + " also channel, whose weights become 0 in their place.")
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
      description = "Seed of scores that are drawn, and of the examples' order (default: 42).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--calibrate",
      paramLabel = "DATA",
      description = {
        "Examples to run the network on: what recipes have under data, as digits or \"{ kind = csv,"
            + " path = t.csv, label = y }\", of which the training examples count; or, for a model"
            + " that Espalier wrote, a file of rows as evaluate --data-path takes."
      })
  private Optional<String> calibrate = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "COLUMN|FILE|folders",
      description =
          "Where the labels of such a file are, as for evaluate. Scores of activations need none.")
  private Optional<String> labels = Optional.empty();

  @Option(
      names = "--calibration-examples",
      paramLabel = "COUNT",
      description =
          "How many examples are drawn (default: 1024). Methods whose batches are given take those.")
  private Optional<Integer> examples = Optional.empty();

  @Option(
      names = "--refit",
      paramLabel = "REFIT",
      description =
          "What makes up for pruned weights, as least-squares, sparsegpt or mean-folding (default:"
              + " none). Needs --calibrate.")
  private Optional<String> refit = Optional.empty();

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
    OfflinePruner pruner = pruner().including(include).excluding(exclude);
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

  private OfflinePruner pruner() {
    String[] keys = keys().toArray(String[]::new);
    if (calibrate.isPresent()) {
      DataHome home = CommandHome.data(EspalierHome.path(), spec.commandLine().getErr());
      return OfflinePruner.calibrated(
          new Calibration(calibrate.get(), labels, examples.orElse(Calibration.EXAMPLES), home),
          keys);
    }
    if (labels.isPresent() || examples.isPresent()) {
      throw new CommandRefusedException(
          "--labels and --calibration-examples are of examples, which --calibrate DATA names");
    }
    return OfflinePruner.of(keys);
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    sparsity.ifPresent(text -> keys.add(key("prune.sparsity", text)));
    score.ifPresent(text -> keys.add(key("prune.score", text)));
    allocation.ifPresent(text -> keys.add(key("prune.allocation", text)));
    pattern.ifPresent(text -> keys.add(key("prune.granularity", text)));
    selection.ifPresent(text -> keys.add(key("prune.selection", text)));
    refit.ifPresent(text -> keys.add(key("prune.refit", text)));
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
