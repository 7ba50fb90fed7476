package io.espalier.cli.inspect;

import io.espalier.cli.console.TextTable;
import io.espalier.cli.inspect.NetworkChange.LayerChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

final class NetworkChangeText {
  private static final int LONGEST_BAR = 32;

  private NetworkChangeText() {}

  /** The cost, and the width of each layer as a bar whose full part is the part left. */
  public static String table(NetworkChange change, long fileBytes) {
    TextTable costs = TextTable.withHeader(List.of("before and after", "whole", "now", "change"));
    costs.row(row("multiply-accumulates", change.whole().macs(), change.stored().macs()));
    costs.row(row("parameters", change.whole().values(), change.stored().values()));
    costs.row(row("file, bytes", fileBytesDense(change, fileBytes), fileBytes));
    if (change.isMeasured()) {
      costs.row(
          row(
              "ONNX Runtime, µs an example",
              micros(change.secondsDense().getAsDouble()),
              micros(change.seconds().getAsDouble())));
    }
    if (!change.isCut()) {
      return costs.text();
    }
    int widest = change.layers().stream().mapToInt(LayerChange::widthDense).max().orElse(1);
    TextTable layers =
        TextTable.withHeader(List.of("layer", "whole", "now", "MACs whole", "MACs now", "width"));
    for (LayerChange layer : change.layers()) {
      layers.row(
          List.of(
              layer.name(),
              whole(layer.widthDense()),
              whole(layer.width()),
              whole(layer.macsDense()),
              whole(layer.macs()),
              bar(layer, widest)));
    }
    return costs.text() + "\n\n" + layers.text();
  }

  public static Map<String, Object> json(NetworkChange change, long fileBytes) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("macs", change.stored().macs());
    all.put("macsDense", change.whole().macs());
    all.put("parameters", change.stored().values());
    all.put("parametersDense", change.whole().values());
    all.put("fileBytesDense", fileBytesDense(change, fileBytes));
    if (change.isMeasured()) {
      all.put("onnxSeconds", change.seconds().getAsDouble());
      all.put("onnxSecondsDense", change.secondsDense().getAsDouble());
    }
    all.put("layers", change.layers().stream().map(NetworkChangeText::json).toList());
    return all;
  }

  private static Map<String, Object> json(LayerChange layer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", layer.name());
    fields.put("width", layer.width());
    fields.put("widthDense", layer.widthDense());
    fields.put("macs", layer.macs());
    fields.put("macsDense", layer.macsDense());
    return fields;
  }

  private static long fileBytesDense(NetworkChange change, long fileBytes) {
    return fileBytes + Float.BYTES * (change.whole().values() - change.stored().values());
  }

  private static long micros(double seconds) {
    return Math.round(1e6 * seconds);
  }

  private static List<String> row(String name, long dense, long now) {
    String change =
        now == dense
            ? "the same"
            : String.format(Locale.ROOT, "%+.1f %%", 100.0 * (now - dense) / Math.max(1, dense));
    return List.of(name, whole(dense), whole(now), change.replace('-', '−'));
  }

  private static String bar(LayerChange layer, int widest) {
    int length = Math.max(1, Math.round((float) LONGEST_BAR * layer.widthDense() / widest));
    int left = Math.max(1, Math.round((float) length * layer.width() / layer.widthDense()));
    return "█".repeat(left) + "░".repeat(length - left);
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
