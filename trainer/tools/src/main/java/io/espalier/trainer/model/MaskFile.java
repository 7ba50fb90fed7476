package io.espalier.trainer.model;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mask set as {@code masks.safetensors}: per prunable parameter one U8 tensor {@code [ceil(units
 * / 8)]} under its name. Unit {@code i}, row-major, is bit {@code i mod 8} of byte {@code i / 8},
 * counted from the least significant; 1 = kept, bits past the end are 0.
 *
 * <p>Metadata: {@code version}, {@code layout} (its digest), {@code shapes} (JSON: axes by name),
 * {@code kept} (JSON: units by name). In Python: {@code numpy.unpackbits(tensor, count=units,
 * bitorder="little").reshape(shape)}.
 */
public final class MaskFile {
  public static final String FORMAT = "espalier-masks-1";

  private MaskFile() {}

  public static void write(Path path, MaskSet masks) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    Map<String, Integer> kept = new LinkedHashMap<>();
    for (ParameterId id : masks.parameters()) {
      Mask mask = masks.mask(id);
      tensors.put(id.name(), StoredTensor.ofBits(mask.size(), mask::isKept));
      shapes.put(id.name(), masks.layout().shape(id).map(ParameterShape::dimensions).orElseThrow());
      kept.put(id.name(), mask.kept());
    }
    Safetensors.write(
        path,
        tensors,
        Metadata.of(FORMAT)
            .putJson("version", masks.version().number())
            .put("layout", masks.layout().digest())
            .putJson("shapes", shapes)
            .putJson("kept", kept)
            .texts());
  }

  public static StoredMasks read(Path path) throws IOException {
    Safetensors file = Safetensors.read(path);
    Metadata metadata = Metadata.of(file.metadata());
    if (!metadata.hasFormat(FORMAT)) {
      throw new MalformedFileException(
          path,
          "must have the metadata of Espalier masks to be used as such: format=%s, expected=%s; its tensors can still be inspected"
              .formatted(file.metadata().getOrDefault(Metadata.FORMAT, "none"), FORMAT));
    }
    try {
      return new StoredMasks(
          metadata.json("version", new TypeReference<Integer>() {}),
          metadata.text("layout"),
          entries(file, metadata));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<StoredMasks.Entry> entries(Safetensors file, Metadata metadata) {
    Map<String, List<Integer>> shapes =
        metadata.json("shapes", new TypeReference<Map<String, List<Integer>>>() {});
    Map<String, Integer> kept = metadata.json("kept", new TypeReference<Map<String, Integer>>() {});
    if (!shapes.keySet().equals(file.tensors().keySet())) {
      throw new IllegalArgumentException(
          "every mask must have a shape: masks=%s, shapes=%s"
              .formatted(file.tensors().keySet(), shapes.keySet()));
    }
    List<StoredMasks.Entry> entries = new ArrayList<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              ParameterShape shape =
                  new ParameterShape(new ParameterId(name), shapes.getOrDefault(name, List.of()));
              entries.add(
                  new StoredMasks.Entry(shape, mask(tensor, shape, kept.getOrDefault(name, -1))));
            });
    return entries;
  }

  private static Mask mask(StoredTensor tensor, ParameterShape shape, int kept) {
    if (tensor.type() != StoredTensor.Type.U8 || tensor.size() != (shape.size() + 7L) / 8) {
      throw new IllegalArgumentException(
          "a mask must have one bit per unit: parameter=%s, units=%d, type=%s, bytes=%d"
              .formatted(shape.id(), shape.size(), tensor.type(), tensor.view().remaining()));
    }
    Mask mask = Mask.of(shape.size(), tensor::bit);
    if (mask.kept() != kept) {
      throw new IllegalArgumentException(
          "a mask must keep as many units as its metadata says: parameter=%s, bits=%d, kept=%d"
              .formatted(shape.id(), mask.kept(), kept));
    }
    return mask;
  }

  /** The content of a mask file; {@code version} counts mask updates. */
  public record StoredMasks(int version, String layoutDigest, List<Entry> entries) {
    public StoredMasks {
      entries = List.copyOf(entries);
    }

    public record Entry(ParameterShape shape, Mask mask) {}

    public long kept() {
      return entries.stream().mapToLong(entry -> entry.mask().kept()).sum();
    }

    public long total() {
      return entries.stream().mapToLong(entry -> entry.mask().size()).sum();
    }
  }
}
