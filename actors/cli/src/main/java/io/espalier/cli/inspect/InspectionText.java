package io.espalier.cli.inspect;

import io.espalier.cli.console.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

final class InspectionText {
  private static final int MOST_ROWS = 500;

  private InspectionText() {}

  static String table(Inspection inspection) {
    TextTable facts = TextTable.withoutHeader().row(List.of("file", inspection.file().toString()));
    inspection
        .facts()
        .forEach((name, value) -> facts.row(List.of(label(name), shown(name, value))));
    boolean types = showsTypes(inspection);
    TextTable tensors =
        TextTable.withHeader(
            List.of(
                "parameter", types ? "type, shape" : "shape", "units", "kept", "density", "bytes"));
    inspection.tensors().stream()
        .limit(MOST_ROWS)
        .forEach(tensor -> tensors.row(row(tensor, types)));
    int more = inspection.tensors().size() - MOST_ROWS;
    if (more > 0) {
      tensors.row(List.of("… " + whole(more) + " more: see --json", "", "", "", "", ""));
    }
    tensors.row(row("total", "", inspection.units(), inspection.kept(), inspection.tensorBytes()));
    return facts.text() + "\n\n" + tensors.text() + "\n\n" + sizes(inspection);
  }

  static Map<String, Object> json(Inspection inspection) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", inspection.file().toString());
    all.putAll(inspection.facts());
    all.put("parameters", inspection.tensors().stream().map(InspectionText::json).toList());
    all.put("units", inspection.units());
    all.put("kept", inspection.kept());
    all.put("tensorBytes", inspection.tensorBytes());
    all.put("denseBytes", inspection.denseBytes());
    all.put("sparseBytes", inspection.sparseBytes());
    all.put("fileBytes", inspection.fileBytes());
    return all;
  }

  private static Map<String, Object> json(Inspection.Tensor tensor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", tensor.name());
    fields.put("type", tensor.type());
    fields.put("shape", tensor.shape());
    fields.put("units", tensor.units());
    fields.put("kept", tensor.kept());
    fields.put("density", tensor.density());
    fields.put("bytes", tensor.bytes());
    return fields;
  }

  private static boolean showsTypes(Inspection inspection) {
    return inspection.tensors().stream()
        .map(Inspection.Tensor::type)
        .anyMatch(type -> !type.equals("F32") && !type.equals(Inspection.Tensor.BIT));
  }

  private static List<String> row(Inspection.Tensor tensor, boolean types) {
    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining("×"));
    return row(
        tensor.name(),
        types ? (tensor.type() + " " + shape).strip() : shape,
        tensor.units(),
        tensor.kept(),
        tensor.bytes());
  }

  private static List<String> row(String name, String shape, long units, long kept, long bytes) {
    double density = units == 0 ? 1 : (double) kept / units;
    return List.of(
        name,
        shape,
        whole(units),
        whole(kept),
        String.format(Locale.ROOT, "%.2f %%", 100 * density),
        whole(bytes));
  }

  private static String sizes(Inspection inspection) {
    String file = "file of " + whole(inspection.fileBytes()) + " bytes";
    if (inspection.tensorBytes() < inspection.denseBytes()) {
      return String.format(
          Locale.ROOT,
          "%s, %.1f× smaller than its tensors with their zeros: %s bytes",
          file,
          (double) inspection.denseBytes() / inspection.fileBytes(),
          whole(inspection.denseBytes()));
    }
    return inspection.sparseBytes() == inspection.tensorBytes()
        ? file
        : String.format(
            Locale.ROOT,
            "%s%nkept values and packed masks alone: %s bytes, %.1f× smaller than the tensors",
            file,
            whole(inspection.sparseBytes()),
            (double) inspection.tensorBytes() / inspection.sparseBytes());
  }

  private static String label(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static String shown(String name, Object value) {
    if (name.equals("sparsity") || name.equals(Inspection.BEST_ACCURACY)) {
      return String.format(Locale.ROOT, "%.2f %%", 100 * (Double) value);
    }
    return value instanceof Long number ? whole(number) : String.valueOf(value);
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
