package io.espalier.cli.prune;

import io.espalier.cli.console.TextTable;
import io.espalier.trainer.offline.PrunedNetwork;
import io.espalier.trainer.offline.PrunedTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class PrunedText {
  private static final int MOST_ROWS = 500;
  private static final List<String> HEADER =
      List.of("parameter", "type, shape", "weights", "kept", "density");

  private PrunedText() {}

  static String table(Path out, PrunedNetwork pruned) {
    boolean ran = pruned.tensors().stream().anyMatch(each -> each.outputError().isPresent());
    TextTable table = TextTable.withHeader(cells(ran, HEADER, "output error"));
    pruned.tensors().stream().limit(MOST_ROWS).forEach(tensor -> table.row(row(tensor, ran)));
    int more = pruned.tensors().size() - MOST_ROWS;
    if (more > 0) {
      table.row(cells(ran, List.of("… " + whole(more) + " more: see --json", "", "", "", ""), ""));
    }
    table.row(cells(ran, row("total", "", pruned.prunable(), pruned.kept()), ""));
    return table.text()
        + String.format(
            Locale.ROOT,
            "%n%n%s  %,d bytes, sparsity %.2f %%; tensors left as they were: %,d",
            out,
            pruned.bytes(),
            100 * pruned.sparsity(),
            pruned.others());
  }

  static Map<String, Object> json(Path in, Path out, Optional<Path> masks, PrunedNetwork pruned) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("input", in.toString());
    all.put("output", out.toString());
    masks.ifPresent(path -> all.put("masks", path.toString()));
    all.put("prunable", pruned.prunable());
    all.put("kept", pruned.kept());
    all.put("sparsity", pruned.sparsity());
    all.put("otherTensors", pruned.others());
    all.put("bytes", pruned.bytes());
    all.put("tensors", pruned.tensors().stream().map(PrunedText::json).toList());
    return all;
  }

  private static Map<String, Object> json(PrunedTensor tensor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", tensor.name());
    fields.put("type", tensor.type().name());
    fields.put("shape", tensor.dimensions());
    fields.put("weights", tensor.size());
    fields.put("kept", tensor.kept());
    fields.put("density", tensor.density());
    tensor.outputError().ifPresent(error -> fields.put("outputError", error));
    return fields;
  }

  private static List<String> cells(boolean ran, List<String> cells, String outputError) {
    return ran ? Stream.concat(cells.stream(), Stream.of(outputError)).toList() : cells;
  }

  private static List<String> row(PrunedTensor tensor, boolean ran) {
    String shape =
        tensor.dimensions().stream().map(String::valueOf).collect(Collectors.joining("×"));
    return cells(
        ran,
        row(tensor.name(), tensor.type() + " " + shape, tensor.size(), tensor.kept()),
        tensor.outputError().map(each -> String.format(Locale.ROOT, "%.5f", each)).orElse(""));
  }

  private static List<String> row(String name, String shape, long weights, long kept) {
    double density = weights == 0 ? 1 : (double) kept / weights;
    return List.of(
        name,
        shape,
        whole(weights),
        whole(kept),
        String.format(Locale.ROOT, "%.2f %%", 100 * density));
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
